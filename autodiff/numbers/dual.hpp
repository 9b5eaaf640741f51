#pragma once

// Dual<T> = value + tangent ε, ε² = 0: forward mode. Computing with duals computes a directional derivative
// beside the value, exactly. T is any kind of number: a double, a batch, another Dual, a recorded Scalar, a
// Tensor. Several directions at once are a tangent of another type: Dual<double, Batch<double, 8>>,
// Dual<T, Directions<T, K>>.

#include <autodiff/numbers/watch.hpp>
#include <autodiff/rule.hpp>

#include <array>
#include <limits>

namespace autodiff {

/// The tangents of K directions. Those of several functions, which are evaluated one within the other, are of
/// different types: they must not mix.
template <class T, std::size_t K, Products P = Products::plain, class Function = void>
struct Directions {
    /// Those of a second evaluation, which tells a DetectAnomalies of each op.
    static constexpr bool are_watched = P == Products::careful && std::floating_point<T>;

    std::array<T, K> of{};  ///< of[k] is the tangent in direction k

    [[gnu::always_inline]] friend Directions operator+(const Directions& a, const Directions& b)
    {
        return each([&](std::size_t k) { return a.of[k] + b.of[k]; });
    }
    [[gnu::always_inline]] friend Directions operator*(const Directions& a, const T& factor)
    {
        return each([&](std::size_t k) {
            if constexpr (P == Products::careful) return lift<T>(chain_product(a.of[k], factor));
            else return a.of[k] * factor;
        });
    }
    [[gnu::always_inline]] friend Directions operator-(const Directions& a)
    {
        return each([&](std::size_t k) { return -a.of[k]; });
    }
    /// f(k) for each direction k.
    [[gnu::always_inline]] static Directions each(auto f)
    {
        return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            return Directions{{f(I)...}};
        }(std::make_index_sequence<K>{});
    }
};

/// x as a T; x may be recorded around T, if it is a constant there.
template <class T, Operand X>
constexpr T constant_of(const X& x)
{
    if constexpr (Kind<X>::depth > Kind<T>::depth) return x.constant();
    else return lift<T>(x);
}

/// x + ẋ ε with ε² = 0: a value and its tangents, which every op carries along by the chain rule. V is T for
/// one direction, or holds several.
template <class T, class V>
struct Dual {
    T value{};    ///< x
    V tangent{};  ///< ẋ: zero of a constant

    constexpr Dual() = default;
    /// A constant, converted to T's numbers first (0.5 stays 0.5 whatever T is).
    template <Operand C>
        requires(!std::same_as<C, Dual> &&
                 (Kind<C>::depth <= Kind<T>::depth || requires(const C& x) { x.constant(); }))
    constexpr Dual(const C& constant) : value(constant_of<T>(constant)), tangent(zero())
    {
    }
    constexpr Dual(const T& v, const V& t) : value(v), tangent(t) {}

    constexpr Dual& operator+=(const auto& x) { return *this = *this + x; }
    constexpr Dual& operator-=(const auto& x) { return *this = *this - x; }
    constexpr Dual& operator*=(const auto& x) { return *this = *this * x; }
    constexpr Dual& operator/=(const auto& x) { return *this = *this / x; }

private:
    static constexpr V zero()
    {
        if constexpr (Operand<V>) return Kind<V>::constant(0);
        else if constexpr (requires { V{}.known_zero; }) return V{};
        else return V::each([](std::size_t) { return Kind<T>::constant(0); });
    }
};

/// Dual numbers among the operands: their ops are evaluated at once.
template <class T, class V>
struct Kind<Dual<T, V>> {
    /// A number of this kind.
    using D = Dual<T, V>;
    // Several directions take constants of every kind.
    static constexpr int depth = (std::same_as<T, V> ? 10 : 15) + Kind<T>::depth;
    static constexpr D constant(const auto& v) { return D(v); }

    /// A constant has no tangent to compute with: it stays a T.
    static constexpr const D& operand(const D& x) { return x; }
    template <Operand X>
    static constexpr T operand(const X& x)
    {
        return constant_of<T>(x);
    }

