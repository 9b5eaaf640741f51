#pragma once

// Programs: the kernels that a computation called, in order, to be run again on other numbers. While one is
// captured, each kernel adds itself as a step (`replayable`), and whatever would make a second run wrong is
// refused: an array that no step has made, and reading numbers, on which the course of the computation may
// depend.

#include <autodiff/array.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace autodiff {

/// What a slot of a program holds.
using AnyArray = std::variant<std::monostate, Array<double>, Array<float>, Array<Index>, Array<bool>>;

namespace detail {

/// An array that holds its elements, and all of them: x, or a copy.
template <class T>
Array<T> owned(Array<T> x)
{
    if (x.is_owner()) return x;
    Array<T> copy = Array<T>::uninitialized(x.shape());
    copy_elements(x, copy.writable());
    return copy;
}
template <class... T>
std::tuple<Array<T>...> owned(std::tuple<Array<T>...> x)
{
    return std::apply([](Array<T>&... each) { return std::tuple(owned(std::move(each))...); }, x);
}
/// x, or a copy if it looks at what others own and may change.
template <class T>
Array<T> lasting(Array<T> x)
{
    return x.is_borrowed() ? owned(std::move(x)) : x;
}

}  // namespace detail

/// The ops of a step, recorded once as calls of kernels, with slots for their arrays; run again on other
/// input without recording, dispatch or, where arrays are offered, allocation.
class Program {
public:
    /// Counted from 0, in the order in which arrays turned up.
    using Slot = std::uint32_t;

    /// Where a step finds an array: the elements in a slot, or a view of them.
    template <class T>
    struct Operand {
        Slot slot;        ///< of the array that holds the elements
        bool is_whole;    ///< whether it is that array, not a view of it
        Shape shape;      ///< of what the step is given
        Strides strides;  ///< in elements
        Index offset;     ///< in elements, from the first of the array
    };

    // ---------------------------------------- capturing

    /// A slot for an array that is there before the program runs.
    template <class T>
    Slot add_input(const Array<T>& x)
    {
        const Slot slot = new_slot(x);
        slots_of_[slot].kind = Kind::input;
        values_[slot] = Array<T>::borrowed(x.data(), x.shape(), x.strides());
        return slot;
    }
    /// An array whose elements are the same in every run.
    template <class T>
    void add_constant(const Array<T>& x)
    {
        set_constant(new_slot(x), x);
    }
    /// Where this array will be. @throws ReplayError naming `op` if no step has made it.
    template <class T>
    Operand<T> operand(const char* op, const Array<T>& x)
    {
        const Slot slot = slot_of(op, x.storage(), x.size());
        if (x.size() == 0) set_constant(slot, x);
        slots_of_[slot].last_use = steps_.size();
        const Index offset = x.data() - static_cast<const T*>(x.storage());
        const bool is_whole = offset == 0 && x.is_owner();
        return {slot, is_whole, x.shape(), x.strides(), offset};
    }
    /// Where each of these arrays will be.
    template <class T>
    std::vector<Operand<T>> operand(const char* op, const std::vector<Array<T>>& arrays)
    {
        std::vector<Operand<T>> all;
        for (const Array<T>& x : arrays) all.push_back(operand(op, x));
        return all;
    }
    /// A step: results = kernel(arguments…), of which arrays, and vectors of them, are operands. What depends
    /// on constants only is itself constant.
    template <class Kernel, class Results, class... A>
    void add(const char* op, Kernel kernel, const Results& results, const A&... arguments);
    /// An array at this address is gone, or a new one is there.
    void forget(const void* storage) { slots_.erase(storage); }
    /// After the last step. Values are released after their last use, but for the results, unless all are so
    /// small that they may stay, and be overwritten by the next run.
    void finish(const std::vector<Slot>& results);

    // ---------------------------------------- running

    /// The elements of an input, which must be contiguous and stay until the program has run.
    template <class T>
    void bind(Slot input, const Array<T>& x)
    {
        whole<T>(input).look_at(x.data());
    }
    /// Runs all steps on the inputs that were bound.
    void run();
    /// A result of the last run.
    template <class T>
    Array<T> get(const Operand<T>& x)
    {
        const Array<T>& all = whole<T>(x.slot);
        return detail::lasting(x.is_whole ? all : all.view(x.shape, x.strides, x.offset));
    }
    /// Lets go of a result, where it does not stay.
    void release(Slot slot)
    {
        if (!values_stay_ && slots_of_[slot].kind == Kind::computed) values_[slot] = std::monostate();
    }

