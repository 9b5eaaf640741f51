// Linear algebra. An error is relative to what rounding the matrix may do to the result, element by element:
// |A⁻¹| |L| |U| |x| for the solution x of A x = b, and likewise for the others. On tensors LAPACK reads a
// matrix by columns and so factorises Aᵀ: it is the columns of A that are exchanged.

#include <accuracy/ops.hpp>

namespace autodiff::tests {

namespace {

/// B Bᵀ / n + I / 8, which is symmetric and positive definite.
void make_positive(std::span<double> elements, const Shape& shape)
{
    const auto n = static_cast<std::size_t>(shape.back());
    const std::vector<double> b(elements.begin(), elements.end());
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            double& x = elements[i * n + j] = i == j ? 0.125 : 0;
            for (std::size_t k = 0; k < n; ++k) x += b[i * n + k] * b[j * n + k] / static_cast<double>(n);
        }
}

/// The elements of I.
Wide identity(std::size_t n)
{
    Wide one(n * n);
    for (std::size_t i = 0; i < n; ++i) one[i * (n + 1)] = 1;
    return one;
}

/// Diagonals far from 0.
void strengthen_diagonal(std::span<double> elements, const Shape& shape)
{
    const auto n = static_cast<std::size_t>(shape.back());
    for (std::size_t i = 0; i < n; ++i) elements[i * (n + 1)] += elements[i * (n + 1)] < 0 ? -1 : 1;
}

constexpr std::string_view of_log_determinant = "tr(\\|A⁻¹\\| \\|L\\| \\|U\\|) + Σ \\|ln \\|Uᵢᵢ\\|\\|";

/// The theorems are 9.4 for a solution, 8.5, 10.3 and 9.3.
std::vector<MeasuredOp> of_size(Index n)
{
    const auto count = static_cast<std::size_t>(n);
    const auto size = static_cast<double>(n);
    const Shape square{n, n};
    const Domain positive_definite{{{-1, 1}}, 0, make_positive};
    const Domain triangular{{{-1, 1}}, 0, strengthen_diagonal};
    constexpr Index columns = 3;
    return {
        measured_op(
            "solve", "", {square, Shape{n, columns}}, {real, real}, [](auto x) { return solve(x[0], x[1]); },
            [count](std::span<const Wide> x) {
                return exact_solution(x[0], x[1], count, Exchanges::columns);
            },
            of_solution, 3 * size),
        measured_op(
            "inverse", "", {square}, {real}, [](auto x) { return inverse(x[0]); },
            [count](std::span<const Wide> x) {
                return exact_solution(x[0], identity(count), count, Exchanges::columns);
            },
            "\\|A⁻¹\\| \\|L\\| \\|U\\| \\|A⁻¹\\|", 3 * size),
        measured_op(
            "triangular_solve", "", {square, Shape{n, columns}}, {triangular, real},
            [](auto x) { return triangular_solve(x[0], x[1], Triangle::lower); },
            [count](std::span<const Wide> x) { return exact_triangular_solution(x[0], x[1], count); },
            "\\|A⁻¹\\| \\|A\\| \\|x\\|", size),
        measured_op(
            "cholesky", "", {square}, {positive_definite}, [](auto x) { return cholesky(x[0]); },
            [count](std::span<const Wide> x) { return exact_cholesky(x[0], count); },
            "\\|L\\| Φ(\\|L⁻¹\\| \\|L\\| \\|Lᵀ\\| \\|L⁻ᵀ\\|)", size + 1),
        // The factors, and the product of the pivots.
        measured_op(
            "determinant", "", {square}, {real}, [](auto x) { return determinant(x[0]); },
            [count](std::span<const Wide> x) { return exact_determinant(x[0], count); },
            "\\|y\\| tr(\\|A⁻¹\\| \\|L\\| \\|U\\|)", size + 1),
        // The factors, and the sum of the logarithms, each within 4 ulp.
        measured_op(
            "log_determinant", "", {square}, {positive_definite},
            [](auto x) { return log_determinant(x[0]); },
            [count](std::span<const Wide> x) { return exact_log_determinant(x[0], count); },
            of_log_determinant, size + of_function),
        measured_op(
            "sign_and_log_determinant", "", {square}, {real},
            [](auto x) { return sign_and_log_determinant(x[0]).log_absolute; },
            [count](std::span<const Wide> x) { return exact_log_determinant(x[0], count); },
            of_log_determinant, size + of_function),
    };
}

}  // namespace

std::vector<MeasuredOp> measured_linear_algebra()
{
    std::vector<MeasuredOp> all = of_size(4);
    for (MeasuredOp& op : of_size(50)) all.push_back(std::move(op));
    return all;
}

}  // namespace autodiff::tests
