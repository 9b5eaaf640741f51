#pragma once

// Programs: the kernels that a computation called, in order, to be run again on other numbers. While one is
// captured, each kernel adds itself as a step (`replayable`), and whatever would make a second run wrong is
// refused: an array that no step has made, and reading numbers, on which the course of the computation may
// depend.

#include <autodiff/array.hpp>

#include <memory>
#include <tuple>
#include <unordered_map>
#include <variant>

namespace autodiff {

using AnyArray = std::variant<std::monostate, Array<double>, Array<float>, Array<Index>, Array<bool>>;

class Program {
public:
    using Slot = std::uint32_t;

    /// Where a step finds an array: the elements in a slot, or a view of them.
    template <class T>
    struct Operand {
        Slot slot;
        bool is_whole;
        Shape shape;
        Strides strides;
        Index offset;
    };

    // ---------------------------------------- capturing

    /// A slot for an array that is there before the program runs.
    template <class T>
    Slot add_input(const Array<T>& x)
    {
        const Slot slot = new_slot(x);
        values_[slot] = std::monostate();
        return slot;
    }
    /// An array whose elements are the same in every run.
    template <class T>
    void add_constant(const Array<T>& x)
    {
        constants_.emplace_back(new_slot(x), x);
    }
    /// Where this array will be. @throws ReplayError naming `op` if no step has made it.
    template <class T>
    Operand<T> operand(const char* op, const Array<T>& x)
    {
        const Slot slot = slot_of(op, x.storage(), x.size());
        if (x.size() == 0) constants_.emplace_back(slot, x);
        else last_use_[slot] = steps_.size();
        const Index offset = x.data() - static_cast<const T*>(x.storage());
        const bool is_whole = offset == 0 && x.is_owner();
        return {slot, is_whole, x.shape(), x.strides(), offset};
    }
    /// A step: results = kernel(arguments…), of which arrays are operands.
    template <class Kernel, class Results, class... A>
    void add(const char* op, Kernel kernel, const Results& results, const A&... arguments);
    /// An array at this address is gone, or a new one is there.
    void forget(const void* storage) { slots_.erase(storage); }
    /// After the last step: values are released after their last use, but for these.
    void finish(const std::vector<Slot>& results);

    // ---------------------------------------- running

    void set(Slot slot, AnyArray value) { values_[slot] = std::move(value); }
    template <class T>
    Array<T> get(const Operand<T>& x) const
    {
        const Array<T>& whole = *std::get_if<Array<T>>(&values_[x.slot]);
        return x.is_whole ? whole : whole.view(x.shape, x.strides, x.offset);
    }
    /// Runs all steps on the inputs that were set.
    void run();
    /// Lets go of a value, unless it is a constant.
    void release(Slot slot);

    std::size_t size() const { return steps_.size(); }

private:
    struct Step {
        virtual ~Step() = default;
        virtual void run(Program& program) const = 0;
        std::vector<Slot> released;
    };
    template <class Kernel, class Results, class Arguments>
    struct StepOf;

    template <class T>
    Slot new_slot(const Array<T>& x)
    {
        const auto slot = static_cast<Slot>(values_.size());
        values_.emplace_back();
        last_use_.push_back(0);
        slots_[x.storage()] = slot;
        return slot;
    }
    Slot slot_of(const char* op, const void* storage, Index size);

    // An argument of a kernel as a step keeps it, and as it is handed on.
    template <class A>
    A kept(const char*, const A& argument)
    {
        return argument;
    }
    template <class T>
    Operand<T> kept(const char* op, const Array<T>& x)
    {
        return operand(op, x);
    }
    template <class A>
    const A& given(const A& argument) const
    {
        return argument;
    }
    template <class T>
    Array<T> given(const Operand<T>& x) const
    {
        return get(x);
    }

    std::vector<std::unique_ptr<Step>> steps_;
    std::vector<AnyArray> values_;
    std::vector<std::pair<Slot, AnyArray>> constants_;
    std::vector<std::size_t> last_use_;
    std::unordered_map<const void*, Slot> slots_;
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

namespace detail {

/// A slot holds all of a block, not a view of it.
template <class T>
Array<T> owned(const Array<T>& x)
{
    if (x.is_owner()) return x;
    Array<T> copy = Array<T>::uninitialized(x.shape());
    copy_elements(x, copy.writable());
    return copy;
}
template <class... T>
std::tuple<Array<T>...> owned(const std::tuple<Array<T>...>& x)
{
    return std::apply([](const Array<T>&... each) { return std::tuple(owned(each)...); }, x);
}

}  // namespace detail

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

template <class Kernel, std::size_t... R, class... Kept>
struct Program::StepOf<Kernel, std::index_sequence<R...>, std::tuple<Kept...>> final : Program::Step {
    StepOf(Kernel k, std::array<Slot, sizeof...(R)> to, std::tuple<Kept...> from)
        : kernel(std::move(k)), results(to), arguments(std::move(from))
    {
    }
    void run(Program& program) const override
    {
        const auto made = std::apply(
            [&](const Kept&... kept) { return detail::owned(kernel(program.given(kept)...)); }, arguments);
        const auto& arrays = detail::arrays_of(made);
        (program.set(results[R], std::get<R>(arrays)), ...);
    }

    Kernel kernel;
    std::array<Slot, sizeof...(R)> results;
    std::tuple<Kept...> arguments;
};

template <class Kernel, class Results, class... A>
void Program::add(const char* op, Kernel kernel, const Results& results, const A&... arguments)
{
    auto from = std::tuple(kept(op, arguments)...);
    const auto& arrays = detail::arrays_of(results);
    const auto to = std::apply([&](const auto&... array) { return std::array{new_slot(array)...}; }, arrays);
    for (const Slot slot : to) last_use_[slot] = steps_.size();
    using Count = std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(arrays)>>>;
    steps_.push_back(
        std::make_unique<StepOf<Kernel, Count, decltype(from)>>(std::move(kernel), to, std::move(from)));
}

}  // namespace autodiff
