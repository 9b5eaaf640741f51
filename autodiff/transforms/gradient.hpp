#pragma once

// gradient and value_and_gradient: one recording, one sweep backwards.
//
//     gradient(f, x)                       of a function of numbers or tensors, one or several
//     gradient(f, std::vector{…})          of a function of a container of numbers
//     value_and_gradient([&] { … }, p)     of a model's parameters p

#include <autodiff/transforms/functions.hpp>
#include <autodiff/transforms/scalar_trace.hpp>
#include <autodiff/transforms/trace.hpp>

namespace autodiff {

namespace detail {

template <class C, class F>
auto scalar_value_and_gradient(F&& f, const C& x)
{
    using T = typename C::value_type;
    ScalarTrace<C> trace(x);
    const Scalar<T> y = trace.run([&](const auto& variables) {
        auto result = f(variables);
        static_assert(
            Number<decltype(result)>,
            "autodiff: gradient needs a function that returns one number; for several use jacobian or vjp");
        return std::array{lift<Scalar<T>>(result)};
    })[0];
    return ValueAndGradient<T, C>{y.value(), trace.pull(std::array{y}, std::array{lift<T>(1)})};
}

/// Makes a model's parameters variables for a scope, and gives them back their values after it.
template <class T>
class BoundParameters {
public:
    explicit BoundParameters(const Parameters<T>& parameters, const char* transform = "gradient");
    BoundParameters(const BoundParameters&) = delete;
    BoundParameters& operator=(const BoundParameters&) = delete;
    ~BoundParameters();

    const std::vector<Tensor<T>>& values() const { return values_; }
    void bind(const std::vector<Tensor<T>>& variables);

private:
    const Parameters<T>& parameters_;
    std::vector<Tensor<T>> values_;
};

extern template class BoundParameters<double>;
extern template class BoundParameters<float>;

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

/// The value of f at numbers x… and its partial derivative with respect to each: a number for one argument,
/// std::array for several. f is called with Scalar<T>, so it must be generic or take those.
/// @throws RecordingError if f uses a variable of another recording.
template <class F, Number... X>
    requires(sizeof...(X) > 0)
auto value_and_gradient(F&& f, const X&... x)
{
    using T = detail::Floating<X...>;
    auto [value, gradient] =
        detail::scalar_value_and_gradient(detail::spread(f), std::array<T, sizeof...(X)>{lift<T>(x)...});
    auto unwrapped = detail::unwrapped(std::move(gradient));
    return ValueAndGradient<T, decltype(unwrapped)>{std::move(value), std::move(unwrapped)};
}

/// The value of f at a container of numbers and its gradient, a container of the same kind.
template <class F, NumberContainer C>
auto value_and_gradient(F&& f, const C& x)
{
    return detail::scalar_value_and_gradient(f, x);
}

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
    auto gradient = detail::unwrapped(detail::to_array<T, count>(trace.pull(Tensor<T>(T{1}))));
    return ValueAndGradient<Tensor<T>, decltype(gradient)>{value, std::move(gradient)};
}

/// The value of f() and its gradient with respect to a model's parameters, in their order. While f runs, the
/// parameters are variables; afterwards they are what they were.
/// @throws ShapeError if f does not return a single number, RecordingError if a tensor is named twice.
template <class F, class T>
    requires std::invocable<F&>
ValueAndGradient<Tensor<T>, std::vector<Tensor<T>>> value_and_gradient(F&& f, const Parameters<T>& parameters)
{
    detail::BoundParameters<T> bound(parameters);
    Trace<T> trace(bound.values());
    bound.bind(trace.variables());
    const Tensor<T> value = detail::run(trace, f);
    trace.require_scalar_result("gradient");
    return {value, trace.pull(Tensor<T>(T{1}))};
}

/// As value_and_gradient, without the value.
template <class F, class... X>
    requires requires(F& f, const X&... x) { value_and_gradient(f, x...); }
auto gradient(F&& f, const X&... x)
{
    return value_and_gradient(f, x...).gradient;
}

}  // namespace autodiff
