// What linear algebra is in long double.

#include <accuracy/ops.hpp>

#include <cmath>
#include <numeric>

namespace autodiff::tests {

namespace {

struct Matrix {
    Wide numbers;
    std::size_t rows, columns;

    Matrix(std::size_t m, std::size_t n) : numbers(m * n), rows(m), columns(n) {}
    Matrix(Wide x, std::size_t n) : numbers(std::move(x)), rows(numbers.size() / n), columns(n) {}

    long double& operator()(std::size_t i, std::size_t j) { return numbers[i * columns + j]; }
    long double operator()(std::size_t i, std::size_t j) const { return numbers[i * columns + j]; }
};

Matrix operator*(const Matrix& a, const Matrix& b)
{
    Matrix c(a.rows, b.columns);
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < b.columns; ++j)
            for (std::size_t k = 0; k < a.columns; ++k) c(i, j) += a(i, k) * b(k, j);
    return c;
}

Matrix absolute(Matrix a)
{
    for (long double& x : a.numbers) x = std::fabs(x);
    return a;
}

Matrix transposed(const Matrix& a)
{
    Matrix b(a.columns, a.rows);
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < a.columns; ++j) b(j, i) = a(i, j);
    return b;
}

Matrix identity(std::size_t n)
{
    Matrix one(n, n);
    for (std::size_t i = 0; i < n; ++i) one(i, i) = 1;
    return one;
}

/// A = P L U with the largest pivot of each column.
struct Factors {
    explicit Factors(const Matrix& a) : lu(a), order(a.rows)
    {
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t k = 0; k < a.rows; ++k) {
            std::size_t pivot = k;
            for (std::size_t i = k + 1; i < a.rows; ++i)
                if (std::fabs(lu(i, k)) > std::fabs(lu(pivot, k))) pivot = i;
            if (pivot != k) sign = -sign;
            std::swap(order[k], order[pivot]);
            for (std::size_t j = 0; j < a.rows; ++j) std::swap(lu(k, j), lu(pivot, j));
            for (std::size_t i = k + 1; i < a.rows; ++i) {
                lu(i, k) /= lu(k, k);
                for (std::size_t j = k + 1; j < a.rows; ++j) lu(i, j) -= lu(i, k) * lu(k, j);
            }
        }
    }

    /// A⁻¹ B
    Matrix solve(const Matrix& b) const
    {
        const std::size_t n = lu.rows;
        Matrix x(n, b.columns);
        for (std::size_t c = 0; c < b.columns; ++c) {
            for (std::size_t i = 0; i < n; ++i) {
                x(i, c) = b(order[i], c);
                for (std::size_t k = 0; k < i; ++k) x(i, c) -= lu(i, k) * x(k, c);
            }
            for (std::size_t i = n; i-- > 0;) {
                for (std::size_t k = i + 1; k < n; ++k) x(i, c) -= lu(i, k) * x(k, c);
                x(i, c) /= lu(i, i);
            }
        }
        return x;
    }
    Matrix inverse() const { return solve(identity(lu.rows)); }
    /// P |L| |U|
    Matrix size() const
    {
        const std::size_t n = lu.rows;
        Matrix l(n, n), u(n, n);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                if (i > j) l(order[i], j) = std::fabs(lu(i, j));
                else {
                    l(order[i], i) = 1;
                    u(i, j) = std::fabs(lu(i, j));
                }
        return l * u;
    }

    Matrix lu;
    std::vector<std::size_t> order;
    long double sign = 1;
};

std::vector<Exact> with_sizes(const Matrix& values, const Matrix& sizes)
{
    std::vector<Exact> y;
    for (std::size_t i = 0; i < values.numbers.size(); ++i)
        y.push_back({values.numbers[i], sizes.numbers[i]});
    return y;
}

/// |L| |U|: a matrix within n roundings of that has the computed factors (theorem 9.3). Those of columns that
/// are exchanged are those of the rows of Aᵀ.
Matrix size_of_factors(const Matrix& a, Exchanges exchanges)
{
    if (exchanges == Exchanges::rows) return Factors(a).size();
    return transposed(Factors(transposed(a)).size());
}

/// What the diagonal of A⁻¹ dA comes to if A changes by the size of its factors: to first order the relative
/// change of the determinant.
long double change_of_determinant(const Matrix& a)
{
    const Matrix change = absolute(Factors(a).inverse()) * size_of_factors(a, Exchanges::columns);
    long double sum = 0;
    for (std::size_t i = 0; i < change.rows; ++i) sum += change(i, i);
    return sum;
}

}  // namespace

std::vector<Exact> exact_solution(const Wide& numbers, const Wide& b, std::size_t n, Exchanges exchanges)
{
    const Matrix a(numbers, n);
    const Factors factors(a);
    const Matrix x = factors.solve(Matrix(b, b.size() / n));
    return with_sizes(x, absolute(factors.inverse()) * size_of_factors(a, exchanges) * absolute(x));
}

std::vector<Exact> exact_determinant(const Wide& numbers, std::size_t n)
{
    const Matrix a(numbers, n);
    const Factors factors(a);
    long double determinant = factors.sign;
    for (std::size_t i = 0; i < n; ++i) determinant *= factors.lu(i, i);
    return {{determinant, std::fabs(determinant) * change_of_determinant(a)}};
}

std::vector<Exact> exact_log_determinant(const Wide& numbers, std::size_t n)
{
    const Matrix a(numbers, n);
    const Factors factors(a);
    Exact sum;
    for (std::size_t i = 0; i < n; ++i) sum.add(std::log(std::fabs(factors.lu(i, i))));
    return {{sum.value, sum.size + change_of_determinant(a)}};
}

std::vector<Exact> exact_cholesky(const Wide& numbers, std::size_t n)
{
    Matrix l(n, n);
    const Matrix a(numbers, n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            long double rest = a(i, j);
            for (std::size_t k = 0; k < j; ++k) rest -= l(i, k) * l(j, k);
            l(i, j) = i == j ? std::sqrt(rest) : rest / l(j, j);
        }
    const Matrix size = absolute(l), inverse = absolute(Factors(l).inverse());
    // To first order a change of A changes L by L Φ(L⁻¹ dA L⁻ᵀ), where Φ takes the lower triangle and half
    // the diagonal.
    Matrix change = inverse * size * transposed(size) * transposed(inverse);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i; j < n; ++j) change(i, j) = i == j ? change(i, j) / 2 : 0;
    return with_sizes(l, size * change);
}

std::vector<Exact> exact_triangular_solution(const Wide& numbers, const Wide& b, std::size_t n)
{
    Matrix a(numbers, n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j) a(i, j) = 0;
    const Factors factors(a);
    const Matrix x = factors.solve(Matrix(b, b.size() / n));
    return with_sizes(x, absolute(factors.inverse()) * absolute(a) * absolute(x));
}

}  // namespace autodiff::tests