    /// How many steps it has.
    std::size_t size() const { return steps_.size(); }

private:
    enum class Kind { input, constant, computed };
    struct SlotInfo {
        Kind kind = Kind::computed;
        std::size_t last_use = 0;  ///< the step
    };
    struct Step {
        virtual ~Step() = default;
        virtual void run(Program& program) = 0;
        std::vector<Slot> released;
    };
    template <class Kernel, class Results, class Arguments>
    struct StepOf;
    template <class T>
    struct Kept;
    template <class T>
    struct KeptAll;
    template <class T>
    class Offer;

    static constexpr Index most_that_stays = Index{1} << 18;     // bytes: within the second cache
    static constexpr Index most_of_a_constant = Index{1} << 16;  // bytes computed once rather than each time

    template <class T>
    static Index bytes_of(const Array<T>& x)
    {
        return x.size() * static_cast<Index>(sizeof(T));
    }
    template <class T>
    Slot new_slot(const Array<T>& x)
    {
        slots_[x.storage()] = static_cast<Slot>(values_.size());
        return new_slot();
    }
    Slot new_slot();
    Slot slot_of(const char* op, const void* storage, Index size);
    template <class T>
    void set_constant(Slot slot, const Array<T>& x)
    {
        slots_of_[slot].kind = Kind::constant;
        values_[slot] = x;
    }
    template <class T>
    Array<T>& whole(Slot slot)
    {
        return *std::get_if<Array<T>>(&values_[slot]);
    }

    // An argument of a kernel as a step keeps it, as it is handed on, and whether it is always the same.
    template <class A>
    static A kept(const A& argument)
    {
        return argument;
    }
    template <class T>
    static Kept<T> kept(const Operand<T>& x)
    {
        return {x, {}};
    }
    template <class T>
    static KeptAll<T> kept(const std::vector<Operand<T>>& all)
    {
        return {all, {}};
    }
    template <class A>
    A operand(const char*, const A& argument)
    {
        return argument;
    }
    template <class A>
    const A& given(const A& argument)
    {
        return argument;
    }
    template <class T>
    const Array<T>& given(Kept<T>& x);
    template <class T>
    const std::vector<Array<T>>& given(KeptAll<T>& all);
    template <class A>
    bool is_constant(const A&) const
    {
        return true;
    }
    template <class T>
    bool is_constant(const Operand<T>& x) const
    {
        return slots_of_[x.slot].kind == Kind::constant;
    }
    template <class T>
    bool is_constant(const std::vector<Operand<T>>& all) const
    {
        return std::ranges::all_of(all, [this](const Operand<T>& x) { return is_constant(x); });
    }

    std::vector<std::unique_ptr<Step>> steps_;
    std::vector<AnyArray> values_;
    std::vector<SlotInfo> slots_of_;
    std::unordered_map<const void*, Slot> slots_;
    Index bytes_ = 0;  ///< of all that is computed
    bool values_stay_ = false;
};

/// Kernels of this thread become steps of the program while this lives.
class CaptureScope {
public:
    explicit CaptureScope(Program* program) : before_(std::exchange(detail::capturing, program)) {}
    CaptureScope(const CaptureScope&) = delete;
    CaptureScope& operator=(const CaptureScope&) = delete;
    ~CaptureScope() { detail::capturing = before_; }

private:
    Program* before_;
};

/// kernel(arguments…), which is also a step of the program that is being captured, if one is. The kernel
/// returns an array or a tuple of them, depends on nothing but its arguments, and changes none of them.
template <class Kernel, class... A>
auto replayable(const char* op, const Kernel& kernel, const A&... arguments)
{
    Program* const program = detail::capturing;
    if (!program) [[likely]]
        return kernel(arguments...);
    auto results = [&] {
        const CaptureScope nothing(nullptr);  // what the kernel calls is part of it
        return detail::owned(kernel(arguments...));
    }();
    program->add(op, kernel, results, arguments...);
    return results;
}

namespace detail {

template <class T>
std::tuple<const Array<T>&> arrays_of(const Array<T>& x)
{
    return {x};
}
template <class... T>
const std::tuple<Array<T>...>& arrays_of(const std::tuple<Array<T>...>& x)
{
    return x;
}

}  // namespace detail

/// An operand of a step. A view of what is in the slot is kept, too, and shown where that is.
template <class T>
struct Program::Kept {
    Operand<T> of;
    std::optional<Array<T>> view;
};

