#pragma once

// Matrix products of strided arrays. Tiny ones are plain loops; the others go to BLAS, which reads a
// transposed matrix as it lies in memory.

#include <autodiff/array.hpp>

#include <array>
#include <tuple>

namespace autodiff::kernels {

/// A matrix somewhere in an array: element (i, j) is data[i * row_stride + j * column_stride].
template <class T>
struct Matrix {
    const T* data;
    Index rows, columns;
    Index row_stride, column_stride;

    Matrix transposed() const { return {data, columns, rows, column_stride, row_stride}; }
};

/// C = A B, or C += A B with `accumulate`, for a row-major C whose rows follow each other.
/// @throws LimitError if a size exceeds what BLAS can count.
template <class T>
void gemm(const Matrix<T>& a, const Matrix<T>& b, T* c, bool accumulate = false);

/// C = A B for arrays of matrices (their last two axes), broadcasting the axes before; Aᵀ, Bᵀ where flagged.
/// Sizes must fit.
template <class T>
Array<T> matmul(const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b);

/// Σ a_i b_i of two arrays of rank one and of the same size.
template <class T>
T dot(const Array<T>& a, const Array<T>& b);

/// Calls f(index of the matrix, its offset in each array) for every matrix of a batch, in row-major order.
/// `strides` are those of the batch axes alone.
template <class F, class... S>
void for_each_matrix(const Shape& batch, F f, const S&... strides)
{
    const Index count = batch.element_count();
    constexpr std::size_t arrays = sizeof...(S);
    const std::array<Strides, arrays> steps{strides...};
    std::array<Index, arrays> offsets{};
    Dims position = Dims::filled(batch.rank(), 0);
    for (Index index = 0; index < count; ++index) {
        std::apply([&](auto... offset) { f(index, offset...); }, offsets);
        for (std::size_t axis = batch.rank(); axis-- > 0;) {
            for (std::size_t k = 0; k < arrays; ++k) offsets[k] += steps[k][axis];
            if (++position[axis] < batch[axis]) break;
            for (std::size_t k = 0; k < arrays; ++k) offsets[k] -= steps[k][axis] * batch[axis];
            position[axis] = 0;
        }
    }
}

}  // namespace autodiff::kernels
