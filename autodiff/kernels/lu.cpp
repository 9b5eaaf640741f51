#include <autodiff/kernels/lapack.hpp>
#include <autodiff/kernels/triangular.hpp>
#include <autodiff/numbers/portable_bits.hpp>

#include <cmath>
#include <optional>

namespace autodiff::kernels {

namespace {

template <class T>
Array<T> of_each_determinant(const Lu<T>& a, auto start, auto with_pivot, auto with_exchange)
{
    Array<T> result = Array<T>::uninitialized(batch_shape(a.factors));
    const Matrix<T> m = matrix_of(a.factors);
    for (Index matrix = 0; matrix < result.size(); ++matrix) {
        T value = start;
        for (Index i = 0; i < m.rows; ++i) {
            value = with_pivot(value, a.factors.data()[(matrix * m.rows + i) * m.rows + i]);
            if (a.exchanges.data()[matrix * m.rows + i] != i) value = with_exchange(value);
        }
        result.writable()[matrix] = value;
    }
    return result;
}

}  // namespace

template <class T>
Array<T> solve(const Lu<T>& a, bool transpose, const Array<T>& b)
{
    const Shape batch = broadcast_shapes("solve (batch axes)", batch_shape(a.factors), batch_shape(b));
    Matrix<T> factors = matrix_of(a.factors);
    const Index n = factors.rows;
    const Index columns = b.shape().back();
    Shape shape = batch;
    shape.push_back(n);
    shape.push_back(columns);
    Array<T> result = Array<T>::uninitialized(shape);
    if (result.size() == 0) return result;
    copy_elements(b.view(shape, broadcast_strides(b.shape(), b.strides(), shape), 0), result.writable());
    MutableMatrix<T> x{result.writable(), n, columns, columns, 1};
    for_each_matrix(
        batch,
        [&](Index, Index offset) {
            factors.data = a.factors.data() + offset;
            const Index* exchanges = a.exchanges.data() + (n == 0 ? 0 : offset / n);
            // A = Uᵀ Lᵀ Pᵀ
            if (transpose) {
                exchange_rows(x, exchanges, 0, n);
                solve_triangular(factors.transposed(), {.lower = true, .unit_diagonal = true}, x);
                solve_triangular(factors.transposed(), {.lower = false, .unit_diagonal = false}, x);
            } else {
                solve_triangular(factors, {.lower = true, .unit_diagonal = false}, x);
                solve_triangular(factors, {.lower = false, .unit_diagonal = true}, x);
                for (Index i = n; i-- > 0;) exchange_rows(x, exchanges, i, i + 1);
            }
            x.data += n * columns;
        },
        batch_strides(a.factors, batch));
    return result;
}

template <class T>
Array<T> inverse(const Lu<T>& a)
{
    const Index n = a.factors.size(-1);
    Array<T> identity = Array<T>::filled(Shape{n, n}, 0);
    for (Index i = 0; i < n; ++i) identity.writable()[i * n + i] = 1;
    return solve(a, false, identity);
}

template <class T>
Array<T> determinant(const Lu<T>& a)
{
    return of_each_determinant(
        a, T{1}, [](T value, T pivot) { return value * pivot; }, [](T value) { return -value; });
}

template <class T>
SignAndLog<T> sign_and_log_determinant(const Lu<T>& a)
{
    const auto sign = [](T x) { return static_cast<T>(x > 0) - static_cast<T>(x < 0); };
    return {of_each_determinant(
                a, T{1}, [&](T value, T pivot) { return std::isnan(pivot) ? pivot : value * sign(pivot); },
                [](T value) { return -value; }),
            of_each_determinant(
                a, T{0}, [](T value, T pivot) { return value + portable::log(std::abs(pivot)); },
                [](T value) { return value; })};
}

template <class T>
std::optional<Breakdown> first_zero_pivot(const Array<T>& factors)
{
    Matrix<T> m = matrix_of(factors);
    std::optional<Breakdown> found;
    if (factors.size() == 0) return found;
    for_each_matrix(
        batch_shape(factors),
        [&](Index matrix, Index offset) {
            for (Index i = 0; i < m.rows && !found; ++i)
                if (factors.data()[offset + i * (m.row_stride + m.column_stride)] == 0)
                    found = Breakdown{matrix, i};
        },
        Strides(without_last_two(factors.strides())));
    return found;
}

template Array<double> solve(const Lu<double>&, bool, const Array<double>&);
template Array<float> solve(const Lu<float>&, bool, const Array<float>&);
template Array<double> inverse(const Lu<double>&);
template Array<float> inverse(const Lu<float>&);
template Array<double> determinant(const Lu<double>&);
template Array<float> determinant(const Lu<float>&);
template SignAndLog<double> sign_and_log_determinant(const Lu<double>&);
template SignAndLog<float> sign_and_log_determinant(const Lu<float>&);
template std::optional<Breakdown> first_zero_pivot(const Array<double>&);
template std::optional<Breakdown> first_zero_pivot(const Array<float>&);

}  // namespace autodiff::kernels
