#pragma once

// Products of vectors, matrices and batches of matrices.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// Whether an op takes a matrix (the last two axes of a tensor) as it is or transposed, without copying it.
enum class Transpose : bool {
    no,  ///< A
    yes  ///< Aᵀ
};

/// C = A B, (…, m, k) (…, k, n) -> (…, m, n);   Ā = C̄ Bᵀ,   B̄ = Aᵀ C̄   (Giles 2008, 2.2)
/// As in NumPy the axes before the last two broadcast (their adjoints are summed), and an operand of rank one
/// is a row on the left, a column on the right: (k) (k, n) -> (n), (m, k) (k) -> (m), (k) (k) -> ().
/// @throws ShapeError if the inner sizes differ, the batch axes do not broadcast, or an operand has rank 0.
template <class T>
Tensor<T> matmul(const Tensor<T>& a, const Tensor<T>& b);

/// C = A B with A, B or both transposed in their last two axes, for operands of rank two or more: Aᵀ B is
/// matmul(a, b, Transpose::yes, Transpose::no).
/// @throws ShapeError as above.
template <class T>
Tensor<T> matmul(const Tensor<T>& a, const Tensor<T>& b, Transpose of_a, Transpose of_b);

/// y = x Wᵀ + b, (…, n) (m, n) (m) -> (…, m): a layer of a network, in one pass over its result.
///   x̄ = ȳ W,   W̄ = ȳᵀ x,   b̄ = Σ ȳ over all axes but the last
/// @throws ShapeError if the sizes do not fit.
template <class T>
Tensor<T> linear(const Tensor<T>& x, const Tensor<T>& w, const Tensor<T>& b);

/// c = Σ a_i b_i, (k) (k) -> ();   ā = c̄ b,   b̄ = c̄ a
/// @throws ShapeError unless both are vectors of one length.
template <class T>
Tensor<T> dot(const Tensor<T>& a, const Tensor<T>& b);

/// C_ij = a_i b_j, (m) (n) -> (m, n);   ā = C̄ b,   b̄ = C̄ᵀ a
/// @throws ShapeError unless both have rank one.
template <class T>
Tensor<T> outer(const Tensor<T>& a, const Tensor<T>& b);

}  // namespace autodiff
