#pragma once

// Elements picked by position along an axis, and the transposes of picking, which add where a position
// repeats. Indices are row-major and within the axis.

#include <autodiff/array.hpp>

namespace autodiff::kernels {

/// x[…, indices, …]: the axis is replaced by the axes of `indices`.
template <class T>
Array<T> take(const Array<T>& x, const IndexArray& indices, std::size_t axis);

/// Zeros of `shape`, to which each slice of x is added at its index: y[…, indices, …] += x.
template <class T>
Array<T> add_taken(const Array<T>& x, const IndexArray& indices, const Shape& shape, std::size_t axis);

/// y[…, j, …] = x[…, indices[…, j, …], …]. All sizes but the axis's are equal.
template <class T>
Array<T> gather(const Array<T>& x, const IndexArray& indices, std::size_t axis);

/// Zeros of `shape`, to which each element of x is added at its index: y[…, indices[…, j, …], …] += x[…, j,
/// …].
template <class T>
Array<T> add_gathered(const Array<T>& x, const IndexArray& indices, const Shape& shape, std::size_t axis);

}  // namespace autodiff::kernels
