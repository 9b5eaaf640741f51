#pragma once

// Tensor<T>: an array that records what is computed from it. Between arrays a linear map is a small closure.
//
// How an op is written: a value, and for each argument its pullback (from the adjoint of the result to that
// of the argument) and its pushforward (from the tangent of the argument to that of the result), in terms of
// other ops:
//
//     return record("matmul", kernels::matmul(a.array(), b.array()),
//                   argument(a, [b](const auto& c_bar) { return matmul(c_bar, transpose(b)); },
//                               [b](const auto& a_dot) { return matmul(a_dot, b); }),
//                   argument(b, [a](const auto& c_bar) { return matmul(transpose(a), c_bar); },
//                               [a](const auto& b_dot) { return matmul(a, b_dot); }));
//
// A closure that wants the result itself takes it as a second argument: [](const auto& y_bar, const auto& y).

#include <autodiff/array.hpp>
#include <autodiff/recording.hpp>
#include <autodiff/rule.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>

namespace autodiff {

template <class T>
struct TensorSpace;

/// Numbers in nested braces, to any depth: 1, {1, 2}, {{1, 2}, {3, 4}}. For the call that is given them only.
template <class T>
class NestedNumbers {
public:
    constexpr NestedNumbers(T number) : number_(number) {}
    constexpr NestedNumbers(std::initializer_list<NestedNumbers> list) : list_(list), is_list_(true) {}

    /// @throws ShapeError if lists side by side have different shapes.
    Shape shape() const;
    /// Writes the numbers in order and returns the end.
    T* write(T* out) const;

private:
    T number_{};
    std::initializer_list<NestedNumbers> list_;
    bool is_list_ = false;
};

/// An array of double or float numbers whose ops are recorded, and so differentiated, while a recording runs:
/// a value, which copies share until one is changed. Its shape has up to eight axes; a shape of none is a
/// single number. Ops broadcast as NumPy's do.
template <class T = double>
class Tensor {
    static_assert(std::same_as<T, double> || std::same_as<T, float>,
                  "autodiff: Tensor<T> is for double and float; labels and indices are an IndexArray, truth "
                  "values a BoolArray");

public:
    using value_type = T;
    /// What the tape of its statements is of.
    using Space = TensorSpace<T>;

    /// An empty tensor of shape (0,).
    Tensor() = default;
    /// A constant of rank 0.
    Tensor(T value) : array_(value) {}
    /// A constant.
    Tensor(Array<T> array) : array_(std::move(array)) {}
    /// A constant with these elements in row-major order. @throws ShapeError if their count differs.
    Tensor(const Shape& shape, std::span<const T> values) : array_(shape, values)
    {
        detail::note_constant(array_);
    }
    Tensor(const Shape& shape, std::initializer_list<T> values) : array_(shape, values)
    {
        detail::note_constant(array_);
    }
    /// Tensor<>{1, 2, 3}, Tensor<>{{1, 2}, {3, 4}}, Tensor<>{{{1, 2}, {3, 4}}}, …
    /// @throws ShapeError if rows differ in length.
    Tensor(std::initializer_list<NestedNumbers<T>> values);
    /// A recorded value; for the library.
    Tensor(Array<T> array, Session session, Node node)
        : array_(std::move(array)), session_(session), node_(node)
    {
    }

    /// A constant: every element is `value`.
    static Tensor filled(const Shape& shape, T value)
    {
        Tensor result(Array<T>::filled(shape, value));
        detail::note_constant(result.array_);
        return result;
    }
    /// A constant: every element is 0.
    static Tensor zeros(const Shape& shape) { return filled(shape, 0); }
    /// A constant: every element is 1.
    static Tensor ones(const Shape& shape) { return filled(shape, 1); }

