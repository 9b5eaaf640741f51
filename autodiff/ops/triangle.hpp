#pragma once

// Diagonals and triangles of matrices, the last two axes of a tensor. All are linear.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// y_i = x_ii, (…, n, m) -> (…, min(n, m)), a view;   x̄ has ȳ on its diagonal and is zero elsewhere.
/// @throws ShapeError if x has fewer than two axes.
template <class T>
Tensor<T> diagonal(const Tensor<T>& x);

/// y_ii = x_i, zero elsewhere, (…, n) -> (…, n, n);   x̄ = diagonal(ȳ).   @throws ShapeError if x has no axes.
template <class T>
Tensor<T> diagonal_matrix(const Tensor<T>& x);

/// y = Σ x_ii, (…, n, m) -> (…);   x̄ = ȳ I.   @throws ShapeError if x has fewer than two axes.
template <class T>
Tensor<T> trace(const Tensor<T>& x);

/// y_ij = x_ij where j <= i + offset, else 0: with offset 0 the lower triangle and the diagonal.
///   x̄ = lower_triangle(ȳ, offset).   @throws ShapeError if x has fewer than two axes.
template <class T>
Tensor<T> lower_triangle(const Tensor<T>& x, Index offset = 0);

/// y_ij = x_ij where j >= i + offset, else 0: with offset 0 the upper triangle and the diagonal.
///   x̄ = upper_triangle(ȳ, offset).   @throws ShapeError if x has fewer than two axes.
template <class T>
Tensor<T> upper_triangle(const Tensor<T>& x, Index offset = 0);

}  // namespace autodiff
