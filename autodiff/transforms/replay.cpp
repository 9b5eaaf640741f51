#include <autodiff/transforms/replay.hpp>

#include <autodiff/error.hpp>
#include <autodiff/random.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace autodiff::detail {

namespace {

Shape shape_of(const AnyArray& array)
{
    return std::visit(
        []<class A>(const A& x) {
            if constexpr (std::same_as<A, std::monostate>) return Shape();
            else return x.shape();
        },
        array);
}

template <class U>
Array<U> copy_of(const Array<U>& x)
{
    Array<U> copy = Array<U>::uninitialized(x.shape());
    copy_elements(x, copy.writable());
    return copy;
}

template <class T>
bool have_equal_bits(const Tensor<T>& a, const Tensor<T>& b)
{
    const Array<T> x = a.array().contiguous(), y = b.array().contiguous();
    return x.shape() == y.shape() &&
           (x.size() == 0 ||
            std::memcmp(x.data(), y.data(), static_cast<std::size_t>(x.size()) * sizeof(T)) == 0);
}

/// For a scope, copies of a model's tensors in their place: the program must not take a tensor that shares
/// their elements for them.
template <class T>
class Copied {
public:
    explicit Copied(const std::vector<Parameter<T>>& tensors) : tensors_(tensors)
    {
        for (const Parameter<T>& p : tensors) {
            originals_.push_back(*p.tensor);
            *p.tensor = Tensor<T>(copy_of(p.tensor->array()));
        }
    }
    Copied(const Copied&) = delete;
    Copied& operator=(const Copied&) = delete;
    ~Copied()
    {
        for (std::size_t i = 0; i < originals_.size(); ++i) *tensors_[i].tensor = std::move(originals_[i]);
    }
    std::vector<Program::Slot> add_to(Program& program) const
    {
        std::vector<Program::Slot> slots;
        for (const Parameter<T>& p : tensors_) slots.push_back(program.add_input(p.tensor->array()));
        return slots;
    }

private:
    const std::vector<Parameter<T>>& tensors_;
    std::vector<Tensor<T>> originals_;
};

}  // namespace

template <class T>
bool Replayer<T>::fits(const Recorded& recorded, std::span<const AnyArray> arguments) const
{
    if (recorded.kinds.size() != arguments.size() || recorded.is_training != current_keys.is_training)
        return false;
    auto shape = recorded.shapes.begin();
    const auto next_is = [&](const Shape& other) { return *shape++ == other; };
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (recorded.kinds[i] != arguments[i].index() || !next_is(shape_of(arguments[i]))) return false;
    const auto fits_tensor = [&](const Parameter<T>& p) { return next_is(p.tensor->shape()); };
    return std::ranges::all_of(parameters_, fits_tensor) &&
           std::ranges::all_of(parameters_.state, fits_tensor);
}

/// The recording for these arguments, which becomes the last one.
template <class T>
typename Replayer<T>::Recorded* Replayer<T>::find(std::span<const AnyArray> arguments)
{
    const auto found =
        std::ranges::find_if(recorded_, [&](const auto& each) { return fits(*each, arguments); });
    if (found == recorded_.end()) return nullptr;
    std::rotate(found, found + 1, recorded_.end());
    return recorded_.back().get();
}

template <class T>
typename Replayer<T>::Result Replayer<T>::capture(std::span<const AnyArray> arguments, const Record& record)
{
    auto of = std::make_unique<Recorded>();
    of->is_training = current_keys.is_training;
    for (const AnyArray& x : arguments) {
        of->kinds.push_back(x.index());
        of->shapes.push_back(shape_of(x));
    }
    for (const Parameter<T>& p : parameters_) of->shapes.push_back(p.tensor->shape());
    for (const Parameter<T>& p : parameters_.state) of->shapes.push_back(p.tensor->shape());

    std::vector<AnyArray> copies;
    for (const AnyArray& x : arguments)
        std::visit(
            [&]<class A>(const A& array) {
                if constexpr (!std::same_as<A, std::monostate>) {
                    copies.emplace_back(copy_of(array));
                    of->arguments.push_back(of->program.add_input(std::get<A>(copies.back())));
                }
            },
            x);
    std::vector<Tensor<T>> results;
    {
        const Copied<T> parameters(parameters_), state(parameters_.state);
        of->parameters = parameters.add_to(of->program);
        of->state = state.add_to(of->program);
        const CaptureScope scope(&of->program);
        Result result = record(copies);
        results.push_back(std::move(result.value));
        std::ranges::move(result.gradient, std::back_inserter(results));
        for (const Parameter<T>& p : parameters_.state) results.push_back(*p.tensor);
    }
    std::vector<Program::Slot> kept;
    for (const Tensor<T>& result : results) {
        of->results.push_back(of->program.operand("the result", result.array()));
        kept.push_back(of->results.back().slot);
    }
    of->program.finish(kept);

    constexpr std::size_t most = 8;
    if (recorded_.size() == most) recorded_.erase(recorded_.begin());
    recorded_.push_back(std::move(of));
    return with_state_set(std::move(results));
}