    /// The value, not copied. What is computed from it is not recorded.
    const Array<T>& array() const { return array_; }
    /// Its sizes along the axes.
    const Shape& shape() const { return array_.shape(); }
    /// How many axes it has, 0 for a single number.
    std::size_t rank() const { return array_.rank(); }
    /// How many elements it has.
    Index size() const { return array_.size(); }
    /// Its size along an axis, a negative one counted from the end. @throws AxisError.
    Index size(Index axis) const { return array_.size(axis); }
    /// The only element. @throws ShapeError if there is not exactly one.
    T item() const { return array_.item(); }
    /// The element at a position. @throws IndexError.
    template <std::convertible_to<Index>... I>
    T operator()(I... index) const
    {
        return array_(index...);
    }
    /// The elements in row-major order, copied.
    std::vector<T> to_vector() const { return array_.to_vector(); }

    /// The one it belongs to; 0 of a constant.
    Session session() const { return session_; }
    /// The position of the statement that computed it; 0 of a constant.
    Node node() const { return node_; }

    // Compound assignment makes a new value of the same name; nothing recorded is changed.
    Tensor& operator+=(const auto& x) { return *this = *this + x; }
    Tensor& operator-=(const auto& x) { return *this = *this - x; }
    Tensor& operator*=(const auto& x) { return *this = *this * x; }
    Tensor& operator/=(const auto& x) { return *this = *this / x; }

private:
    Array<T> array_;
    Session session_ = 0;
    Node node_ = 0;
};

/// A linear map between tensors, with what it has saved. Closures live in pooled memory.
template <class T>
class Closure {
public:
    virtual ~Closure() = default;
    /// x̄ from ȳ; y is the statement's own value where keeps_value() asked for it.
    virtual Tensor<T> pull(const Tensor<T>& y_bar, const Tensor<T>& y) const = 0;
    /// ẏ from ẋ.
    virtual Tensor<T> push(const Tensor<T>& x_dot, const Tensor<T>& y) const = 0;
    /// Whether the statement must keep its value for this map.
    virtual bool keeps_value() const = 0;

    static void* operator new(std::size_t bytes) { return pool_allocate(bytes); }
    static void operator delete(void* memory, std::size_t bytes) { pool_release(memory, bytes); }
};

/// An op as errors and explanations name it. What it was told beside its arguments (axes, positions) is put
/// into words only where it is explained: `options` is a function that returns them, called within `record`.
class OpName {
public:
    OpName(const char* name) : name_(name) {}
    template <std::invocable Options>
    OpName(const char* name, const Options& options)
        : name_(name),
          options_(&options),
          words_([](const void* f) -> std::string { return (*static_cast<const Options*>(f))(); })
    {
    }

    operator const char*() const { return name_; }
    /// In words, put together at each call; none where there are none.
    std::optional<std::string> options() const
    {
        return words_ ? std::optional(words_(options_)) : std::nullopt;
    }

private:
    const char* name_;
    const void* options_ = nullptr;
    std::string (*words_)(const void*) = nullptr;
};

/// The space of arrays of T, for the tape.
template <class T>
struct TensorSpace {
    /// Of a statement, an adjoint or a tangent.
    using Value = Tensor<T>;
    /// Where an adjoint or a tangent is summed up: nothing stands for zero.
    using Slot = std::optional<Tensor<T>>;
    /// A closure, owned by its link.
    using LinearMap = std::unique_ptr<Closure<T>>;
    /// Closures are made of ops, so a sweep can itself be recorded and differentiated.
    static constexpr bool maps_are_recordable = true;

    /// What is kept of a statement: the name of its op, and its value where a pullback needs it.
    struct Note {
        const char* name = "variable";  ///< of the op
        /// Of the statement; none where neither its linear maps nor an explanation need it.
        std::optional<Array<T>> value;
    };
    /// The notes of all statements of a tape.
    struct Notes {
        std::vector<Note> notes;  ///< of statement s at [s]
        /// For explain and to_dot: the options of each statement's op. Where they are wanted, so is every
        /// value.
        using Options = std::unordered_map<Node, std::optional<std::string>>;
        Options* options = nullptr;  ///< null where they are not wanted

