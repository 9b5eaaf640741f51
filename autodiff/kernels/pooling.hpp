#pragma once

// Largest elements and means of the windows that move over planes: of x (…, rows.input, columns.input), with
// y (…, rows.output, columns.output).

#include <autodiff/array.hpp>
#include <autodiff/kernels/window.hpp>

namespace autodiff::kernels {

/// The sizes of a pooling: of planes, each an image of one channel.
struct Pooling {
    Index planes;     ///< how many: the product of the axes before the last two
    WindowAxis rows,  ///< along the last axis but one
        columns;      ///< along the last axis
};

/// The result of max_pool().
template <class T>
struct Maxima {
    Array<T> values;         ///< of y's shape
    Array<Index> positions;  ///< of each in x, as one row
};

/// The largest element of each window, the first of equal ones, or a NaN if there is one. x is contiguous;
/// every window has an element that is no padding.
template <class T>
Maxima<T> max_pool(const Pooling& sizes, const Array<T>& x, const Shape& y_shape);

/// The sum of each window, padding counting as 0, times a factor.
template <class T>
Array<T> sum_pool(const Pooling& sizes, const Array<T>& x, T factor, const Shape& y_shape);
/// The transposed map of sum_pool().
template <class T>
Array<T> sum_pool_back(const Pooling& sizes, const Array<T>& y, T factor, const Shape& x_shape);

/// x of zeros, with y added at positions.
template <class T>
Array<T> scatter_to(const Shape& x_shape, const Array<Index>& positions, const Array<T>& y, Index planes);
/// What x holds at positions.
template <class T>
Array<T> gather_from(const Array<T>& x, const Array<Index>& positions);

}  // namespace autodiff::kernels
