#pragma once

// vjp: the value of f and its pullback, to be applied to as many adjoints as wanted. The recording lives as
// long as the pullback.
//
//     auto [y, pullback] = vjp(f, x);
//     Tensor<> x_bar = pullback(y_bar);      // x̄ = Jᵀ ȳ

#include <autodiff/error.hpp>
#include <autodiff/transforms/gradient.hpp>

#include <memory>

namespace autodiff {

/// What vjp returns: the value, and the linear map back from its adjoint.
template <class V, class P>
struct ValueAndPullback {
    V value;     ///< f(x)
    P pullback;  ///< x̄ from ȳ, as often as it is called
};

/// Of a function of tensors x… that returns one tensor. pullback(ȳ) gives x̄: a tensor for one argument,
/// std::array for several. Within another recording its results can be differentiated again, while that
/// recording runs.
/// @throws ShapeError (from the pullback) if ȳ does not have the value's shape.
template <class F, class T, std::same_as<Tensor<T>>... More>
auto vjp(F&& f, const Tensor<T>& x, const More&... more)
{
    constexpr std::size_t count = 1 + sizeof...(More);
    const std::array<Tensor<T>, count> arguments{x, more...};
    auto trace = std::make_shared<Trace<T>>(arguments);
    const Tensor<T> value = detail::run(
        *trace, [&] { return detail::spread(f)(detail::to_array<T, count>(trace->variables())); });
    auto pullback = [trace](const Tensor<T>& y_bar) {
        return detail::unwrapped(detail::to_array<T, count>(trace->pull(y_bar)));
    };
    return ValueAndPullback<Tensor<T>, decltype(pullback)>{value, std::move(pullback)};
}

/// Of a function from a container of numbers to a container of numbers.
/// @throws ShapeError (from the pullback) if ȳ has another size than the value.
template <class F, NumberContainer C>
auto vjp(F&& f, const C& x)
{
    using T = typename C::value_type;
    auto trace = std::make_shared<ScalarTrace<C>>(x);
    auto y = trace->run([&](const auto& variables) { return f(variables); });
    auto value = detail::mapped(y, [](const Scalar<T>& scalar, std::size_t) { return scalar.value(); });
    auto pullback = [trace, y](const decltype(value)& y_bar) {
        if (y_bar.size() != y.size())
            fail<ShapeError>("pullback: {} adjoints for {} results", y_bar.size(), y.size());
        return trace->pull(y, y_bar);
    };
    return ValueAndPullback<decltype(value), decltype(pullback)>{std::move(value), std::move(pullback)};
}

}  // namespace autodiff
