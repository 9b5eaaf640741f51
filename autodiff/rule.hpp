#pragma once

// A rule is an elementwise op written once: a name, a value formula and one partial for each argument.
//
//     inline constexpr Elementwise sigmoid_rule{"sigmoid",
//         [](auto x)         { return ...; },            // y
//         [](auto y, auto x) { return y * (1 - y); }};   // ∂y/∂x
//
// It serves every kind of number: plain ones, SIMD batches, dual numbers, recorded scalars and tensors. What
// is peculiar to a kind is in its Kind<X>: how to evaluate a rule, compare, choose, and make a constant.

#include <autodiff/numbers/math.hpp>

#include <concepts>
#include <tuple>
#include <type_traits>
#include <utility>

namespace autodiff {

/// Specialised by every kind of number X:
///   depth               which kind wins when two meet (a constant is lifted to the deeper one);
///   operand(x)          how evaluate, compare and where take x, where that is not lifted to X;
///   constant(v)         v as an X;
///   evaluate(rule, x…)  the rule's value at x…, recorded where X records;
///   compare(op, a, b)   a bool, or what `where` takes as a condition;
///   where(c, a, b)      a where c holds, else b.
template <class X>
struct Kind;

/// What ops are defined on: plain numbers, batches, dual and recorded numbers, expressions, tensors.
template <class X>
concept Operand = requires { Kind<std::remove_cvref_t<X>>::depth; };

/// The kinds that carry derivatives (and the probe below); plain numbers and batches have operators of their
/// own.
template <class X>
concept Variable = Operand<X> && Kind<std::remove_cvref_t<X>>::depth >= 10;

/// What an op on X computes with: X itself, but a Scalar<T> for an unfinished Expression<T, N>.
template <class X>
struct NumberOf {
    /// X, or what an X is assigned to.
    using type = X;
};

namespace detail {

template <class A, class B>
struct Deeper {
    static_assert(
        std::same_as<A, B> || Kind<A>::depth != Kind<B>::depth,
        "autodiff: these two kinds of number do not mix (Tensor<double> with Tensor<float>, say, or "
        "the variables of two gradients, one within the other); convert one of them, or pass it on "
        "as an argument");
    using type = std::conditional_t<(Kind<A>::depth < Kind<B>::depth), B, A>;
};
template <class A, class B>
    requires std::is_arithmetic_v<A> && std::is_arithmetic_v<B>
struct Deeper<A, B> {
    using type = std::common_type_t<A, B>;
};

template <class A, class... More>
struct DeepestOf {
    using type = A;
};
template <class A, class B, class... More>
struct DeepestOf<A, B, More...> : DeepestOf<typename Deeper<A, B>::type, More...> {};

}  // namespace detail

/// The kind to which all of X… are lifted when they meet.
template <class... X>
using Deepest = typename detail::DeepestOf<typename NumberOf<std::remove_cvref_t<X>>::type...>::type;

/// x as a To: x itself if it is one, else a constant.
template <class To, class X>
constexpr decltype(auto) lift(const X& x)
{
    if constexpr (std::same_as<To, X>) return (x);
    else return Kind<To>::constant(x);
}

/// x as Kind<K>::evaluate, compare and where take it: lifted to K, if K does not say otherwise.
template <class K, class X>
[[gnu::always_inline]] constexpr decltype(auto) operand(X&& x)
{
    if constexpr (requires { Kind<K>::operand(std::forward<X>(x)); })
        return Kind<K>::operand(std::forward<X>(x));
    else return lift<K>(x);
}

/// A number of the same kind as x, constant: constant_like(x, 1).
template <Operand X>
constexpr X constant_like(const X&, double value)
{
    return Kind<X>::constant(value);
}

/// A partial that is a known small integer, so that no product with it is computed.
template <int V>
struct Constant {
    template <Operand X>
    constexpr operator X() const
    {
        return Kind<X>::constant(V);
    }
};

// ---------------------------------------- plain numbers and batches -----------------------------------

/// Plain numbers among the operands: constants.
template <class T>
    requires std::is_arithmetic_v<T>
struct Kind<T> {
    /// Which kind wins where two meet: the deeper one.
    static constexpr int depth = 0;
    /// `value` as a number of this kind, without derivatives.
    static constexpr T constant(auto value) { return static_cast<T>(value); }
    /// The rule's value at x…, recorded where this kind records.
    template <class Rule, class... X>
    static constexpr T evaluate(const Rule& rule, const X&... x)
    {
        return static_cast<T>(rule.value(x...));
    }
    /// a where the condition holds, else b.
    static constexpr T where(bool condition, const T& a, const T& b) { return condition ? a : b; }
};

/// Batches among the operands: plain numbers, several at a time.
template <class T, int N>
struct Kind<Batch<T, N>> {
    /// A number of this kind.
    using B = Batch<T, N>;
    static constexpr int depth = 1;
    static B constant(auto value) { return B(value); }
    template <class Rule, class... X>
    static B evaluate(const Rule& rule, const X&... x)
    {
        return rule.value(x...);
    }
    static B where(const Mask<T, N>& condition, const B& a, const B& b) { return select(condition, a, b); }
    static B where(bool condition, const B& a, const B& b) { return condition ? a : b; }
};

// ---------------------------------------- the probe ---------------------------------------------------

/// A number that only remembers what it was computed from. A partial evaluated on probes tells, at compile
/// time, which of y and x… a pullback has to keep.
struct Probe {
    unsigned sources = 0;  ///< as BasicElementwise::sources() has them: bit 0 for y, bit j + 1 for x_j
};

/// Probes among the operands: what depends on what, without numbers.
template <>
struct Kind<Probe> {
    static constexpr int depth = 1000;
    static constexpr Probe constant(auto) { return {}; }
    template <class Rule, class... X>
    static constexpr Probe evaluate(const Rule&, const X&... x)
    {
        return {(x.sources | ...)};
    }
    static constexpr Probe compare(auto, Probe a, Probe b) { return {a.sources | b.sources}; }
    static constexpr Probe where(Probe c, Probe a, Probe b) { return {c.sources | a.sources | b.sources}; }
};

// ---------------------------------------- rules -------------------------------------------------------

template <class T, class V = T>
struct Dual;

/// The partial of a formula given without one, by dual numbers: evaluated on the kind of x…, to any order.
template <std::size_t I, class Value>
struct DerivedPartial {
    Value value;  ///< the formula

