#pragma once

// The same tensor, laid out in memory in other ways: what transposing, slicing, flipping and stretching make
// of one.

#include <autodiff/tensor.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace autodiff::tests {

namespace detail {

/// t's elements at the given strides within storage that is NaN everywhere else.
template <class T>
Tensor<T> laid_out(const Tensor<T>& t, const Strides& strides, Index offset, Index storage_size)
{
    Array<T> storage = Array<T>::filled(Shape{storage_size}, std::numeric_limits<T>::quiet_NaN());
    Dims position = Dims::filled(t.rank(), 0);
    for (T value : t.to_vector()) {
        Index at = offset;
        for (std::size_t axis = 0; axis < t.rank(); ++axis) at += position[axis] * strides[axis];
        storage.writable()[at] = value;
        for (std::size_t axis = t.rank(); axis-- > 0;) {
            if (++position[axis] < t.shape()[axis]) break;
            position[axis] = 0;
        }
    }
    return Tensor<T>(storage.view(t.shape(), strides, offset));
}

}  // namespace detail

/// Column-major, as the transpose of a transposed array is.
template <class T>
Tensor<T> column_major(const Tensor<T>& t)
{
    Strides strides = Strides::filled(t.rank(), 1);
    for (std::size_t axis = 1; axis < t.rank(); ++axis)
        strides[axis] = strides[axis - 1] * std::max<Index>(1, t.shape()[axis - 1]);
    return detail::laid_out(t, strides, 0, t.size());
}

/// Every second element along each axis, from the second on.
template <class T>
Tensor<T> spaced(const Tensor<T>& t)
{
    Shape around = t.shape();
    for (std::size_t axis = 0; axis < t.rank(); ++axis) around[axis] = 2 * around[axis] + 1;
    Strides strides = around.contiguous_strides();
    Index offset = 0;
    for (std::size_t axis = 0; axis < t.rank(); ++axis) {
        offset += strides[axis];
        strides[axis] *= 2;
    }
    return detail::laid_out(t, strides, offset, around.element_count());
}

/// Backwards along each axis.
template <class T>
Tensor<T> backwards(const Tensor<T>& t)
{
    if (t.size() == 0) return t;
    Strides strides = t.shape().contiguous_strides();
    for (std::size_t axis = 0; axis < t.rank(); ++axis) strides[axis] = -strides[axis];
    return detail::laid_out(t, strides, t.size() - 1, t.size());
}

/// t's first element along its first axis of several, stretched along that axis: a stride of 0.
template <class T>
Tensor<T> stretched(const Tensor<T>& t)
{
    Strides strides = t.array().strides();
    for (std::size_t axis = 0; axis < t.rank(); ++axis)
        if (t.shape()[axis] > 1) {
            strides[axis] = 0;
            break;
        }
    return Tensor<T>(t.array().view(t.shape(), strides, 0));
}

/// How a tensor is laid out anew.
template <class T>
using LayoutOf = Tensor<T> (*)(const Tensor<T>&);

template <class T>
inline constexpr std::array<LayoutOf<T>, 4> layouts{column_major<T>, spaced<T>, backwards<T>, stretched<T>};

}  // namespace autodiff::tests
