#pragma once

// Dual<T> = value + tangent ε, ε² = 0: forward mode. Computing with duals computes a directional derivative
// beside the value, exactly. T is any kind of number: a double, a batch, another Dual, a recorded Scalar, a
// Tensor.

#include <autodiff/rule.hpp>

#include <limits>

namespace autodiff {

template <class T>
struct Dual {
    T value{};
    T tangent{};

    constexpr Dual() = default;
    /// A constant, converted to T's numbers first (0.5 stays 0.5 whatever T is).
    template <Operand V>
        requires(!std::same_as<V, Dual>)
    constexpr Dual(const V& constant) : value(lift<T>(constant)), tangent(Kind<T>::constant(0))
    {
    }
    constexpr Dual(const T& v, const T& t) : value(v), tangent(t) {}

    constexpr Dual& operator+=(const auto& x) { return *this = *this + x; }
    constexpr Dual& operator-=(const auto& x) { return *this = *this - x; }
    constexpr Dual& operator*=(const auto& x) { return *this = *this * x; }
    constexpr Dual& operator/=(const auto& x) { return *this = *this / x; }
};

template <class T>
struct Kind<Dual<T>> {
    static constexpr int depth = 10 + Kind<T>::depth;
    static constexpr Dual<T> constant(const auto& v) { return Dual<T>(v); }

    /// y = f(x…),   ẏ = Σ ∂y/∂xᵢ ẋᵢ
    template <class Rule, class... X>
    static constexpr Dual<T> evaluate(const Rule& rule, const X&... x)
    {
        if constexpr (Rule::is_derived) return lift<Dual<T>>(rule.value(x...));
        else
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
                const T y = rule(x.value...);
                return Dual<T>(y,
                               (chain_product(x.tangent, rule.template partial<I>()(y, x.value...)) + ...));
            }(std::index_sequence_for<X...>{});
    }
    static constexpr auto compare(auto op, const Dual<T>& a, const Dual<T>& b)
    {
        return op(a.value, b.value);
    }
    static constexpr Dual<T> where(const auto& condition, const Dual<T>& a, const Dual<T>& b)
    {
        return {Kind<T>::where(condition, a.value, b.value), Kind<T>::where(condition, a.tangent, b.tangent)};
    }
};

}  // namespace autodiff

/// @cond
template <class T>
struct std::numeric_limits<autodiff::Dual<T>> : std::numeric_limits<T> {};
/// @endcond
