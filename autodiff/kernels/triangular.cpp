#include <autodiff/kernels/triangular.hpp>

#include <autodiff/kernels/gemm.hpp>
#include <autodiff/numbers/batch.hpp>

namespace autodiff::kernels {

namespace {

/// Matrices up to this size are solved row by row; larger ones by halves, so that most work is matrix
/// products.
constexpr Index block = 32;

/// For a row-major B.
template <class T>
void solve_rows(const Matrix<T>& a, TriangularPart part, const MutableMatrix<T>& b)
{
    const Index n = a.rows;
    for (Index step = 0; step < n; ++step) {
        const Index i = part.lower ? step : n - 1 - step;
        T* row = b.data + i * b.row_stride;
        for (Index before = 0; before < step; ++before) {
            const Index j = part.lower ? before : n - 1 - before;
            const T factor = a.data[i * a.row_stride + j * a.column_stride];
            const T* solved = b.data + j * b.row_stride;
            for (Index k = 0; k < b.columns; ++k) row[k] -= factor * solved[k];
        }
        if (part.unit_diagonal) continue;
        const T pivot = a.data[i * (a.row_stride + a.column_stride)];
        for (Index k = 0; k < b.columns; ++k) row[k] /= pivot;
    }
}

template <class T>
void copy(const Matrix<T>& from, const MutableMatrix<T>& to)
{
    for (Index i = 0; i < from.rows; ++i)
        for (Index j = 0; j < from.columns; ++j)
            to.data[i * to.row_stride + j * to.column_stride] =
                from.data[i * from.row_stride + j * from.column_stride];
}

template <class T>
void solve_block(const Matrix<T>& a, TriangularPart part, const MutableMatrix<T>& b)
{
    if (b.column_stride != 1 && b.columns > 1) {
        Array<T> rows = Array<T>::uninitialized(Shape{b.rows, b.columns});
        const MutableMatrix<T> row_major{rows.writable(), b.rows, b.columns, b.columns, 1};
        copy(Matrix<T>(b), row_major);
        solve_block(a, part, row_major);
        return copy(Matrix<T>(row_major), b);
    }
    for_instruction_set([&](auto) { solve_rows(a, part, b); });
}

}  // namespace

template <class T>
void solve_triangular(const Matrix<T>& a, TriangularPart part, const MutableMatrix<T>& b)
{
    const Index n = a.rows;
    if (n <= block) return solve_block(a, part, b);
    const Index half = (n / 2 + block - 1) / block * block;
    const Index rest = n - half;
    const MutableMatrix<T> upper_rows = b.part(0, 0, half, b.columns);
    const MutableMatrix<T> lower_rows = b.part(half, 0, rest, b.columns);
    if (part.lower) {
        solve_triangular(a.part(0, 0, half, half), part, upper_rows);
        subtract_product(a.part(half, 0, rest, half), Matrix<T>(upper_rows), lower_rows);
        solve_triangular(a.part(half, half, rest, rest), part, lower_rows);
    } else {
        solve_triangular(a.part(half, half, rest, rest), part, lower_rows);
        subtract_product(a.part(0, half, half, rest), Matrix<T>(lower_rows), upper_rows);
        solve_triangular(a.part(0, 0, half, half), part, upper_rows);
    }
}

template void solve_triangular(const Matrix<double>&, TriangularPart, const MutableMatrix<double>&);
template void solve_triangular(const Matrix<float>&, TriangularPart, const MutableMatrix<float>&);

}  // namespace autodiff::kernels
