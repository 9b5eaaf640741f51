#pragma once

// gradient and value_and_gradient: one recording, one sweep backwards.
//
//     gradient(f, x)                       of a function of numbers or tensors, one or several
//     gradient(f, std::vector{…})          of a function of a container of numbers
//     value_and_gradient([&] { … }, p)     of a model's parameters p

#include <autodiff/transforms/parameters.hpp>
#include <autodiff/transforms/scalar_gradient.hpp>
#include <autodiff/transforms/trace.hpp>

#include <algorithm>

namespace autodiff {

namespace detail {

template <class T, std::size_t N>
std::array<Tensor<T>, N> to_array(std::vector<Tensor<T>> tensors)
{
    std::array<Tensor<T>, N> array;
    std::move(tensors.begin(), tensors.end(), array.begin());
    return array;
}

/// Runs f on the trace's variables (a container of them) and tells the trace the result.
template <class T, class F>
Tensor<T> run(Trace<T>& trace, F&& f)
{
    static_assert(
        std::same_as<std::remove_cvref_t<decltype(f())>, Tensor<T>>,
        "autodiff: the function must return a Tensor of the arguments' number type; item() and x(i) "
        "are plain numbers without a derivative");
    Tensor<T> y;
    {
        const auto running = trace.running();
        y = f();
    }
    return trace.finish(y);
}

}  // namespace detail

/// The value of f at tensors x…, which must have rank 0, and its gradient: a tensor of x's shape for one
/// argument, std::array of them for several. Within another recording the result can be differentiated again.
/// @throws ShapeError if f does not return a single number.
template <class F, class T, std::same_as<Tensor<T>>... More>
auto value_and_gradient(F&& f, const Tensor<T>& x, const More&... more)
{
    constexpr std::size_t count = 1 + sizeof...(More);
    const std::array<Tensor<T>, count> arguments{x, more...};
    Trace<T> trace(arguments);
    const Tensor<T> value =
        detail::run(trace, [&] { return detail::spread(f)(detail::to_array<T, count>(trace.variables())); });
    trace.require_scalar_result("gradient");
    std::vector<Tensor<T>> adjoints;
    trace.pull_once(Tensor<T>(T{1}), adjoints);
    auto gradient = detail::unwrapped(detail::to_array<T, count>(std::move(adjoints)));
    return ValueAndGradient<Tensor<T>, decltype(gradient)>{value, std::move(gradient)};
}

/// The value of f(), and its gradient with respect to a model's parameters in a vector whose memory is used
/// again: a steady loop of training then asks for no memory at all. What the vector held is dropped first.
/// @throws as below.
template <class F, class T>
    requires std::invocable<F&>
Tensor<T> value_and_gradient(F&& f, const Parameters<T>& parameters, std::vector<Tensor<T>>& gradient)
{
    gradient.clear();
    detail::BoundParameters<T> bound(parameters);
    Trace<T> trace(bound.values());
    bound.bind(trace.variables());
    const Tensor<T> value = detail::run(trace, f);
    trace.require_scalar_result("gradient");
    trace.pull_once(Tensor<T>(T{1}), gradient);
    return value;
}

/// The value of f() and its gradient with respect to a model's parameters, in their order. While f runs, the
/// parameters are variables; afterwards they are what they were.
/// @throws ShapeError if f does not return a single number, RecordingError if a tensor is named twice.
template <class F, class T>
    requires std::invocable<F&>
ValueAndGradient<Tensor<T>, std::vector<Tensor<T>>> value_and_gradient(F&& f, const Parameters<T>& parameters)
{
    std::vector<Tensor<T>> gradient;
    const Tensor<T> value = value_and_gradient(f, parameters, gradient);
    return {value, std::move(gradient)};
}

}  // namespace autodiff