template <class T>
const Array<T>& Program::given(Kept<T>& x)
{
    const Array<T>& all = whole<T>(x.of.slot);
    if (x.of.is_whole) return all;
    const T* const first = all.data() + x.of.offset;
    if (x.view) x.view->look_at(first);
    else x.view = Array<T>::borrowed(first, x.of.shape, x.of.strides);
    return *x.view;
}

/// Several operands of a step that are one argument, all of them as views.
template <class T>
struct Program::KeptAll {
    std::vector<Operand<T>> of;
    std::vector<Array<T>> views;
};

template <class T>
const std::vector<Array<T>>& Program::given(KeptAll<T>& all)
{
    const bool are_new = all.views.empty();
    for (std::size_t i = 0; i < all.of.size(); ++i) {
        const Operand<T>& x = all.of[i];
        const T* const first = whole<T>(x.slot).data() + x.offset;
        if (are_new) all.views.push_back(Array<T>::borrowed(first, x.shape, x.strides));
        else all.views[i].look_at(first);
    }
    return all.views;
}

/// The next new array of this shape is that one, for a scope.
template <class T>
class Program::Offer {
public:
    explicit Offer(Array<T>* array) { detail::offered<T> = array; }
    Offer(const Offer&) = delete;
    Offer& operator=(const Offer&) = delete;
    ~Offer() { detail::offered<T> = nullptr; }
};

/// The call of a kernel with what its slots hold.
template <class Kernel, std::size_t... R, class... Arguments>
struct Program::StepOf<Kernel, std::index_sequence<R...>, std::tuple<Arguments...>> final : Program::Step {
    StepOf(Kernel k, std::array<Slot, sizeof...(R)> to, std::tuple<Arguments...> from)
        : kernel(std::move(k)), results(to), arguments(std::move(from))
    {
    }
    /// The results from what the slots hold now, in arrays of their own.
    auto made(Program& program)
    {
        return std::apply(
            [&](Arguments&... argument) { return detail::owned(kernel(program.given(argument)...)); },
            arguments);
    }
    /// Puts what the kernel returns into the slots of the results.
    void run(Program& program) override
    {
        using Made = decltype(made(program));
        if constexpr (std::constructible_from<AnyArray, Made>)
            run_in_place<Made>(program.values_[results[0]], program);
        else {
            auto arrays = made(program);
            ((program.values_[results[R]] = std::move(std::get<R>(arrays))), ...);
        }
    }
    /// The array of the last run is offered, so that nothing is allocated.
    template <class Made>
    void run_in_place(AnyArray& value, Program& program)
    {
        using T = typename Made::value_type;
        Made* const last = std::get_if<Made>(&value);
        if (!last || !last->is_unique()) {
            value = made(program);
            return;
        }
        Made old = std::move(*last);
        value = std::monostate();
        const Offer<T> offer(&old);
        value = made(program);
    }

    Kernel kernel;                           ///< called with the arguments
    std::array<Slot, sizeof...(R)> results;  ///< slots, one for each array that the kernel returns
    /// As kept for later runs: slots for arrays, anything else as it was.
    std::tuple<Arguments...> arguments;
};

template <class Kernel, class Results, class... A>
void Program::add(const char* op, Kernel kernel, const Results& results, const A&... arguments)
{
    const auto from = std::tuple(operand(op, arguments)...);
    const auto& arrays = detail::arrays_of(results);
    const bool are_constant = std::apply([&](const auto&... x) { return (is_constant(x) && ...); }, from);
    const auto to = std::apply([&](const auto&... array) { return std::array{new_slot(array)...}; }, arrays);
    const Index bytes = std::apply([](const auto&... array) { return (bytes_of(array) + ...); }, arrays);
    if (are_constant && bytes <= most_of_a_constant) {
        auto slot = to.begin();
        std::apply([&](const auto&... array) { (set_constant(*slot++, array), ...); }, arrays);
        return;
    }
    for (const Slot slot : to) slots_of_[slot].last_use = steps_.size();
    bytes_ += bytes;
    auto stored = std::apply([](const auto&... x) { return std::tuple(kept(x)...); }, from);
    using Count = std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(arrays)>>>;
    steps_.push_back(
        std::make_unique<StepOf<Kernel, Count, decltype(stored)>>(std::move(kernel), to, std::move(stored)));
}

}  // namespace autodiff
