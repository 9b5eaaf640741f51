#pragma once

// Ops that rearrange elements: views where strides allow it, copies where they do not. All are linear: the pullback
// of each is the op that undoes it.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// The elements of x, in row-major order, in another shape; one size may be -1 and is then worked out.
///   x̄ = reshape(ȳ, shape of x).   @throws ShapeError if the counts differ.
template <class T>
Tensor<T> reshape(const Tensor<T>& x, const Shape& shape);

/// x stretched to a shape it broadcasts to;   x̄ = sum_to_shape(ȳ).   @throws ShapeError if it does not.
template <class T>
Tensor<T> broadcast_to(const Tensor<T>& x, const Shape& shape);

/// The transpose of broadcast_to: sums over the axes along which `shape` was stretched to x's shape.
///   x̄ = broadcast_to(ȳ).   @throws ShapeError if `shape` does not broadcast to x's shape.
template <class T>
Tensor<T> sum_to_shape(const Tensor<T>& x, const Shape& shape);

}  // namespace autodiff