template <class T>
std::vector<Tensor<T>> Replayer<T>::replayed(Recorded& of, std::span<const AnyArray> arguments) const
{
    for (std::size_t i = 0; i < arguments.size(); ++i)
        std::visit(
            [&]<class A>(const A& x) {
                if constexpr (!std::same_as<A, std::monostate>) of.program.bind(of.arguments[i], x);
            },
            arguments[i]);
    for (std::size_t i = 0; i < parameters_.size(); ++i)
        of.program.bind(of.parameters[i], parameters_[i].tensor->array());
    for (std::size_t i = 0; i < parameters_.state.size(); ++i)
        of.program.bind(of.state[i], parameters_.state[i].tensor->array());
    of.program.run();
    std::vector<Tensor<T>> results;
    results.reserve(of.results.size());
    for (const Program::Operand<T>& result : of.results) results.emplace_back(of.program.get(result));
    for (const Program::Operand<T>& result : of.results) of.program.release(result.slot);
    return results;
}

template <class T>
typename Replayer<T>::Result Replayer<T>::with_state_set(std::vector<Tensor<T>> results) const
{
    const std::size_t gradients = parameters_.size();
    for (std::size_t i = 0; i < parameters_.state.size(); ++i)
        *parameters_.state[i].tensor = std::move(results[1 + gradients + i]);
    results.resize(1 + gradients);
    Tensor<T> value = std::move(results.front());
    results.erase(results.begin());
    return {std::move(value), std::move(results)};
}

template <class T>
typename Replayer<T>::Result Replayer<T>::checked(std::vector<Tensor<T>> replayed, std::size_t runs,
                                                  std::span<const AnyArray> arguments, const Record& record)
{
    Result result = record(arguments);
    bool are_equal = have_equal_bits(result.value, replayed[0]);
    for (std::size_t i = 0; i < result.gradient.size(); ++i)
        are_equal &= have_equal_bits(result.gradient[i], replayed[1 + i]);
    for (std::size_t i = 0; i < parameters_.state.size(); ++i)
        are_equal &= have_equal_bits(*parameters_.state[i].tensor, replayed[1 + result.gradient.size() + i]);
    if (!are_equal) {
        recorded_.pop_back();
        fail<ReplayError>(
            "replay: run {} of the step gave other numbers than recording it again: it depends on something "
            "besides its arguments and parameters, such as a number of the program; pass it as an argument",
            runs);
    }
    return result;
}

template <class T>
typename Replayer<T>::Result Replayer<T>::run(std::span<const AnyArray> arguments, const Record& record)
{
    if (recorder<TensorSpace<T>>.recording() || capturing)
        fail<RecordingError>(
            "replay: a step cannot be replayed within a recording; use value_and_gradient there");
    const auto is_stretched = [](const Parameter<T>& p) { return !p.tensor->array().is_contiguous(); };
    if (watch) return record(arguments);  // a replay has no ops
    if (std::ranges::any_of(parameters_, is_stretched) ||
        std::ranges::any_of(parameters_.state, is_stretched))
        return record(arguments);  // as a weight is that has no value yet
    Recorded* const of = find(arguments);
    if (!of) return capture(arguments, record);
    const std::size_t runs = ++of->runs + 1;
    std::vector<Tensor<T>> results = replayed(*of, arguments);
    if (std::has_single_bit(runs)) return checked(std::move(results), runs, arguments, record);
    return with_state_set(std::move(results));
}

template class Replayer<double>;
template class Replayer<float>;

}  // namespace autodiff::detail
