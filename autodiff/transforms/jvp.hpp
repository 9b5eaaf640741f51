#pragma once

// jvp: the value of f and its derivative along a direction, ẏ = J ẋ. Forward mode: dual numbers for numbers;
// for tensors the recorded linear maps, applied forwards.

#include <autodiff/error.hpp>
#include <autodiff/transforms/gradient.hpp>

namespace autodiff {

/// Of a function of one number.
template <class F, Number X, Number V>
auto jvp(F&& f, const X& x, const V& x_dot)
{
    using T = detail::Floating<X, V>;
    const auto y = lift<Dual<T>>(f(Dual<T>(lift<T>(x), lift<T>(x_dot))));
    return ValueAndTangent<T>{y.value, y.tangent};
}

/// Of a function of a container of numbers that returns a number or a container of them.
/// @throws ShapeError if the direction has another size than x.
template <class F, NumberContainer C>
auto jvp(F&& f, const C& x, const C& x_dot)
{
    using T = typename C::value_type;
    if (x.size() != x_dot.size()) fail<ShapeError>("jvp: {} tangents for {} numbers", x_dot.size(), x.size());
    auto y = f(detail::mapped(x, [&](const T& value, std::size_t i) { return Dual<T>(value, x_dot[i]); }));
    if constexpr (Number<decltype(y)>) {
        const Dual<T> dual = lift<Dual<T>>(y);
        return ValueAndTangent<T>{dual.value, dual.tangent};
    } else {
        auto value = detail::mapped(y, [](const Dual<T>& dual, std::size_t) { return dual.value; });
        auto tangent = detail::mapped(y, [](const Dual<T>& dual, std::size_t) { return dual.tangent; });
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
