#pragma once

// Copies between windows of arrays: what slices, pads and concatenations are made of.

#include <autodiff/array.hpp>

namespace autodiff::kernels {

/// An array of `shape` filled with `fill`, into which x is written from position `start` on, `step` apart.
template <class T>
Array<T> embed(const Array<T>& x, const Shape& shape, const Dims& start, const Dims& step, T fill);

/// The parts one after the other along an axis. Their other sizes are equal.
template <class T>
Array<T> concatenate(std::span<const Array<T>> parts, std::size_t axis);

}  // namespace autodiff::kernels
