#pragma once

// Elements picked and placed by integer positions, which count from the end when negative. A position that
// repeats gets the sum of its adjoints.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// The slices of x at positions along an axis, whose place the axes of `indices` take: of a matrix (m, n) and
/// indices of shape (k,), k rows (k, n).   x̄[…, indices, …] += ȳ
/// @throws AxisError for an axis that x does not have, IndexError for a position outside it.
template <class T>
Tensor<T> take(const Tensor<T>& x, const IndexArray& indices, Index axis = 0);

/// y[…, j, …] = x[…, indices[…, j, …], …] along an axis: one position for each element of the result, such as
/// argsort, argmax and topk give.   x̄[…, indices[…, j, …], …] += ȳ[…, j, …]
/// @throws AxisError for an axis that x does not have, ShapeError unless all sizes but that axis's are equal,
///         IndexError for a position outside it.
template <class T>
Tensor<T> gather(const Tensor<T>& x, const IndexArray& indices, Index axis);

/// x with updates added at positions along an axis: y[…, indices[…, j, …], …] += updates[…, j, …].
///   x̄ = ȳ;   the adjoint of the updates is gather(ȳ, indices, axis)
/// @throws AxisError for an axis that x does not have, ShapeError unless updates and indices have one shape,
///         which differs from x's along that axis only, IndexError for a position outside it.
template <class T>
Tensor<T> scatter_add(const Tensor<T>& x, const IndexArray& indices, const Tensor<T>& updates, Index axis);

/// A new last axis of `classes` elements: 1 at the position that the label names, 0 elsewhere. A constant.
/// @throws IndexError for a label that is negative or not below `classes`.
template <class T = double>
Tensor<T> one_hot(const IndexArray& labels, Index classes);

namespace detail {

/// gather for indices that are known to fit, under the name of the op that found them.
template <class T>
Tensor<T> gathered(const char* name, const Tensor<T>& x, const IndexArray& indices, std::size_t axis);
/// The transpose of gather.
template <class T>
Tensor<T> add_gathered(const Tensor<T>& x, const IndexArray& indices, const Shape& shape, std::size_t axis);

}  // namespace detail

}  // namespace autodiff
