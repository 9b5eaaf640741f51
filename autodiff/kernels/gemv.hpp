#pragma once

// A matrix times a vector, in a fixed order of additions: the same bits on every machine, for any number of
// threads.

#include <autodiff/kernels/matrix.hpp>

namespace autodiff::kernels {

/// y = A x; x is read in steps of `x_stride`, y is contiguous.
template <class T>
void gemv(const Matrix<T>& a, const T* x, Index x_stride, T* y);

}  // namespace autodiff::kernels
