#include <autodiff/kernels/lapack.hpp>
#include <autodiff/kernels/triangular.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace autodiff::kernels {

namespace {

/// P A Q = L U with the largest remaining element as pivot, so that small pivots come last. A becomes L and
/// U.
struct CompletePivoting {
    std::vector<Index> rows, columns;  // row i of P A Q is row rows[i] of A
    bool is_odd = false;

    template <class T>
    explicit CompletePivoting(const MutableMatrix<T>& a)
        : rows(static_cast<std::size_t>(a.rows)), columns(rows.size())
    {
        std::iota(rows.begin(), rows.end(), Index{0});
        std::iota(columns.begin(), columns.end(), Index{0});
        for (Index k = 0; k < a.rows; ++k) {
            move_largest_to(k, a);
            const T pivot = a.data[k * a.row_stride + k];
            if (pivot == 0) return;
            for (Index i = k + 1; i < a.rows; ++i) {
                T* row = a.data + i * a.row_stride;
                row[k] /= pivot;
                for (Index j = k + 1; j < a.rows; ++j) row[j] -= row[k] * a.data[k * a.row_stride + j];
            }
        }
    }

private:
    template <class T>
    void move_largest_to(Index k, const MutableMatrix<T>& a)
    {
        Index row = k, column = k;
        for (Index i = k; i < a.rows; ++i)
            for (Index j = k; j < a.rows; ++j)
                if (std::abs(a.data[i * a.row_stride + j]) > std::abs(a.data[row * a.row_stride + column])) {
                    row = i;
                    column = j;
                }
        for (Index j = 0; row != k && j < a.rows; ++j)
            std::swap(a.data[k * a.row_stride + j], a.data[row * a.row_stride + j]);
        for (Index i = 0; column != k && i < a.rows; ++i)
            std::swap(a.data[i * a.row_stride + k], a.data[i * a.row_stride + column]);
        std::swap(rows[static_cast<std::size_t>(k)], rows[static_cast<std::size_t>(row)]);
        std::swap(columns[static_cast<std::size_t>(k)], columns[static_cast<std::size_t>(column)]);
        is_odd ^= (row != k) != (column != k);
    }
};

/// adj A = det P det Q · Q adj U L⁻¹ P, and with U₁ all of U but its last row and column, u the rest of the
/// last column, υ its last element and d = det U₁:
///
///     adj U [Z; zᵀ] = d [U₁⁻¹ (υ Z - u zᵀ); zᵀ]
///
/// which does not divide by υ, the only pivot that is zero if A has rank n - 1. If another one is, adj A = 0.
template <class T>
void adjugate_of(const MutableMatrix<T>& a, T* result)
{
    const Index n = a.rows;
    const CompletePivoting order(a);
    Array<T> z_array = Array<T>::filled(Shape{n, n}, 0);
    const MutableMatrix<T> z{z_array.writable(), n, n, n, 1};
    for (Index i = 0; i < n; ++i) z.data[i * n + order.rows[static_cast<std::size_t>(i)]] = 1;
    solve_triangular(Matrix<T>(a), {.lower = true, .unit_diagonal = true}, z);

    const Index last = n - 1;
    T d = order.is_odd ? T{-1} : T{1};
    for (Index i = 0; i < last; ++i) d *= a.data[i * a.row_stride + i];
    std::fill_n(result, n * n, T{0});
    if (d == 0) return;
    const T* last_row = z.data + last * n;
    for (Index i = 0; i < last; ++i)
        for (Index j = 0; j < n; ++j)
            z.data[i * n + j] = a.data[last * a.row_stride + last] * z.data[i * n + j] -
                                a.data[i * a.row_stride + last] * last_row[j];
    solve_triangular(Matrix<T>(a).part(0, 0, last, last), {.lower = false, .unit_diagonal = false},
                     z.part(0, 0, last, n));
    for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j)
            result[order.columns[static_cast<std::size_t>(i)] * n + j] = d * z.data[i * n + j];
}

}  // namespace

template <class T>
Array<T> adjugate(const Array<T>& a)
{
    Array<T> factors = Array<T>::uninitialized(a.shape());
    copy_elements(a, factors.writable());
    Array<T> result = Array<T>::uninitialized(a.shape());
    const Index n = a.size(-1);
    for (Index offset = 0; offset < a.size(); offset += n * n)
        adjugate_of(MutableMatrix<T>{factors.writable() + offset, n, n, n, 1}, result.writable() + offset);
    return result;
}

template Array<double> adjugate(const Array<double>&);
template Array<float> adjugate(const Array<float>&);

}  // namespace autodiff::kernels
