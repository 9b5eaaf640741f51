#pragma once

// Elements in order along an axis. Positions are those that gather() takes; they carry no derivative. NaN
// comes last in either order, and equal elements keep their order.

#include <autodiff/kernels/order.hpp>
#include <autodiff/tensor.hpp>

namespace autodiff {

/// x in order along an axis;   x̄ = ȳ, each adjoint at its element's old place.
/// @throws AxisError for an axis that x does not have.
template <class T>
Tensor<T> sort(const Tensor<T>& x, Index axis = -1, Order order = Order::ascending);

/// The positions in x of the elements of sort(x, axis, order).
/// @throws AxisError for an axis that x does not have.
template <class T>
IndexArray argsort(const Tensor<T>& x, Index axis = -1, Order order = Order::ascending);

/// What topk returns: auto [values, indices] = topk(x, 3).
template <class T>
struct TopK {
    Tensor<T> values;    ///< as x, with k elements along the axis
    IndexArray indices;  ///< of their shape: places along the axis
};

/// The k largest elements along an axis, the largest first, and their positions.   The adjoint of the values
/// goes to these positions.
/// @throws AxisError for an axis that x does not have, ShapeError if it has fewer than k elements.
template <class T>
TopK<T> topk(const Tensor<T>& x, Index k, Index axis = -1);

/// The position along an axis of the largest element: the first of several, or of the first NaN.
/// @throws AxisError for an axis that x does not have, DomainError if there is no element along it.
template <class T>
IndexArray argmax(const Tensor<T>& x, Index axis, KeepDims keep_dims = KeepDims::no);
/// The position in row-major order of the largest of all elements. @throws DomainError if there is none.
template <class T>
Index argmax(const Tensor<T>& x);

/// The position along an axis of the smallest element: the first of several, or of the first NaN.
/// @throws AxisError for an axis that x does not have, DomainError if there is no element along it.
template <class T>
IndexArray argmin(const Tensor<T>& x, Index axis, KeepDims keep_dims = KeepDims::no);
/// The position in row-major order of the smallest of all elements. @throws DomainError if there is none.
template <class T>
Index argmin(const Tensor<T>& x);

}  // namespace autodiff
