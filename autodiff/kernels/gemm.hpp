#pragma once

// Matrix products of strided arrays. Tiny ones are plain loops; the others go to BLAS, which reads a
// transposed matrix as it lies in memory.

#include <autodiff/kernels/matrix.hpp>

namespace autodiff::kernels {

/// What becomes of a product: C = A B, C = C + A B or C = C - A B.
enum class Into { set, add, subtract };

/// The product A B, into a row-major C whose rows follow each other: Into::set or Into::add.
/// @throws LimitError if a size exceeds what BLAS can count.
template <class T>
void gemm(const Matrix<T>& a, const Matrix<T>& b, T* c, Into into = Into::set);

/// C -= A B for a C whose rows or columns are contiguous.
template <class T>
void subtract_product(const Matrix<T>& a, const Matrix<T>& b, const MutableMatrix<T>& c);

/// C = A B for arrays of matrices (their last two axes), broadcasting the axes before; Aᵀ, Bᵀ where flagged.
/// Sizes must fit.
template <class T>
Array<T> matmul(const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b);

/// Y = X Wᵀ + b, (n, k) (m, k) (m) -> (n, m); the products are added to rows that start as b.
template <class T>
Array<T> linear(const Array<T>& x, const Array<T>& w, const Array<T>& b);

/// Σ a_i b_i of two arrays of rank one and of the same size.
template <class T>
T dot(const Array<T>& a, const Array<T>& b);

}  // namespace autodiff::kernels
