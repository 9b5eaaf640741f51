#pragma once

// The elementwise functions whose accuracy is measured: how each is called on tensors, what it is in long
// double, and where it is measured. Long double has to have 11 bits more than double; its functions in glibc
// are right to a few of its last places, which is some 0.003 ulp of double.

#include <accuracy/points.hpp>

#include <autodiff/autodiff.hpp>

#include <concepts>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace autodiff::tests {

template <class T>
using OnTensors = Tensor<T> (*)(std::span<const Tensor<T>>);

struct MeasuredFunction {
    /// The name of its rule.
    std::string name;
    /// As the table of the documentation says it.
    std::string domain;
    std::tuple<OnTensors<double>, OnTensors<float>> functions;
    long double (*exact)(std::span<const long double>);
    /// For each argument.
    std::vector<Points> points;
    /// In units in the last place, of double and of float.
    double bound = 4;
};

namespace detail {

template <class F, class X>
auto call_with(const F& f, std::span<const X> x)
{
    if constexpr (std::invocable<F, X>) return f(x[0]);
    else if constexpr (std::invocable<F, X, X>) return f(x[0], x[1]);
    else return f(x[0], x[1], x[2]);
}

}  // namespace detail

/// f and exact are lambdas of one to three numbers, f a generic one.
template <class F, class Exact>
    requires std::is_class_v<F> && std::is_class_v<Exact>
MeasuredFunction measured(std::string name, std::string domain, std::vector<Points> points, F, Exact)
{
    return {.name = std::move(name),
            .domain = std::move(domain),
            .functions = {[](std::span<const Tensor<double>> x) { return detail::call_with(F{}, x); },
                          [](std::span<const Tensor<float>> x) { return detail::call_with(F{}, x); }},
            .exact = [](std::span<const long double> x) { return detail::call_with(Exact{}, x); },
            .points = std::move(points)};
}

std::vector<MeasuredFunction> elementary_functions();
std::vector<MeasuredFunction> activation_functions();
std::vector<MeasuredFunction> arithmetic_functions();

}  // namespace autodiff::tests
