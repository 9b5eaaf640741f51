#pragma once

// Matrices as kernels see them: the last two axes of an array, wherever they lie in memory; the axes before
// them are a batch of matrices.

#include <autodiff/array.hpp>

#include <array>
#include <tuple>

namespace autodiff::kernels {

/// A matrix somewhere in an array: element (i, j) is data[i * row_stride + j * column_stride].
template <class T>
struct Matrix {
    const T* data;      ///< element (0, 0)
    Index rows,         ///< i < rows
        columns;        ///< j < columns
    Index row_stride,   ///< in elements, from (i, j) to (i + 1, j)
        column_stride;  ///< in elements, from (i, j) to (i, j + 1)

    /// The same elements, (i, j) being (j, i).
    Matrix transposed() const { return {data, columns, rows, column_stride, row_stride}; }
    /// part_rows x part_columns of them, from (row, column) on.
    Matrix part(Index row, Index column, Index part_rows, Index part_columns) const
    {
        return {data + row * row_stride + column * column_stride, part_rows, part_columns, row_stride,
                column_stride};
    }
};

/// A matrix that a kernel writes to.
template <class T>
struct MutableMatrix {
    T* data;            ///< element (0, 0)
    Index rows,         ///< i < rows
        columns;        ///< j < columns
    Index row_stride,   ///< in elements, from (i, j) to (i + 1, j)
        column_stride;  ///< in elements, from (i, j) to (i, j + 1)

    operator Matrix<T>() const { return {data, rows, columns, row_stride, column_stride}; }
    /// The same elements, (i, j) being (j, i).
    MutableMatrix transposed() const { return {data, columns, rows, column_stride, row_stride}; }
    /// part_rows x part_columns of them, from (row, column) on.
    MutableMatrix part(Index row, Index column, Index part_rows, Index part_columns) const
    {
        return {data + row * row_stride + column * column_stride, part_rows, part_columns, row_stride,
                column_stride};
    }
};

/// Exchanges row i with row exchanges[i], for i from `first` to before `last`.
template <class T>
void exchange_rows(const MutableMatrix<T>& m, const Index* exchanges, Index first, Index last)
{
    for (Index i = first; i < last; ++i)
        for (Index j = 0; exchanges[i] != i && j < m.columns; ++j)
            std::swap(m.data[i * m.row_stride + j * m.column_stride],
                      m.data[exchanges[i] * m.row_stride + j * m.column_stride]);
}

/// The first matrix of an array of rank two or more.
template <class T>
Matrix<T> matrix_of(const Array<T>& x, bool transpose = false)
{
    const std::size_t rank = x.rank();
    const Matrix<T> m{x.data(), x.shape()[rank - 2], x.shape()[rank - 1], x.strides()[rank - 2],
                      x.strides()[rank - 1]};
    return transpose ? m.transposed() : m;
}

/// The axes before those of the matrices.
inline Dims without_last_two(Dims dims)
{
    dims.erase(dims.count() - 1);
    dims.erase(dims.count() - 1);
    return dims;
}

/// The axes before the last two.
template <class T>
Shape batch_shape(const Array<T>& x)
{
    return Shape(without_last_two(x.shape()));
}

/// The strides with which the matrices of x are read for a batch that x broadcasts to.
template <class T>
Strides batch_strides(const Array<T>& x, const Shape& batch)
{
    return broadcast_strides(batch_shape(x), without_last_two(x.strides()), batch);
}

/// Calls f(index of the matrix, its offset in each array) for every matrix of a batch, in row-major order.
/// `strides` are those of the batch axes alone. There may be 2^60 matrices without elements: not to be called
/// then.
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
