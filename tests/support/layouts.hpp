#pragma once

// The same tensor, laid out in memory in other ways: what transposing, slicing, flipping and stretching make
// of one.

#include <autodiff/tensor.hpp>

#include <algorithm>
#include <limits>

namespace autodiff::tests {

namespace detail {

/// t's elements at the given strides within storage that is NaN everywhere else.
inline Tensor<double> laid_out(const Tensor<double>& t, const Strides& strides, Index offset,
                               Index storage_size)
{
    Array<double> storage =
        Array<double>::filled(Shape{storage_size}, std::numeric_limits<double>::quiet_NaN());
    Dims position = Dims::filled(t.rank(), 0);
    for (double value : t.to_vector()) {
        Index at = offset;
        for (std::size_t axis = 0; axis < t.rank(); ++axis) at += position[axis] * strides[axis];
        storage.writable()[at] = value;
        for (std::size_t axis = t.rank(); axis-- > 0;) {
            if (++position[axis] < t.shape()[axis]) break;
            position[axis] = 0;
        }
    }
    return Tensor<double>(storage.view(t.shape(), strides, offset));
}

}  // namespace detail

/// Column-major, as the transpose of a transposed array is.
inline Tensor<double> column_major(const Tensor<double>& t)
{
    Strides strides = Strides::filled(t.rank(), 1);
    for (std::size_t axis = 1; axis < t.rank(); ++axis)
        strides[axis] = strides[axis - 1] * std::max<Index>(1, t.shape()[axis - 1]);
    return detail::laid_out(t, strides, 0, t.size());
}

/// Every second element along each axis, from the second on.
inline Tensor<double> spaced(const Tensor<double>& t)
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
inline Tensor<double> backwards(const Tensor<double>& t)
{
    if (t.size() == 0) return t;
    Strides strides = t.shape().contiguous_strides();
    for (std::size_t axis = 0; axis < t.rank(); ++axis) strides[axis] = -strides[axis];
    return detail::laid_out(t, strides, t.size() - 1, t.size());
}

/// t's first element along its first axis of several, stretched along that axis: a stride of 0.
inline Tensor<double> stretched(const Tensor<double>& t)
{
    Strides strides = t.array().strides();
    for (std::size_t axis = 0; axis < t.rank(); ++axis)
        if (t.shape()[axis] > 1) {
            strides[axis] = 0;
            break;
        }
    return Tensor<double>(t.array().view(t.shape(), strides, 0));
}

}  // namespace autodiff::tests