        /// Without the values: arrays are shared.
        std::size_t bytes() const { return notes.size() * sizeof(Note); }
        /// Of a leaf, or of an op.
        void push_back() { notes.emplace_back(); }
        void push_back(Note note) { notes.push_back(std::move(note)); }
        /// Lets go of the value of a statement.
        void release(Node statement) { notes[statement].value.reset(); }
        /// Keeps those of the first `size` statements.
        void truncate(Node size) { notes.erase(notes.begin() + size, notes.end()); }
    };

    /// Whether nothing was added.
    static bool is_zero(const Slot& slot) { return !slot; }
    /// The sum, which must be there, and is zero afterwards.
    static Tensor<T> take(Slot& slot)
    {
        Tensor<T> value = std::move(*slot);
        slot.reset();
        return value;
    }
    /// The sum, which must be there, and stays.
    static const Tensor<T>& read(const Slot& slot) { return *slot; }
    /// slot += value
    static void add(Slot& slot, Tensor<T> value);
    /// x̄ from ȳ along one link. @throws AnomalyError where a DetectAnomalies finds one.
    static Tensor<T> pull(const Tape<TensorSpace>& tape, Node link, Node statement, const Tensor<T>& y_bar)
    {
        if (detail::watch) [[unlikely]]
            return pull_watched(tape, link, statement, y_bar);
        return pull_plainly(tape, link, statement, y_bar);
    }
    /// The same, without a look at what comes out.
    static Tensor<T> pull_plainly(const Tape<TensorSpace>& tape, Node link, Node statement,
                                  const Tensor<T>& y_bar)
    {
        return with_value_of(tape, statement,
                             [&](const Tensor<T>& y) { return tape.map(link)->pull(y_bar, y); });
    }
    /// Adds what pull returns. A pullback may take the sum so far out of the slot, and return it with its own
    /// part (detail::sum_so_far).
    static void add_pull(Slot& slot, const Tape<TensorSpace>& tape, Node link, Node statement,
                         const Tensor<T>& y_bar);
    /// ẏ from ẋ along one link.
    static Tensor<T> push(const Tape<TensorSpace>& tape, Node link, Node statement, const Tensor<T>& x_dot)
    {
        return with_value_of(tape, statement,
                             [&](const Tensor<T>& y) { return tape.map(link)->push(x_dot, y); });
    }

private:
    /// @throws AnomalyError if a finite adjoint makes one that is not.
    static Tensor<T> pull_watched(const Tape<TensorSpace>& tape, Node link, Node statement,
                                  const Tensor<T>& y_bar);
    [[gnu::always_inline]] static Tensor<T> with_value_of(const Tape<TensorSpace>& tape, Node statement,
                                                          auto f)
    {
        const auto& value = tape.notes().notes[statement].value;
        if (value) return f(Tensor<T>(*value, recorder<TensorSpace>.session, statement));
        static const Tensor<T> not_kept;
        return f(not_kept);
    }
};

// ---------------------------------------- recording an op ---------------------------------------------

/// An op's argument with its linear map in both directions.
template <class T, class Pull, class Push>
struct Argument {
    const Tensor<T>& x;  ///< what the op was given
    Pull pull;           ///< x̄ from ȳ, or from ȳ and y
    Push push;           ///< ẏ from ẋ, or from ẋ and y; or a TransposedPullback
};

/// Stands for a pushforward that was not given: it is derived from the pullback (by transposing it again).
struct TransposedPullback {};

/// An argument of record(): x with its pullback, and its pushforward if one is given.
template <class T, class Pull, class Push = TransposedPullback>
Argument<T, Pull, Push> argument(const Tensor<T>& x, Pull pull, Push push = {})
{
    return {x, std::move(pull), std::move(push)};
}

namespace detail {

/// ẏ from ẋ by differentiating a pullback, which is linear in ȳ: ẏ = ∂⟨pull(ȳ), ẋ⟩/∂ȳ.
template <class T>
Tensor<T> transpose_pullback(const Closure<T>& closure, const Tensor<T>& x_dot, const Tensor<T>& y);

template <class T, class Pull, class Push>
class ArgumentClosure final : public Closure<T> {
    static constexpr bool pull_takes_y = std::invocable<const Pull&, const Tensor<T>&, const Tensor<T>&>;
    static constexpr bool push_takes_y = std::invocable<const Push&, const Tensor<T>&, const Tensor<T>&>;
    static constexpr bool is_transposed = std::same_as<Push, TransposedPullback>;

public:
    ArgumentClosure(Pull pull, Push push) : pull_(std::move(pull)), push_(std::move(push)) {}