    /// ∂value/∂x_I at x…; y is not needed.
    template <class Y, class... X>
    constexpr auto operator()(const Y&, const X&... x) const
    {
        return apply(std::index_sequence_for<X...>{}, x...);
    }

private:
    template <std::size_t... J, class... X>
    constexpr auto apply(std::index_sequence<J...>, const X&... x) const
    {
        using D = Dual<Deepest<X...>>;
        return lift<D>(value(D(x, Kind<X>::constant(I == J ? 1 : 0))...)).tangent;
    }
};

/// Library rules have their tensor kernels compiled in the library; user rules in the user's file.
enum class RuleOrigin {
    library,  ///< made by an Elementwise
    user      ///< made by elementwise()
};

/// An elementwise op from its formulas: the value of plain numbers, and a partial for each argument.
template <RuleOrigin Origin, class Value, class... Partials>
struct BasicElementwise {
    /// This type, by which an Elementwise names its base.
    using Basic = BasicElementwise;
    static constexpr RuleOrigin origin = Origin;  ///< library for an Elementwise, user for an elementwise()
    static constexpr std::size_t arity = sizeof...(Partials);  ///< 0 if derived: any number
    /// Whether it was given no partials: dual numbers find them.
    static constexpr bool is_derived = arity == 0;

    const char* name;  ///< of the op, as errors and explanations have it
    Value value;       ///< the formula, of whatever kind of number

    /// The partials' types are enough: lambdas without captures are default-constructible.
    constexpr BasicElementwise(const char* op_name, Value formula, Partials...)
        : name(op_name), value(formula)
    {
    }

    /// y = f(x…) for arguments of any kinds, lifted to the deepest one; recorded where that records.
    template <Operand... X>
    [[gnu::always_inline]] constexpr auto operator()(X&&... x) const
    {
        static_assert(is_derived || sizeof...(X) == sizeof...(Partials),
                      "autodiff: an elementwise op takes as many arguments as it has partials");
        using K = Deepest<X...>;
        return Kind<K>::evaluate(*this, operand<K>(std::forward<X>(x))...);
    }

