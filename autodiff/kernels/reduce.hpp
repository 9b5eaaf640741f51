#pragma once

// Reductions of arrays over any axes. They follow a fixed tree (halves, down to short runs), so that the
// result does not depend on the machine or the number of threads, and the error of a sum grows with the
// logarithm of the count.

#include <autodiff/array.hpp>

namespace autodiff::kernels {

/// Over `axes` (sorted, non-negative). A maximum or minimum is NaN where one of its elements is.
/// Of nothing: the sum is 0, the product 1, the maximum -∞ and the minimum ∞.
template <class T>
Array<T> sum(const Array<T>& x, const Axes& axes, bool keep_dims);
/// The product over axes; of nothing 1.
template <class T>
Array<T> prod(const Array<T>& x, const Axes& axes, bool keep_dims);
/// The largest over axes, or a NaN; of nothing -∞.
template <class T>
Array<T> max(const Array<T>& x, const Axes& axes, bool keep_dims);
/// The smallest over axes, or a NaN; of nothing ∞.
template <class T>
Array<T> min(const Array<T>& x, const Axes& axes, bool keep_dims);

/// y_k = x_0 + … + x_k along an axis.
template <class T>
Array<T> cumsum(const Array<T>& x, std::size_t axis);

}  // namespace autodiff::kernels