    /// y = f(x…),   ẏ = Σ ∂y/∂xᵢ ẋᵢ
    template <class Rule, class... X>
    [[gnu::always_inline]] static constexpr D evaluate(const Rule& rule, const X&... x)
    {
        if constexpr (Rule::is_derived) return lift<D>(rule.value(x...));
        else
            return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
                const T y = rule(value_of(x)...);
                const auto result = [&]() __attribute__((always_inline)) {
                    return D(y,
                             (term(x, [&] { return rule.template partial<I>()(y, value_of(x)...); }) + ...));
                };
                if constexpr (are_watched) return watched(rule, result(), x...);
                else return result();
            }(std::index_sequence_for<X...>{});
    }
    /// A bool, or what where() takes as a condition. Derivatives are not looked at.
    static constexpr auto compare(auto op, const D& a, const D& b) { return op(a.value, b.value); }
    static constexpr D where(const auto& condition, const D& a, const D& b)
    {
        const auto chosen = [&](const auto& of_a, const auto& of_b) {
            return Kind<std::remove_cvref_t<decltype(of_a)>>::where(condition, of_a, of_b);
        };
        if constexpr (Operand<V>) return {chosen(a.value, b.value), chosen(a.tangent, b.tangent)};
        else
            return {chosen(a.value, b.value),
                    V::each([&](std::size_t k) { return chosen(a.tangent.of[k], b.tangent.of[k]); })};
    }

    /// The chain rule's product: a zero wins over infinity and NaN. Plain directions leave NaN to show that
    /// it happened; whoever asks for them sees to it.
    [[gnu::always_inline]] static constexpr V times(const V& tangent, const auto& partial)
    {
        if constexpr (std::same_as<V, T>) return chain_product(tangent, partial);
        else if constexpr (is_batch<V>) {
            const T factor = lift<T>(partial);
            return factor == 0 ? V(0) : select(tangent == V(0), V(0), tangent * V(factor));
        } else return tangent * lift<T>(partial);
    }
    static constexpr const V& times(const V& tangent, Constant<1>) { return tangent; }
    static constexpr V times(const V& tangent, Constant<-1>) { return -tangent; }

private:
    static constexpr bool are_watched = requires { requires V::are_watched; };

    template <class Rule, class... X>
    static D watched(const Rule& rule, const D& y, const X&... x)
    {
        if (detail::watch) [[unlikely]]
            tell_of(rule, y, x...);
        return y;
    }
    template <class Rule, class... X>
    [[gnu::noinline, gnu::cold]] static void tell_of(const Rule& rule, const D& y, const X&... x)
    {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            const T values[] = {value_of(x)...};
            const T partials[] = {lift<T>(rule.template partial<I>()(y.value, value_of(x)...))...};
            detail::watch_step<T>({rule.name, y.value, values, partials, sizeof...(X),
                                   (has_finite_tangent(x) && ...), has_finite_tangent(y)});
        }(std::index_sequence_for<X...>{});
    }
    static bool has_finite_tangent(const T&) { return true; }
    static bool has_finite_tangent(const D& x)
    {
        bool is_finite = true;
        for (const T& direction : x.tangent.of) is_finite &= direction - direction == 0;
        return is_finite;
    }

    static constexpr const T& value_of(const D& x) { return x.value; }
    static constexpr const T& value_of(const T& x) { return x; }

    /// What a constant adds to a tangent.
    struct Nothing {
        friend constexpr const V& operator+(Nothing, const V& tangent) { return tangent; }
        friend constexpr const V& operator+(const V& tangent, Nothing) { return tangent; }
        friend constexpr Nothing operator+(Nothing, Nothing) { return {}; }
    };
    [[gnu::always_inline]] static constexpr Nothing term(const T&, auto) { return {}; }
    [[gnu::always_inline]] static constexpr V term(const D& x, auto partial)
    {
        return times(x.tangent, partial());
    }
};

}  // namespace autodiff

/// @cond
template <class T, class V>
struct std::numeric_limits<autodiff::Dual<T, V>> : std::numeric_limits<T> {};
/// @endcond
