#pragma once

// Reductions over any axes: an empty list of axes means all of them. With KeepDims::yes the reduced axes
// stay, with size one, so that the result broadcasts against the argument. Every one throws AxisError for an
// axis that x does not have. In the formulas an adjoint ȳ is stretched to x's shape, and n is the number of
// elements that one element of the result is made of.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// y = Σ x;   x̄ = ȳ. The sum of nothing is 0.
template <class T>
Tensor<T> sum(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no);

/// y = Σ x / n;   x̄ = ȳ / n.   @throws DomainError for the mean of nothing.
template <class T>
Tensor<T> mean(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no);

/// y = Π x;   x̄_i = ȳ Π_(j≠i) x_j, right with zeros among x, too. The product of nothing is 1.
template <class T>
Tensor<T> prod(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no);

/// y = the largest of x, NaN if one is;   x̄ = ȳ at the largest, in equal shares where several are.
/// @throws DomainError for the maximum of nothing.
template <class T>
Tensor<T> max(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no);

/// y = the smallest of x, NaN if one is;   x̄ = ȳ at the smallest, in equal shares where several are.
/// @throws DomainError for the minimum of nothing.
template <class T>
Tensor<T> min(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no);

/// y = Σ (x - mean)² / (n - correction);   x̄ = ȳ 2 (x - mean) / (n - correction)
/// A correction of 0 gives the variance of x itself, 1 the unbiased estimate from a sample.
/// @throws DomainError unless n > correction ≥ 0.
template <class T>
Tensor<T> variance(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no,
                   Index correction = 0);

/// y = √variance;   x̄ = ȳ (x - mean) / ((n - correction) y), and 0 where y = 0.
/// @throws DomainError unless n > correction ≥ 0.
template <class T>
Tensor<T> standard_deviation(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no,
                             Index correction = 0);

/// y = √Σ x², without overflow or underflow between;   x̄ = ȳ x / y, and 0 where y = 0. The norm of nothing is
/// 0.
template <class T>
Tensor<T> norm(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no);

}  // namespace autodiff
