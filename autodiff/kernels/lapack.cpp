#include <autodiff/kernels/lapack.hpp>

#include <autodiff/kernels/gemm.hpp>
#include <autodiff/kernels/room.hpp>
#include <autodiff/kernels/triangular.hpp>
#include <autodiff/numbers/portable_bits.hpp>

#include <lapacke.h>

#include <algorithm>
#include <cmath>

namespace autodiff::kernels {

namespace {

/// Blocks of this size are LAPACK's, which works on them in the calling thread.
constexpr Index block = 32;

template <class T>
MutableMatrix<T> writable_matrix(Array<T>& x)
{
    const Matrix<T> m = matrix_of(x);
    return {x.writable(), m.rows, m.columns, m.row_stride, m.column_stride};
}

/// 0 if they have no elements, of which there may be more than anybody can wait for.
template <class T>
Index matrix_count(const Array<T>& x)
{
    return x.size() == 0 ? 0 : batch_shape(x).element_count();
}

template <class T>
Array<T> copy_of(const Array<T>& x)
{
    Array<T> copy = Array<T>::uninitialized(x.shape());
    copy_elements(x, copy.writable());
    return copy;
}

/// For a few columns, with portable bits: Gaussian elimination with the largest pivot of each column.
template <class T>
void lu_in_order(const MutableMatrix<T>& m, Index* exchanges)
{
    const auto at = [&m](Index i, Index j) -> T& { return m.data[i * m.row_stride + j * m.column_stride]; };
    for (Index k = 0; k < std::min(m.rows, m.columns); ++k) {
        Index pivot = k;
        for (Index i = k + 1; i < m.rows; ++i)
            if (std::abs(at(i, k)) > std::abs(at(pivot, k))) pivot = i;
        exchanges[k] = pivot;
        for (Index j = 0; j < m.columns; ++j) std::swap(at(k, j), at(pivot, j));
        if (at(k, k) == 0) continue;
        for (Index i = k + 1; i < m.rows; ++i) {
            at(i, k) /= at(k, k);
            for (Index j = k + 1; j < m.columns; ++j) at(i, j) -= at(i, k) * at(k, j);
        }
    }
}

/// For a few columns of a column-major matrix: LAPACK's unblocked factorisation.
template <class T>
void lu_of_columns(const MutableMatrix<T>& m, Index* exchanges)
{
    if (portable_bits()) return lu_in_order(m, exchanges);
    const auto rows = static_cast<lapack_int>(m.rows);
    const auto columns = static_cast<lapack_int>(m.columns);
    const auto column_length = static_cast<lapack_int>(m.column_stride);
    std::array<lapack_int, block> pivots{};
    const BlasCall call;
    if constexpr (std::same_as<T, double>)
        LAPACKE_dgetf2_work(LAPACK_COL_MAJOR, rows, columns, m.data, column_length, pivots.data());
    else LAPACKE_sgetf2_work(LAPACK_COL_MAJOR, rows, columns, m.data, column_length, pivots.data());
    for (std::size_t i = 0; i < static_cast<std::size_t>(std::min(rows, columns)); ++i)
        exchanges[i] = pivots[i] - 1;
}

/// Left half of the columns, then the right half (Toledo 1997, "Locality of reference in LU decomposition
/// with partial pivoting").
template <class T>
void lu_in_place(const MutableMatrix<T>& m, Index* exchanges)
{
    if (m.columns <= block / 2) return lu_of_columns(m, exchanges);
    const Index half = m.columns / 2;
    const Index rest = m.columns - half;
    lu_in_place(m.part(0, 0, m.rows, half), exchanges);
    exchange_rows(m.part(0, half, m.rows, rest), exchanges, 0, half);
    solve_triangular(Matrix<T>(m.part(0, 0, half, half)), {.lower = true, .unit_diagonal = true},
                     m.part(0, half, half, rest));
    const MutableMatrix<T> remaining = m.part(half, half, m.rows - half, rest);
    subtract_product(Matrix<T>(m.part(half, 0, m.rows - half, half)), Matrix<T>(m.part(0, half, half, rest)),
                     remaining);
    lu_in_place(remaining, exchanges + half);
    exchange_rows(m.part(half, 0, m.rows - half, half), exchanges + half, 0, rest);
    for (Index i = half; i < m.columns; ++i) exchanges[i] += half;
}

/// The same for a few rows, with portable bits: row by row.
template <class T>
Index cholesky_in_order(const MutableMatrix<T>& m)
{
    const auto at = [&m](Index i, Index j) -> T& { return m.data[i * m.row_stride + j * m.column_stride]; };
    for (Index i = 0; i < m.rows; ++i)
        for (Index j = 0; j <= i; ++j) {
            T rest = at(i, j);
            for (Index k = 0; k < j; ++k) rest -= at(i, k) * at(j, k);
            if (i == j && !(rest > 0)) return i;
            at(i, j) = i == j ? std::sqrt(rest) : rest / at(j, j);
        }
    return -1;
}

/// The pivot at which it broke down, or -1. Lower triangle, row-major.
template <class T>
Index cholesky_in_place(const MutableMatrix<T>& m)
{
    if (m.rows <= block) {
        if (portable_bits()) return cholesky_in_order(m);
        // Read by columns, the lower triangle is the upper one: UᵀU with U = Lᵀ.
        const auto n = static_cast<lapack_int>(m.rows);
        const auto row_length = static_cast<lapack_int>(m.row_stride);
        if (n == 0) return -1;
        const BlasCall call;
        if constexpr (std::same_as<T, double>)
            return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', n, m.data, row_length) - 1;
        else return LAPACKE_spotrf_work(LAPACK_COL_MAJOR, 'U', n, m.data, row_length) - 1;
    }
    const Index half = (m.rows / 2 + block - 1) / block * block;
    const Index rest = m.rows - half;
    const MutableMatrix<T> first = m.part(0, 0, half, half);
    const MutableMatrix<T> below = m.part(half, 0, rest, half);
    const MutableMatrix<T> last = m.part(half, half, rest, rest);
    const Index broken = cholesky_in_place(first);
    if (broken >= 0) return broken;
    // L₂₁ = A₂₁ L₁₁⁻ᵀ
    solve_triangular(Matrix<T>(first), {.lower = true, .unit_diagonal = false}, below.transposed());
    subtract_product(Matrix<T>(below), Matrix<T>(below.transposed()), last);
    const Index broken_later = cholesky_in_place(last);
    return broken_later < 0 ? -1 : half + broken_later;
}

}  // namespace

template <class T>
Lu<T> lu(const Array<T>& a)
{
    Shape exchanges_shape = a.shape();
    exchanges_shape.erase(a.rank() - 1);
    Lu<T> result{copy_of(a), IndexArray::uninitialized(exchanges_shape)};
    MutableMatrix<T> m = writable_matrix(result.factors).transposed();
    for (Index matrix = 0; m.rows > 0 && matrix < matrix_count(a); ++matrix, m.data += m.rows * m.rows)
        lu_in_place(m, result.exchanges.writable() + matrix * m.rows);
    return result;
}

template <class T>
Cholesky<T> cholesky(const Array<T>& a)
{
    Cholesky<T> result{copy_of(a), {}};
    MutableMatrix<T> m = writable_matrix(result.factor);
    for (Index matrix = 0; matrix < matrix_count(a); ++matrix, m.data += m.rows * m.rows) {
        const Index pivot = cholesky_in_place(m);
        if (pivot >= 0) {
            result.breakdown = Breakdown{matrix, pivot};
            return result;
        }
        for (Index i = 0; i < m.rows; ++i)
            std::fill(m.data + i * m.rows + i + 1, m.data + (i + 1) * m.rows, T{0});
    }
    return result;
}

template Lu<double> lu(const Array<double>&);
template Lu<float> lu(const Array<float>&);
template Cholesky<double> cholesky(const Array<double>&);
template Cholesky<float> cholesky(const Array<float>&);

}  // namespace autodiff::kernels
