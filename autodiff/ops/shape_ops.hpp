#pragma once

// Ops that look at the elements of x in another shape or order. All but sum_to_shape are views where strides
// allow it; all are linear, and the pullback of each is the op that undoes it.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// The elements of x, in row-major order, in another shape; one size may be -1 and is then worked out.
///   x̄ = reshape(ȳ, shape of x).   @throws ShapeError if the counts differ.
template <class T>
Tensor<T> reshape(const Tensor<T>& x, const Shape& shape);

/// The axes from `first_axis` on as one: flatten(x, 1) keeps the axis of a batch. A number becomes a vector
/// of one.
/// @throws AxisError if x does not have that axis.
template <class T>
Tensor<T> flatten(const Tensor<T>& x, Index first_axis = 0);

/// x without the given axes, which must have size one; without all that have, if none is named.
/// @throws AxisError for an axis that x does not have, ShapeError for one of another size.
template <class T>
Tensor<T> squeeze(const Tensor<T>& x, const Axes& axes = {});

/// x with new axes of size one, at these positions of the result: unsqueeze(x, {0, -1}) of (2, 3) is (1, 2,
/// 3, 1).
/// @throws AxisError for a position that the result does not have, or that is named twice.
template <class T>
Tensor<T> unsqueeze(const Tensor<T>& x, const Axes& axes);

/// x stretched to a shape it broadcasts to;   x̄ = sum_to_shape(ȳ).   @throws ShapeError if it does not.
template <class T>
Tensor<T> broadcast_to(const Tensor<T>& x, const Shape& shape);

/// The transpose of broadcast_to: sums over the axes along which `shape` was stretched to x's shape.
///   x̄ = broadcast_to(ȳ).   @throws ShapeError if `shape` does not broadcast to x's shape.
template <class T>
Tensor<T> sum_to_shape(const Tensor<T>& x, const Shape& shape);

}  // namespace autodiff
