#pragma once

// + - * / and unary minus, comparisons, `where`, min, max, clamp and pow: for every kind of number, with
// plain numbers on either side. Tensors broadcast.

#include <autodiff/numbers/dual.hpp>
#include <autodiff/rule.hpp>

namespace autodiff {

/// At least one operand carries derivatives; the others may be plain numbers.
template <class... X>
concept Operands = (Operand<X> && ...) && (Variable<X> || ...);

template <Operand X>
[[gnu::always_inline]] constexpr auto log(X&& x);
template <class C, Operand A, Operand B>
constexpr auto where(const C& condition, A&& a, B&& b);

/// y = a + b
inline constexpr Elementwise add_rule{"add", [](auto a, auto b) { return a + b; },
                                      [](auto, auto, auto) { return Constant<1>{}; },
                                      [](auto, auto, auto) { return Constant<1>{}; }};

/// y = a - b
inline constexpr Elementwise subtract_rule{"subtract", [](auto a, auto b) { return a - b; },
                                           [](auto, auto, auto) { return Constant<1>{}; },
                                           [](auto, auto, auto) { return Constant<-1>{}; }};

/// y = a b,   ∂y/∂a = b,   ∂y/∂b = a
inline constexpr Elementwise multiply_rule{"multiply", [](auto a, auto b) { return a * b; },
                                           [](auto, auto, auto b) { return b; },
                                           [](auto, auto a, auto) { return a; }};

/// y = a / b,   ∂y/∂a = 1 / b,   ∂y/∂b = -y / b
inline constexpr Elementwise divide_rule{"divide", [](auto a, auto b) { return a / b; },
                                         [](auto, auto, auto b) { return 1 / b; },
                                         [](auto y, auto, auto b) { return -y / b; }};

/// y = -x
inline constexpr Elementwise negative_rule{"negative", [](auto x) { return -x; },
                                           [](auto, auto) { return Constant<-1>{}; }};

template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator+(A&& a, B&& b)
{
    return add_rule(std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator-(A&& a, B&& b)
{
    return subtract_rule(std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator*(A&& a, B&& b)
{
    return multiply_rule(std::forward<A>(a), std::forward<B>(b));
}
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator/(A&& a, B&& b)
{
    return divide_rule(std::forward<A>(a), std::forward<B>(b));
}
template <Variable X>
[[gnu::always_inline]] constexpr auto operator-(X&& x)
{
    return negative_rule(std::forward<X>(x));
}
template <Variable X>
constexpr X operator+(const X& x)
{
    return x;
}

// ---------------------------------------- comparisons -------------------------------------------------

namespace detail {

template <class Op, class A, class B>
constexpr auto compare(Op op, const A& a, const B& b)
{
    using K = Deepest<A, B>;
    if constexpr (requires { Kind<K>::compare_values(op, a, b); }) return Kind<K>::compare_values(op, a, b);
    else return Kind<K>::compare(op, lift<K>(a), lift<K>(b));
}

}  // namespace detail

/// Comparisons look at values only and have no derivative. Of tensors: elementwise, a BoolArray.
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator<(const A& a, const B& b)
{
    return detail::compare([](auto p, auto q) { return p < q; }, a, b);
}
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator<=(const A& a, const B& b)
{
    return detail::compare([](auto p, auto q) { return p <= q; }, a, b);
}
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator>(const A& a, const B& b)
{
    return detail::compare([](auto p, auto q) { return p > q; }, a, b);
}
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator>=(const A& a, const B& b)
{
    return detail::compare([](auto p, auto q) { return p >= q; }, a, b);
}
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator==(const A& a, const B& b)
{
    return detail::compare([](auto p, auto q) { return p == q; }, a, b);
}
template <class A, class B>
    requires Operands<A, B>
[[gnu::always_inline]] constexpr auto operator!=(const A& a, const B& b)
{
    return detail::compare([](auto p, auto q) { return p != q; }, a, b);
}

/// a where the condition holds, else b. The branch that is not chosen contributes nothing to the gradient,
/// whatever its value (not NaN either).
template <class C, Operand A, Operand B>
constexpr auto where(const C& condition, A&& a, B&& b)
{
    using K = Deepest<A, B>;
    return Kind<K>::where(condition, operand<K>(std::forward<A>(a)), operand<K>(std::forward<B>(b)));
}

// ---------------------------------------- min, max, clamp, abs, pow -----------------------------------

/// y = max(a, b), NaN if one is. Where a = b each has the partial 1/2.
inline constexpr Elementwise max_rule{
    "max", [](auto a, auto b) { return math::select(a >= b, a, math::select(a == a, b, a)); },
    [](auto, auto a, auto b) {
        return where(a > b, constant_like(a, 1), where(a == b, constant_like(a, 0.5), constant_like(a, 0)));
    },
    [](auto, auto a, auto b) {
        return where(b > a, constant_like(b, 1), where(a == b, constant_like(b, 0.5), constant_like(b, 0)));
    }};

/// y = min(a, b), NaN if one is. Where a = b each has the partial 1/2.
inline constexpr Elementwise min_rule{
    "min", [](auto a, auto b) { return math::select(a <= b, a, math::select(a == a, b, a)); },
    [](auto, auto a, auto b) {
        return where(a < b, constant_like(a, 1), where(a == b, constant_like(a, 0.5), constant_like(a, 0)));
    },
    [](auto, auto a, auto b) {
        return where(b < a, constant_like(b, 1), where(a == b, constant_like(b, 0.5), constant_like(b, 0)));
    }};

/// y = low if x < low, high if x > high, else x. At a bound ∂y/∂x = 1.
inline constexpr Elementwise clamp_rule{
    "clamp",
    [](auto x, auto low, auto high) { return math::select(x < low, low, math::select(x > high, high, x)); },
    [](auto, auto x, auto low, auto high) {
        return where(x < low, constant_like(x, 0), where(x > high, constant_like(x, 0), constant_like(x, 1)));
    },
    [](auto, auto x, auto low, auto) { return where(x < low, constant_like(x, 1), constant_like(x, 0)); },
    [](auto, auto x, auto low, auto high) {
        return where(x < low, constant_like(x, 0), where(x > high, constant_like(x, 1), constant_like(x, 0)));
    }};

/// y = |x|,   ∂y/∂x = sign x, and 0 at 0
inline constexpr Elementwise abs_rule{
    "abs", [](auto x) { return math::abs(x); },
    [](auto, auto x) {
        return where(x > 0, constant_like(x, 1), where(x < 0, constant_like(x, -1), constant_like(x, 0)));
    }};

template <Operand X, Operand P>
[[gnu::always_inline]] constexpr auto pow(X&& x, P&& exponent);

/// y = xᵖ,   ∂y/∂x = p xᵖ⁻¹ (0 where either factor is, also beside an infinite one),   ∂y/∂p = y log x (0
/// where y = 0)
inline constexpr Elementwise pow_rule{
    "pow", [](auto x, auto p) { return math::pow(x, p); },
    [](auto, auto x, auto p) { return chain_product(p, pow(x, p - 1)); },
    [](auto y, auto x, auto) { return where(y == 0, constant_like(x, 0), y * log(x)); }};

/// y = x²,   ∂y/∂x = 2 x
inline constexpr Elementwise square_rule{"square", [](auto x) { return x * x; },
                                         [](auto, auto x) { return 2 * x; }};

template <Operand A, Operand B>
[[gnu::always_inline]] constexpr auto max(A&& a, B&& b)
{
    return max_rule(std::forward<A>(a), std::forward<B>(b));
}
template <Operand A, Operand B>
[[gnu::always_inline]] constexpr auto min(A&& a, B&& b)
{
    return min_rule(std::forward<A>(a), std::forward<B>(b));
}
// The library's, not std::max, whatever `using` stands before the call.
template <template <class> class N, class T>
    requires(Variable<N<T>> && !requires(N<T> x) { x.array(); })
constexpr auto max(const N<T>& a, const N<T>& b)
{
    return max_rule(a, b);
}
template <template <class> class N, class T>
    requires(Variable<N<T>> && !requires(N<T> x) { x.array(); })
constexpr auto min(const N<T>& a, const N<T>& b)
{
    return min_rule(a, b);
}
template <Operand X, Operand A, Operand B>
[[gnu::always_inline]] constexpr auto clamp(X&& x, A&& low, B&& high)
{
    return clamp_rule(std::forward<X>(x), std::forward<A>(low), std::forward<B>(high));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto abs(X&& x)
{
    return abs_rule(std::forward<X>(x));
}
template <Operand X, Operand P>
[[gnu::always_inline]] constexpr auto pow(X&& x, P&& exponent)
{
    return pow_rule(std::forward<X>(x), std::forward<P>(exponent));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto square(X&& x)
{
    return square_rule(std::forward<X>(x));
}

}  // namespace autodiff
