#pragma once

// check_gradient: compares the derivatives of f that the library computes with differences, at one point.

#include <autodiff/ops/reduce.hpp>
#include <autodiff/transforms/differences.hpp>
#include <autodiff/transforms/gradient.hpp>

#include <functional>

namespace autodiff {

/// How check_gradient compares.
struct CheckOptions {
    /// Largest difference allowed, relative to the larger of 1, |analytic| and |numeric|; the estimated error
    /// of the differences is allowed on top.
    double tolerance = 1e-7;
    /// First step of the differences, relative to the larger of 1 and |x|.
    double step = 0.05;
};

/// What check_gradient found.
struct CheckReport {
    std::size_t compared = 0;  ///< partial derivatives compared
    double worst_error = 0;    ///< the largest relative difference among them
};

namespace detail {

/// The ops a trace has recorded, each once, in order: "matmul, add, sigmoid".
template <class T>
std::string ops_of(const Trace<T>& trace);

/// Compares one partial derivative with the numeric one of `value`, the function of a change of that
/// argument.
/// @throws GradientError naming op, point, analytic and numeric value.
void compare_derivative(CheckReport& report, const CheckOptions& options, const std::string& op,
                        const std::string& where, double at, double analytic,
                        const std::function<double(double)>& value);

/// Weights by which the elements of a result are added up, so that every one of them is checked at once.
Tensor<double> checking_weights(const Shape& shape);

/// Element i of x in row-major order, and x with `change` added to it.
double element(const Tensor<double>& x, Index i);
Tensor<double> with_change(const Tensor<double>& x, Index i, double change);

/// "x[1, 2]", "x2", …: which element of which argument.
std::string position_text(std::size_t argument, std::size_t arguments, const Shape& shape, Index i);

}  // namespace detail

/// Checks the pullbacks of f at tensors x…. f may return a tensor of any shape: a fixed weighted sum of its
/// elements is differentiated. @throws GradientError for the first derivative that disagrees.
template <class F, std::same_as<Tensor<double>>... X>
    requires(sizeof...(X) > 0)
CheckReport check_gradient(const CheckOptions& options, F&& f, const X&... x)
{
    constexpr std::size_t count = sizeof...(X);
    const std::array<Tensor<double>, count> point{x...};
    const auto g = detail::spread(f);
    Trace<double> trace(point);
    const Tensor<double> y =
        detail::run(trace, [&] { return g(detail::to_array<double, count>(trace.variables())); });
    const Tensor<double> weights = detail::checking_weights(y.shape());
    const std::vector<Tensor<double>> analytic = trace.pull(weights);
    const std::string op = detail::ops_of(trace);

    CheckReport report;
    for (std::size_t k = 0; k < count; ++k)
        for (Index i = 0; i < point[k].size(); ++i) {
            auto moved = point;
            const auto value = [&](double change) {
                moved[k] = detail::with_change(point[k], i, change);
                return sum(Tensor<double>(g(moved)) * weights).item();
            };
            detail::compare_derivative(report, options, op,
                                       detail::position_text(k, count, point[k].shape(), i),
                                       detail::element(point[k], i), detail::element(analytic[k], i), value);
        }
    return report;
}

/// Checks the gradient of f at numbers x…. @throws GradientError for the first partial derivative that
/// disagrees.
template <class F, std::same_as<double>... X>
    requires(sizeof...(X) > 0)
CheckReport check_gradient(const CheckOptions& options, F&& f, const X&... x)
{
    const std::array<double, sizeof...(X)> point{x...};
    const auto g = detail::spread(f);
    const auto analytic = gradient(g, point);
    std::string op = "the function";
    if constexpr (requires { f.name; }) op = f.name;

    CheckReport report;
    for (std::size_t k = 0; k < point.size(); ++k) {
        auto moved = point;
        const auto value = [&](double change) {
            moved[k] = point[k] + change;
            return g(moved);
        };
        detail::compare_derivative(report, options, op, detail::position_text(k, point.size(), Shape{}, 0),
                                   point[k], analytic[k], value);
    }
    return report;
}

template <class F, class... X>
    requires(!std::same_as<std::remove_cvref_t<F>, CheckOptions>)
CheckReport check_gradient(F&& f, const X&... x)
{
    return check_gradient(CheckOptions{}, f, x...);
}

}  // namespace autodiff
