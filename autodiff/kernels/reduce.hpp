#pragma once

// Reductions of arrays over any axes. Sums follow a fixed tree (halves, down to short runs), so that the result does
// not depend on the machine or the number of threads and its error grows with the logarithm of the count.

#include <autodiff/array.hpp>

namespace autodiff::kernels {

/// Σ over `axes` (sorted, non-negative); 0 where nothing is summed.
template <class T>
Array<T> sum(const Array<T>& x, const Axes& axes, bool keep_dims);

}  // namespace autodiff::kernels
