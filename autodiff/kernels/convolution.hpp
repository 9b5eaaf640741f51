#pragma once

// Convolutions in two dimensions, as products of matrices: the patches of the input that the kernel sees are
// written side by side as columns, some rows of the output at a time so that they stay in the cache.

#include <autodiff/array.hpp>
#include <autodiff/kernels/window.hpp>

namespace autodiff::kernels {

/// Sizes of a convolution: x (samples, channels, rows.input, columns.input), w (filters, channels / groups,
/// rows.window, columns.window), y (samples, filters, rows.output, columns.output).
struct Convolution {
    Index samples,    ///< N
        channels,     ///< C, of x
        filters,      ///< O: the channels of y
        groups;       ///< parts of the channels and of the filters that do not see one another
    WindowAxis rows,  ///< along axis 2 of x and y
        columns;      ///< along axis 3 of x and y

    friend bool operator==(const Convolution&, const Convolution&) = default;
};

/// y = w * x + bias: of each filter, or 0 for an empty bias. Arrays are contiguous.
template <class T>
Array<T> convolve(const Convolution& sizes, const Array<T>& x, const Array<T>& w, const Array<T>& bias);

/// The transposed map from y to x for a fixed w.
template <class T>
Array<T> convolve_back(const Convolution& sizes, const Array<T>& y, const Array<T>& w);

/// The transposed map from y to w for a fixed x: Σ over samples and places of y times what the window saw
/// there.
template <class T>
Array<T> correlate(const Convolution& sizes, const Array<T>& x, const Array<T>& y);

}  // namespace autodiff::kernels
