#pragma once

// gradient and value_and_gradient of functions of numbers: see gradient.hpp.
//
// A function of a few plain numbers goes forwards, with a direction for each, if it takes dual numbers: that
// needs no tape. All others are recorded.

#include <autodiff/transforms/scalar_trace.hpp>

namespace autodiff {

namespace detail {

/// f's result as an X.
template <class X, class Y>
X one_number(const Y& result)
{
    static_assert(
        Number<Y>,
        "autodiff: gradient needs a function that returns one number; for several use jacobian or vjp");
    return lift<X>(result);
}

template <class C, class F>
auto scalar_value_and_gradient(F&& f, const C& x)
{
    using T = typename C::value_type;
    ScalarTrace<C> trace(x);
    const Scalar<T> y =
        trace.run([&](const auto& variables) { return std::array{one_number<Scalar<T>>(f(variables))}; })[0];
    return ValueAndGradient<T, C>{y.value(), trace.pull(std::array{y}, std::array{lift<T>(1)})};
}

/// Up to how many numbers go forwards: see decision 0011.
inline constexpr std::size_t few = 8;

/// The numbers with which F goes forwards.
template <class F, class T, std::size_t N, Products P = Products::plain>
using Forward = Dual<T, Directions<T, N, P, std::remove_cvref_t<F>>>;

template <class F, class T, std::size_t N>
inline constexpr bool goes_forwards = [] {
    if constexpr (std::floating_point<T> && 0 < N && N <= few)
        return std::invocable<F&, const std::array<Forward<F, T, N>, N>&>;
    else return false;
}();
/// The same for a function of N arguments.
template <class F, class T, std::size_t N>
inline constexpr bool spread_goes_forwards = [] {
    if constexpr (std::floating_point<T> && 0 < N && N <= few)
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return std::invocable<F&, decltype((void)I, std::declval<const Forward<F, T, N>&>())...>;
        }(std::make_index_sequence<N>{});
    else return false;
}();

template <class D, class T, std::size_t N>
D evaluate_forwards(auto&& f, const std::array<T, N>& x)
{
    using V = decltype(D::tangent);
    return one_number<D>(f(mapped(x, [](T value, std::size_t i) {
        return D(value, V::each([i](std::size_t k) { return T(k == i); }));
    })));
}
template <class T, std::size_t N>
auto result_of(const auto& dual)
{
    return ValueAndGradient<T, std::array<T, N>>{dual.value, dual.tangent.of};
}
/// While a DetectAnomalies lives, which the careful evaluation tells of each op.
template <class F, class T, std::size_t N>
[[gnu::noinline, gnu::cold]] auto watched_forwards(auto&& f, const std::array<T, N>& x)
{
    const auto evaluating = forwards<T>();
    watch_forwards();
    const auto y = evaluate_forwards<Forward<F, T, N, Products::careful>>(f, x);
    bool is_finite = true;
    for (const T partial : y.tangent.of) is_finite &= std::isfinite(partial);
    watch_result_forwards(is_finite);
    return result_of<T, N>(y);
}
/// Of the function F, as `f` calls it with an array.
template <class F, class T, std::size_t N>
auto value_and_gradient_forwards(auto&& f, const std::array<T, N>& x)
{
    if (watch) [[unlikely]]
        return watched_forwards<F>(f, x);
    const auto evaluating = forwards<T>();
    const auto y = evaluate_forwards<Forward<F, T, N>>(f, x);
    T sum{};
    for (const T partial : y.tangent.of) sum += partial;
    const auto carefully = [&]() __attribute__((noinline, cold)) {
        return result_of<T, N>(evaluate_forwards<Forward<F, T, N, Products::careful>>(f, x));
    };
    return std::isnan(sum) ? carefully() : result_of<T, N>(y);
}

}  // namespace detail

/// The value of f at numbers x… and its partial derivative with respect to each: a number for one argument,
/// std::array for several. f is called with Scalar<T>, or with dual numbers if it takes those too, so it
/// must be generic or take Scalar<T>. With dual numbers it is called a second time if a derivative comes out
/// as NaN.
/// @throws RecordingError if f uses a variable of another recording.
template <class F, Number... X>
    requires(sizeof...(X) > 0)
auto value_and_gradient(F&& f, const X&... x)
{
    using T = detail::Floating<X...>;
    const std::array<T, sizeof...(X)> point{lift<T>(x)...};
    auto [value, gradient] = [&] {
        if constexpr (detail::spread_goes_forwards<F, T, sizeof...(X)>)
            return detail::value_and_gradient_forwards<F>(detail::spread(f), point);
        else return detail::scalar_value_and_gradient(detail::spread(f), point);
    }();
    auto unwrapped = detail::unwrapped(std::move(gradient));
    return ValueAndGradient<T, decltype(unwrapped)>{std::move(value), std::move(unwrapped)};
}

/// The value of f at a container of numbers and its gradient, a container of the same kind.
template <class F, NumberContainer C>
auto value_and_gradient(F&& f, const C& x)
{
    return detail::scalar_value_and_gradient(f, x);
}

/// The same for a few of them.
template <class F, Number T, std::size_t N>
    requires detail::goes_forwards<F, T, N>
auto value_and_gradient(F&& f, const std::array<T, N>& x)
{
    return detail::value_and_gradient_forwards<F>(f, x);
}

/// As value_and_gradient, without the value.
template <class F, class... X>
    requires requires(F& f, const X&... x) { value_and_gradient(f, x...); }
auto gradient(F&& f, const X&... x)
{
    return value_and_gradient(f, x...).gradient;
}

}  // namespace autodiff
