#pragma once

// BLAS's matrix product, and the same in plain loops for a library that is built without BLAS.

#include <autodiff/shape.hpp>

namespace autodiff::kernels {

/// A matrix as BLAS takes it: row-major, or the transpose of a row-major one.
template <class T>
struct BlasOperand {
    const T* data;       ///< its first element
    bool is_transposed;  ///< whether it is the transpose of what lies at `data`
    Index row_length;    ///< in elements, of what lies at `data`: from one row to the next

    /// Where the part from row i and column j on begins.
    const T* at(Index i, Index j) const
    {
        return data + (is_transposed ? j * row_length + i : i * row_length + j);
    }
};

/// C = α A B + β C, of (m, k) (k, n), row-major; where β is 0, C is not read.
/// @throws LimitError if a size exceeds what BLAS can count, std::bad_alloc if BLAS can have no buffer.
template <class T>
void blas_gemm(Index m, Index n, Index k, T alpha, const BlasOperand<T>& a, const BlasOperand<T>& b, T beta,
               T* c, Index c_row_length);

/// The same without BLAS.
template <class T>
void plain_gemm(Index m, Index n, Index k, T alpha, const BlasOperand<T>& a, const BlasOperand<T>& b, T beta,
                T* c, Index c_row_length);

}  // namespace autodiff::kernels
