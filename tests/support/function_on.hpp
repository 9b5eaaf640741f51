#pragma once

// An op as a function of a list of numbers or tensors, made of a generic lambda.

#include <autodiff/autodiff.hpp>

#include <concepts>
#include <span>

namespace autodiff::tests {

/// What an op is on numbers X.
template <class X>
using FunctionOn = X (*)(std::span<const X>);

namespace detail {

template <class F, class X>
X call_elementwise(std::span<const X> x)
{
    if constexpr (std::invocable<F, X>) return lift<X>(F{}(x[0]));
    else if constexpr (std::invocable<F, X, X>) return lift<X>(F{}(x[0], x[1]));
    else return lift<X>(F{}(x[0], x[1], x[2]));
}

template <class F, class T>
Tensor<T> call_on_tensors(std::span<const Tensor<T>> x)
{
    return F{}(x);
}

}  // namespace detail

}  // namespace autodiff::tests
