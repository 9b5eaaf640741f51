#pragma once

// Which elements along an axis come first. NaN comes last in either order; equal elements keep their order.

#include <autodiff/array.hpp>

namespace autodiff {

/// Which of two elements comes first. NaN comes last either way, and equal ones as they were.
enum class Order : bool {
    ascending,  ///< the smaller one
    descending  ///< the larger one
};

namespace kernels {

/// The positions along an axis of the first `count` elements in the given order.
template <class T>
IndexArray order(const Array<T>& x, std::size_t axis, Index count, Order order);

/// The position of the first of the largest elements along an axis, or of the first NaN; size one along it.
template <class T>
IndexArray argmax(const Array<T>& x, std::size_t axis);
/// The position of the first of the smallest elements along an axis, or of the first NaN; size one along it.
template <class T>
IndexArray argmin(const Array<T>& x, std::size_t axis);

}  // namespace kernels

}  // namespace autodiff
