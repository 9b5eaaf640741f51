#pragma once

// The elementwise functions whose accuracy is measured: how each is called on tensors and on numbers, what it
// is in long double, and where it is measured. Long double has to have 11 bits more than double; its
// functions in glibc are right to a few of its last places, which is some 0.003 ulp of double.

#include <accuracy/points.hpp>
#include <support/function_on.hpp>

#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace autodiff::tests {

struct MeasuredFunction {
    /// The name of its rule.
    std::string name;
    /// As the table of the documentation says it.
    std::string domain;
    std::tuple<FunctionOn<Tensor<double>>, FunctionOn<Tensor<float>>, FunctionOn<Scalar<double>>,
               FunctionOn<Scalar<float>>>
        functions;
    FunctionOn<long double> exact;
    /// For each argument.
    std::vector<Points> points;
    /// In units in the last place, of double and of float.
    double bound = 4;
};

/// f and exact are lambdas of one to three numbers, f a generic one.
template <class F, class Exact>
    requires std::is_class_v<F> && std::is_class_v<Exact>
MeasuredFunction measured(std::string name, std::string domain, std::vector<Points> points, F, Exact)
{
    return {.name = std::move(name),
            .domain = std::move(domain),
            .functions = {&detail::call_elementwise<F, Tensor<double>>,
                          &detail::call_elementwise<F, Tensor<float>>,
                          &detail::call_elementwise<F, Scalar<double>>,
                          &detail::call_elementwise<F, Scalar<float>>},
            .exact = &detail::call_elementwise<Exact, long double>,
            .points = std::move(points)};
}

std::vector<MeasuredFunction> elementary_functions();
std::vector<MeasuredFunction> activation_functions();
std::vector<MeasuredFunction> arithmetic_functions();

}  // namespace autodiff::tests
