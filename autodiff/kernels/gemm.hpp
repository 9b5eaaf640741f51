#pragma once

// Matrix products of strided arrays. Tiny ones are plain loops; the others go to BLAS, which reads a
// transposed matrix as it lies in memory.

#include <autodiff/kernels/matrix.hpp>

namespace autodiff::kernels {

/// C = A B for a row-major C whose rows follow each other.
/// @throws LimitError if a size exceeds what BLAS can count.
template <class T>
void gemm(const Matrix<T>& a, const Matrix<T>& b, T* c);

/// C += A B, C -= A B for a C whose rows or columns are contiguous.
template <class T>
void add_product(const Matrix<T>& a, const Matrix<T>& b, const MutableMatrix<T>& c);
/// C -= A B.
template <class T>
void subtract_product(const Matrix<T>& a, const Matrix<T>& b, const MutableMatrix<T>& c);

/// C = A B for arrays of matrices (their last two axes), broadcasting the axes before; Aᵀ, Bᵀ where flagged.
/// Sizes must fit.
template <class T>
Array<T> matmul(const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b);

/// C + A B for matrices; in place if nobody else has C.
template <class T>
Array<T> plus_matmul(Array<T> c, const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b);

/// Y = X Wᵀ + b, (n, k) (m, k) (m) -> (n, m); the same bits as the product plus b.
template <class T>
Array<T> linear(const Array<T>& x, const Array<T>& w, const Array<T>& b);

/// Σ a_i b_i of two arrays of rank one and of the same size, as a single number.
template <class T>
Array<T> dot(const Array<T>& a, const Array<T>& b);

}  // namespace autodiff::kernels
