#pragma once

// Factorisations of square matrices and batches of them (the last two axes). LAPACK factors small blocks;
// recursion and matrix products do the rest, in an order that depends on the size alone, so that the bits are
// the same for any number of threads.

#include <autodiff/kernels/matrix.hpp>

#include <optional>

namespace autodiff::kernels {

/// LU with row exchanges of the transposes: Aᵀ = P L U. Read row by row as A is, `factors` holds Uᵀ on and
/// below the diagonal and Lᵀ above it, whose diagonal is ones. P exchanges row i with row exchanges[i], first
/// i first.
template <class T>
struct Lu {
    Array<T> factors;      ///< (…, n, n)
    IndexArray exchanges;  ///< (…, n)
};

/// Aᵀ = P L U of each matrix, as Lu holds it (Golub and Van Loan 2013, 3.4).
template <class T>
Lu<T> lu(const Array<T>& a);

/// A⁻¹ B, or A⁻ᵀ B, the batch axes broadcasting; sizes must fit.
template <class T>
Array<T> solve(const Lu<T>& a, bool transpose, const Array<T>& b);

/// A⁻¹ of every matrix.
template <class T>
Array<T> inverse(const Lu<T>& a);

/// det A of every matrix.
template <class T>
Array<T> determinant(const Lu<T>& a);

/// The sign of det A, 0 if it is zero, and ln |det A|.
template <class T>
struct SignAndLog {
    Array<T> sign,  ///< -1, 0 or 1
        log;        ///< -∞ if the sign is 0
};

/// The sign of each determinant, and the logarithm of its absolute value.
template <class T>
SignAndLog<T> sign_and_log_determinant(const Lu<T>& a);

/// Where a factorisation broke down: which matrix of the batch, in row-major order, and at which pivot.
struct Breakdown {
    Index matrix,  ///< its place in the batch, from 0
        pivot;     ///< its row, from 0
};

/// The first pivot that is zero, if any.
template <class T>
std::optional<Breakdown> first_zero_pivot(const Array<T>& factors);

/// The lower triangular L with L Lᵀ = A, from the lower triangle of A; zero above the diagonal.
template <class T>
struct Cholesky {
    Array<T> factor;  ///< L, (…, n, n)
    /// The first pivot that is not positive; the factor is then unfinished.
    std::optional<Breakdown> breakdown;
};

/// A = L Lᵀ of each symmetric matrix (Golub and Van Loan 2013, 4.2).
template <class T>
Cholesky<T> cholesky(const Array<T>& a);

/// adj A, the transposed cofactors: A adj A = det A. Exists for singular matrices, too.
template <class T>
Array<T> adjugate(const Array<T>& a);

}  // namespace autodiff::kernels
