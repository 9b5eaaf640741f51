#pragma once

// Ops that look at the elements of x in another order. All are views, and the pullback of each is the op that
// undoes it.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// x with its axes in another order: axis i of the result is axis axes[i] of x.
///   x̄ = permute(ȳ, inverse of axes).   @throws AxisError unless each axis of x is named once.
template <class T>
Tensor<T> permute(const Tensor<T>& x, const Axes& axes);

/// x with its axes in reverse order, (a, b, c) -> (c, b, a): of a matrix, Xᵀ.   x̄ = transpose(ȳ)
/// Batches of matrices are transposed by swap_axes(x, -2, -1).
template <class T>
Tensor<T> transpose(const Tensor<T>& x);

/// x with two axes exchanged.   x̄ = swap_axes(ȳ, a, b).   @throws AxisError for an axis that x does not have.
template <class T>
Tensor<T> swap_axes(const Tensor<T>& x, Index a, Index b);

/// x with the order of its elements reversed along the axes, along all of them if none is named.
///   x̄ = flip(ȳ, axes).   @throws AxisError for an axis that x does not have.
template <class T>
Tensor<T> flip(const Tensor<T>& x, const Axes& axes = {});

}  // namespace autodiff
