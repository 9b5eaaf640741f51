#pragma once

// Pooling: one number for each window of the last two axes of x (…, rows, columns).
//
//     const Tensor<float> y = max_pool2d(x, 2);                                  // halves rows and columns
//     const Tensor<float> z = avg_pool2d(x, {3, 3}, {.stride = 1, .padding = 1});

#include <autodiff/ops/window.hpp>
#include <autodiff/tensor.hpp>

namespace autodiff {

/// How the window of a pooling goes over its images.
struct PoolingOptions {
    RowsColumns stride = 0;    ///< how far the window moves; 0 for its own size
    RowsColumns padding = 0;   ///< around x, on either side; at most half of the window
    RowsColumns dilation = 1;  ///< distance of neighbours in the window
};

/// y = the largest element of each window: (…, H, W) -> (…, H', W'),
///   H' = ⌊(H + 2 padding - dilation (window - 1) - 1) / stride⌋ + 1,   W' likewise.
/// x̄ gets ȳ where that element is, the first in row-major order where several are equal. Padding is never the
/// largest; a NaN is.
/// @throws ShapeError if the window does not fit, DomainError for an option out of range.
template <class T>
Tensor<T> max_pool2d(const Tensor<T>& x, RowsColumns window, const PoolingOptions& options = {});

/// y = the sum of each window divided by its size, padding counting as 0: shapes as above.
/// x̄ is, at each element, the sum of ȳ of the windows that see it, divided by their size.
/// @throws ShapeError, DomainError as above.
template <class T>
Tensor<T> avg_pool2d(const Tensor<T>& x, RowsColumns window, const PoolingOptions& options = {});

}  // namespace autodiff
