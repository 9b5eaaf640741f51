#pragma once

// jvp: the value of f and its derivative along a direction, ẏ = J ẋ. Forward mode: dual numbers for numbers;
// for tensors the recorded linear maps, applied forwards.

#include <autodiff/error.hpp>
#include <autodiff/transforms/gradient.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff {

namespace detail {

/// The dual numbers that f is called with: one direction, which is f's own, so that it does not mix with that
/// of a function around it; for a function that says so plain Dual<T>.
template <class F, class T>
using OneDirection = Dual<T, Directions<T, 1, Products::careful, std::remove_cvref_t<F>>>;
template <class T, class V>
Dual<T, V> with_tangent(const T& value, const T& tangent)
{
    if constexpr (std::same_as<T, V>) return {value, tangent};
    else return {value, V{{tangent}}};
}
template <class T>
const T& tangent_of(const Dual<T>& y)
{
    return y.tangent;
}
template <class T, class F>
const T& tangent_of(const Dual<T, Directions<T, 1, Products::careful, F>>& y)
{
    return y.tangent.of[0];
}

/// f's result on dual numbers, of which is_finite says whether their tangents are.
/// @throws AnomalyError while a DetectAnomalies lives, if an op made one that is not.
template <class T>
auto evaluate_along(auto&& evaluate, auto is_finite)
{
    const bool is_watched = std::floating_point<T> && watch;
    if (is_watched) [[unlikely]]
        watch_forwards();
    auto y = evaluate();
    if (is_watched) [[unlikely]]
        watch_result_forwards(is_finite(y));
    return y;
}
template <class T, class V>
bool has_finite_tangent(const Dual<T, V>& y)
{
    if constexpr (std::floating_point<T>) return std::isfinite(tangent_of(y));
    else return true;
}

}  // namespace detail

/// Of a function of one number. A function that declares its parameter as Dual<T> must not be called within
/// another such function whose variable it uses: their directions would mix.
template <class F, Number X, Number V>
auto jvp(F&& f, const X& x, const V& x_dot)
{
    using T = detail::Floating<X, V>;
    using Own = detail::OneDirection<F, T>;
    using D = std::conditional_t<std::invocable<F&, const Own&>, Own, Dual<T>>;
    const D y = detail::evaluate_along<T>(
        [&] { return lift<D>(f(detail::with_tangent<T, decltype(D::tangent)>(lift<T>(x), lift<T>(x_dot)))); },
        [](const D& result) { return detail::has_finite_tangent(result); });
    return ValueAndTangent<T>{y.value, detail::tangent_of(y)};
}

/// Of a function of a container of numbers that returns a number or a container of them.
/// @throws ShapeError if the direction has another size than x.
template <class F, NumberContainer C>
auto jvp(F&& f, const C& x, const C& x_dot)
{
    using T = typename C::value_type;
    using Own = detail::OneDirection<F, T>;
    using D =
        std::conditional_t<std::invocable<F&, const typename detail::Rebound<C, Own>::type&>, Own, Dual<T>>;
    if (x.size() != x_dot.size()) fail<ShapeError>("jvp: {} tangents for {} numbers", x_dot.size(), x.size());
    const auto is_finite = [](const auto& result) {
        if constexpr (Number<std::remove_cvref_t<decltype(result)>>)
            return detail::has_finite_tangent(lift<D>(result));
        else
            return std::ranges::all_of(result,
                                       [](const D& dual) { return detail::has_finite_tangent(dual); });
    };
    const auto y = detail::evaluate_along<T>(
        [&] {
            return f(detail::mapped(x, [&](const T& value, std::size_t i) {
                return detail::with_tangent<T, decltype(D::tangent)>(value, x_dot[i]);
            }));
        },
        is_finite);
    if constexpr (Number<std::remove_const_t<decltype(y)>>) {
        const D dual = lift<D>(y);
        return ValueAndTangent<T>{dual.value, detail::tangent_of(dual)};
    } else {
        auto value = detail::mapped(y, [](const D& dual, std::size_t) { return dual.value; });
        auto tangent = detail::mapped(y, [](const D& dual, std::size_t) { return detail::tangent_of(dual); });
        return ValueAndTangent<decltype(value)>{std::move(value), std::move(tangent)};
    }
}

/// Of a function of several tensors that returns one. @throws ShapeError if a direction's shape differs.
template <class F, class T, std::size_t N>
ValueAndTangent<Tensor<T>> jvp(F&& f, const std::array<Tensor<T>, N>& x,
                               const std::array<Tensor<T>, N>& x_dot)
{
    Trace<T> trace(x);
    const Tensor<T> value =
        detail::run(trace, [&] { return detail::spread(f)(detail::to_array<T, N>(trace.variables())); });
    return {value, trace.push(x_dot)};
}

/// Of a function of one tensor that returns one.
template <class F, class T>
ValueAndTangent<Tensor<T>> jvp(F&& f, const Tensor<T>& x, const Tensor<T>& x_dot)
{
    return jvp(f, std::array{x}, std::array{x_dot});
}

}  // namespace autodiff
