#pragma once

// Linear algebra on square matrices and on batches of them: the last two axes are the matrix, those before
// them a batch. Formulas are from Giles 2008, "An extended collection of matrix derivative results for
// forward and reverse mode algorithmic differentiation" (report NA-08/01), and Murray 2016, "Differentiation
// of the Cholesky decomposition".
//
// A matrix for which an op is not defined is an error, not a NaN: DomainError names the matrix of the batch
// and the pivot. One that holds NaN gives NaN.

#include <autodiff/ops/matmul.hpp>

namespace autodiff {

/// Y = A⁻¹, (…, n, n) -> (…, n, n);   Ā = -Yᵀ Ȳ Yᵀ   (Giles, 2.2.3)
/// To solve equations, use solve: it is faster and more precise.
/// @throws ShapeError unless A is square; DomainError if it is singular.
template <class T>
Tensor<T> inverse(const Tensor<T>& a);

/// X = A⁻¹ B, (…, n, n) (…, n, m) -> (…, n, m), or (…, n, n) (n) -> (…, n);   B̄ = A⁻ᵀ X̄,   Ā = -B̄ Xᵀ
/// (Giles, 2.3.1) The batch axes broadcast, as in matmul.
/// @throws ShapeError if the shapes do not fit; DomainError if A is singular.
template <class T>
Tensor<T> solve(const Tensor<T>& a, const Tensor<T>& b);

/// Which triangle of a matrix is read, and whether its diagonal is read or taken to be ones.
enum class Triangle : bool {
    lower,  ///< on and below the diagonal
    upper   ///< on and above it
};
/// What the diagonal of a triangular matrix is.
enum class Diagonal : bool {
    stored,  ///< it is read
    ones     ///< it is taken to be ones, whatever is stored
};

/// X = A⁻¹ B, or A⁻ᵀ B with Transpose::yes, for a triangular A; the other triangle is not read. Shapes as of
/// solve.
///   B̄ = A⁻ᵀ X̄,   Ā = -(B̄ Xᵀ restricted to what is read)   (Giles, 2.3.1)
/// @throws ShapeError if the shapes do not fit; DomainError if an element of the diagonal is zero.
template <class T>
Tensor<T> triangular_solve(const Tensor<T>& a, const Tensor<T>& b, Triangle triangle,
                           Transpose transpose = Transpose::no, Diagonal diagonal = Diagonal::stored);

/// L with L Lᵀ = A, lower triangular with a positive diagonal, for a symmetric positive definite A.
///   Ā = ½ L⁻ᵀ (P + Pᵀ) L⁻¹,   P = Φ(Lᵀ L̄),   Φ taking the lower triangle and half the diagonal   (Murray, 3)
/// The value reads the lower triangle of A only; the derivative is that with respect to a symmetric A, and Ā
/// is symmetric: a change of an element is taken as half a change of it and half of its mirror image.
/// @throws ShapeError unless A is square; DomainError if it is not positive definite.
template <class T>
Tensor<T> cholesky(const Tensor<T>& a);

/// y = det A, (…, n, n) -> (…);   Ā = ȳ adj(A)ᵀ = ȳ y A⁻ᵀ   (Giles, 2.2)
/// The adjugate is computed without dividing by the last pivot, so that the gradient is right for singular
/// matrices, too. Derivatives of it, that is second and higher ones, exist here for regular matrices only.
/// @throws ShapeError unless A is square; DomainError from the second derivative if A is singular.
template <class T>
Tensor<T> determinant(const Tensor<T>& a);

/// y = ln det A, (…, n, n) -> (…);   Ā = ȳ A⁻ᵀ, as follows from determinant.
/// @throws ShapeError unless A is square; DomainError if a determinant is not positive.
template <class T>
Tensor<T> log_determinant(const Tensor<T>& a);

/// The sign of det A (-1, 0 or 1), a constant, and ln |det A|, whose adjoint is ȳ A⁻ᵀ.
template <class T>
struct SignAndLogDeterminant {
    Tensor<T> sign;          ///< (…), as the batch axes of A
    Tensor<T> log_absolute;  ///< (…), -∞ where the sign is 0
};

/// For determinants of either sign: [sign, log] = sign_and_log_determinant(a). Of a singular matrix they are
/// 0 and -∞.
/// @throws ShapeError unless A is square; DomainError from the derivative if A is singular.
template <class T>
SignAndLogDeterminant<T> sign_and_log_determinant(const Tensor<T>& a);

}  // namespace autodiff