    /// ∂y/∂x_I as a function of (y, x…).
    template <std::size_t I>
    constexpr auto partial() const
    {
        if constexpr (is_derived) return DerivedPartial<I, Value>{value};
        else return Partial<I>{};
    }

    /// Bit 0: the I-th partial of N uses y; bit j + 1: it uses x_j. A derived one is assumed to use all of x.
    template <std::size_t I, std::size_t N>
    static constexpr unsigned sources()
    {
        if constexpr (is_derived) return ((1u << N) - 1) << 1;
        else return probe<I>(std::make_index_sequence<N>{}).sources;
    }

    /// The type of the I-th partial of N: a Constant where it is one.
    template <std::size_t I, std::size_t N>
    static constexpr bool partial_is(auto constant)
    {
        if constexpr (is_derived) return false;
        else
            return []<std::size_t... J>(std::index_sequence<J...>, auto c) {
                return std::same_as<decltype(Partial<I>{}(Probe{}, ((void)J, Probe{})...)), decltype(c)>;
            }(std::make_index_sequence<N>{}, constant);
    }

private:
    template <std::size_t I>
    using Partial = std::tuple_element_t<I, std::tuple<Partials...>>;

    template <std::size_t I, std::size_t... J>
    static constexpr Probe probe(std::index_sequence<J...>)
    {
        return Partial<I>{}(Probe{1u}, Probe{2u << J}...);
    }
};

/// A rule of the library, with its partials.
template <class Value, class... Partials>
struct Elementwise : BasicElementwise<RuleOrigin::library, Value, Partials...> {
    using BasicElementwise<RuleOrigin::library, Value, Partials...>::BasicElementwise;
};
template <class Value, class... Partials>
Elementwise(const char*, Value, Partials...) -> Elementwise<Value, Partials...>;

/// A user's own elementwise op. Without partials they are derived by dual numbers inside the same vectorised
/// loop, so that a chain of operations written as one lambda is one pass over memory forwards and one
/// backwards.
///
///     auto swish = elementwise("swish", [](auto x) { return x / (1 + exp(-x)); });
template <class Value, class... Partials>
constexpr auto elementwise(const char* name, Value value, Partials... partials)
{
    static_assert(
        (std::is_default_constructible_v<Partials> && ...),
        "autodiff: a partial may use y and the arguments only; make what it captures an argument, or "
        "leave the partials out");
    return BasicElementwise<RuleOrigin::user, Value, Partials...>(name, value, partials...);
}

// ---------------------------------------- the chain rule's product ------------------------------------

/// Whether a product asks if a zero meets an infinity (and wins), or leaves NaN to show that it happened.
enum class Products {
    plain,   ///< 0 times infinity is NaN
    careful  ///< 0 times anything is 0
};

/// ȳ · ∂y/∂x, where a zero on either side wins over infinity and NaN: a value that contributes nothing (the
/// dead branch of a `where`) has no gradient, and a norm at the origin has the gradient 0.
inline constexpr Elementwise chain_product_rule{
    "chain_product",
    [](auto y_bar, auto partial) {
        const auto zero = decltype(y_bar)(0);
        // Two choices, not one of two conditions: g++ 12 computes those lane by lane in vectors of 512 bits.
        const auto alive = math::select(partial == zero, zero, y_bar);
        return math::select(alive == zero, zero, y_bar * partial);
    },
    [](auto, auto, auto partial) { return partial; }, [](auto, auto y_bar, auto) { return y_bar; }};

template <Operand A, Operand B>
constexpr auto chain_product(const A& y_bar, const B& partial)
{
    if constexpr (std::floating_point<A> && std::same_as<A, B>) {
        const A product = y_bar * partial;
        if (std::isnan(product)) [[unlikely]]
            return y_bar == 0 || partial == 0 ? A{0} : product;
        return product;
    } else return chain_product_rule(y_bar, partial);
}
template <Operand A>
constexpr A chain_product(const A& y_bar, Constant<1>)
{
    return y_bar;
}
template <Operand A>
constexpr A chain_product(const A& y_bar, Constant<-1>)
{
    return -y_bar;
}
template <Operand A>
constexpr A chain_product(const A& y_bar, Constant<0>)
{
    return constant_like(y_bar, 0);
}

}  // namespace autodiff