    Tensor<T> pull(const Tensor<T>& y_bar, const Tensor<T>& y) const override
    {
        if constexpr (pull_takes_y) return pull_(y_bar, y);
        else return pull_(y_bar);
    }
    Tensor<T> push(const Tensor<T>& x_dot, const Tensor<T>& y) const override
    {
        if constexpr (is_transposed) return transpose_pullback(*this, x_dot, y);
        else if constexpr (push_takes_y) return push_(x_dot, y);
        else return push_(x_dot);
    }
    bool keeps_value() const override { return pull_takes_y || push_takes_y || is_transposed; }

private:
    Pull pull_;
    [[no_unique_address]] Push push_;
};

template <class T>
bool link(Tape<TensorSpace<T>>& tape, const Tensor<T>& x, auto make_closure)
{
    if (x.session() == 0) return false;
    std::unique_ptr<Closure<T>> closure = make_closure();
    const bool keeps_value = closure->keeps_value();
    tape.add_link(x.node(), std::move(closure));
    return keeps_value;
}

template <class T>
Tensor<T> end_statement(const OpName& op, Array<T> value, bool keeps_value)
{
    Recorder<TensorSpace<T>>& now = recorder<TensorSpace<T>>;
    auto* const options = now.tape->notes().options;
    std::optional<Array<T>> kept;
    if (keeps_value || options) kept = value;
    const Node node = now.tape->end_statement(typename TensorSpace<T>::Note{op, std::move(kept)});
    if (options) [[unlikely]]
        (*options)[node] = op.options();
    return Tensor<T>(std::move(value), now.session, node);
}

}  // namespace detail

namespace detail {

/// An op on tensors, before it is recorded, for a DetectAnomalies. With elements that correspond to each
/// other's, an anomaly is told of by the arguments' elements.
template <class T>
struct WatchedOp {
    const char* name;
    const Array<T>& value;
    std::span<const Tensor<T>* const> arguments;
    bool is_elementwise;
};
/// @throws AnomalyError if the value is not finite though the arguments are.
template <class T>
void watch_op(const WatchedOp<T>& op);
template <class T, class... X>
[[gnu::noinline, gnu::cold]] void watch_op_on(const char* name, const Array<T>& value, bool is_elementwise,
                                              const X&... x)
{
    const Tensor<T>* const arguments[] = {&x...};
    watch_op<T>({name, value, arguments, is_elementwise});
}
template <class T, class... X>
void watch_value(const char* name, const Array<T>& value, const X&... x)
{
    if (watch) [[unlikely]]
        watch_op_on<T>(name, value, false, x...);
}

}  // namespace detail

/// Whether any of the arguments is to be recorded. @throws RecordingError naming `op` for a stale or foreign
/// one.
template <class T, class... More>
bool any_recorded(const char* op, const Tensor<T>& x, const More&... more)
{
    int recorded = is_recorded<TensorSpace<T>>(x.session(), op);
    ((recorded |= static_cast<int>(is_recorded<TensorSpace<T>>(more.session(), op))), ...);
    return recorded != 0;
}

/// The result of an op: a constant if no argument is recorded, else a statement on the tape with the linear
/// maps of those that are.
template <class T, class... Pull, class... Push>
Tensor<T> record(const OpName& op, Array<T> value, Argument<T, Pull, Push>... arguments)
{
    detail::watch_value(op, value, arguments.x...);
    if (!any_recorded(op, arguments.x...)) return value;
    Tape<TensorSpace<T>>& tape = *recorder<TensorSpace<T>>.tape;
    int keeps_value = 0;
    ((keeps_value |= static_cast<int>(detail::link(
          tape, arguments.x,
          [&] {
              using C = detail::ArgumentClosure<T, Pull, Push>;
              return std::unique_ptr<Closure<T>>(new C(std::move(arguments.pull), std::move(arguments.push)));
          }))),
     ...);
    return detail::end_statement(op, std::move(value), keeps_value != 0);
}

/// An op whose pullback gives the adjoints of all arguments at once: pull(ȳ, y) returns one tensor an
/// argument.
template <class T>
using JointPullback = std::function<std::vector<Tensor<T>>(const Tensor<T>& y_bar, const Tensor<T>& y)>;
/// What of its value a joint pullback is to be given: all, or an array of zeros of that shape, which costs
/// nothing.
enum class Keeps {
    value,  ///< y
    shape   ///< zeros, of y's shape
};
/// As record(), with one pullback for all arguments.
template <class T>
Tensor<T> record_joint(const char* name, Array<T> value, std::span<const Tensor<T>> arguments,
                       JointPullback<T> pull, Keeps keeps = Keeps::value);

// ---------------------------------------- tensors as numbers ------------------------------------------

namespace detail {

/// y = f(x…) elementwise with broadcasting, recorded. The library's rules are compiled into it; a user's rule
/// needs <autodiff/elementwise_tensor.hpp>.
template <class T, class Rule, class... X>
Tensor<T> library_elementwise_op(const Rule& rule, const X&... x);
template <class T, class Rule, class... X>
Tensor<T> compiled_elementwise_op(const Rule& rule, const X&... x);

}  // namespace detail

/// Elementwise comparisons, broadcasting.
enum class Comparison {
    less,           ///< a < b
    less_equal,     ///< a <= b
    greater,        ///< a > b
    greater_equal,  ///< a >= b
    equal,          ///< a == b
    not_equal       ///< a != b, and whatever a NaN meets
};

/// a where the condition holds, else b; all three broadcast.
///   ā = ȳ where it holds, else 0;   b̄ = ȳ where it does not
template <class T>
Tensor<T> where(const BoolArray& condition, const Tensor<T>& a, const Tensor<T>& b);

namespace detail {

template <class T>
BoolArray compare(Comparison comparison, const Array<T>& a, const Array<T>& b);

// The comparison that a generic function of two numbers is: told by its answers to (1, 2), (1, 1) and (2, 1).
constexpr Comparison comparison_of(auto op)
{
    const bool less = op(1, 2), equal = op(1, 1), greater = op(2, 1);
    if (less && greater) return Comparison::not_equal;
    if (less) return equal ? Comparison::less_equal : Comparison::less;
    if (greater) return equal ? Comparison::greater_equal : Comparison::greater;
    return Comparison::equal;
}

}  // namespace detail

/// Tensors among the operands: their ops are recorded each.
template <class T>
struct Kind<Tensor<T>> {
    static constexpr int depth = 10;
    static Tensor<T> constant(const auto& v) { return Tensor<T>(Array<T>(static_cast<T>(v))); }

    template <class Rule, class... X>
    static Tensor<T> evaluate(const Rule& rule, const X&... x)
    {
        if constexpr (Rule::origin == RuleOrigin::library)
            return detail::library_elementwise_op<T>(rule, x...);
        else return detail::compiled_elementwise_op<T>(rule, x...);
    }
    static BoolArray compare(auto op, const Tensor<T>& a, const Tensor<T>& b)
    {
        return detail::compare(detail::comparison_of(op), a.array(), b.array());
    }
    static Tensor<T> where(const BoolArray& condition, const Tensor<T>& a, const Tensor<T>& b)
    {
        return autodiff::where(condition, a, b);
    }
};

extern template class NestedNumbers<double>;
extern template class NestedNumbers<float>;
extern template class Tensor<double>;
extern template class Tensor<float>;
extern template struct TensorSpace<double>;
extern template struct TensorSpace<float>;

}  // namespace autodiff
