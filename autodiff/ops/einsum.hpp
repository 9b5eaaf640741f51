#pragma once

// Sums of products in Einstein's notation, as NumPy writes it.

#include <autodiff/tensor.hpp>

#include <array>
#include <string_view>

namespace autodiff {

/// Multiplies the operands and sums over every label that is not in the output:
///
///     einsum("ij,jk->ik", a, b)          y_ik = Σ_j a_ij b_jk      the matrix product
///     einsum("ij,jk", a, b)              the same: the output has the labels that occur once, sorted
///     einsum("ii->i", a)                 y_i = a_ii                the diagonal
///     einsum("...ij,...j->...i", a, x)   y_i = Σ_j a_ij x_j        for each index under the ellipsis
///     einsum("bi,ij,bj->b", x, a, y)     y_b = x_bᵀ A y_b
///
/// Labels are letters; spaces are ignored. Operands are contracted two at a time, each time the two whose
/// product takes the fewest multiplications, by matmul where axes are summed. It is linear in each operand,
/// whose adjoint is an einsum of ȳ with the others: for "ij,jk->ik" those are "ik,jk->ij" and "ij,ik->jk".
/// @throws DomainError for malformed notation, with the position; AxisError for an output label that no
/// operand has or that occurs twice; ShapeError if labels and axes differ in number, or a label has two
/// sizes.
template <class T>
Tensor<T> einsum(std::string_view notation, std::span<const Tensor<T>> operands);

template <class T, std::same_as<Tensor<T>>... More>
Tensor<T> einsum(std::string_view notation, const Tensor<T>& operand, const More&... more)
{
    return einsum(notation, std::span<const Tensor<T>>(std::array{operand, more...}));
}

}  // namespace autodiff
