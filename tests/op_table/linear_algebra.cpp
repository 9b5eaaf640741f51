// Rows: linear algebra on matrices and batches of them.

#include <op_table.hpp>

namespace autodiff::tests {

namespace {

/// Adds 3 to every diagonal: such matrices are far from singular, and their determinants are positive.
void strengthen_diagonal(std::span<double> elements, const Shape& shape)
{
    if (shape.rank() == 0) return;  // the op refuses it
    const auto n = static_cast<std::size_t>(shape.back());
    for (std::size_t i = 0; i < elements.size(); ++i)
        if (i / n % n == i % n) elements[i] += 3;
}

const Domain regular{{{-1, 1}}, 0, strengthen_diagonal};

const std::vector<Shapes> square_matrices{
    {Shape{3, 3}}, {Shape{1, 1}}, {Shape{2, 2, 2}}, {Shape{0, 2, 2}}, {Shape{0, 0}}};

// Matrix against matrix, vector and batches.
const std::vector<Shapes> systems{
    {Shape{3, 3}, Shape{3, 2}},          {Shape{2, 2}, Shape{2}},       {Shape{1, 1}, Shape{1}},
    {Shape{2, 2, 2}, Shape{2, 2, 1}},    {Shape{2, 2}, Shape{3, 2, 2}}, {Shape{2, 2, 2}, Shape{2, 2}},
    {Shape{2, 1, 2, 2}, Shape{3, 2, 1}}, {Shape{2, 2}, Shape{2, 0}}};

}  // namespace

std::vector<Row> linear_algebra_rows()
{
    return without(
        ArgumentForm::rank_zero, "a matrix has rows and columns",
        {tensor_row(
             "inverse", "", [](auto x) { return inverse(x[0]); }, {regular}, square_matrices),
         tensor_row(
             "solve", "", [](auto x) { return solve(x[0], x[1]); }, {regular, real}, systems),
         tensor_row(
             "triangular_solve", "lower",
             [](auto x) { return triangular_solve(x[0], x[1], Triangle::lower); }, {regular, real}, systems),
         tensor_row(
             "triangular_solve", "upper, transposed",
             [](auto x) { return triangular_solve(x[0], x[1], Triangle::upper, Transpose::yes); },
             {regular, real}, systems),
         tensor_row(
             "triangular_solve", "ones on the diagonal",
             [](auto x) {
                 return triangular_solve(x[0], x[1], Triangle::lower, Transpose::no, Diagonal::ones);
             },
             {regular, real}, systems),
         tensor_row(
             "cholesky", "", [](auto x) { return cholesky((x[0] + swap_axes(x[0], -1, -2)) / 2); }, {regular},
             square_matrices),
         tensor_row(
             "determinant", "", [](auto x) { return determinant(x[0]); }, {regular}, square_matrices),
         tensor_row(
             "log_determinant", "", [](auto x) { return log_determinant(x[0]); }, {regular}, square_matrices),
         tensor_row(
             "sign_and_log_determinant", "negative",
             [](auto x) { return sign_and_log_determinant(-x[0]).log_absolute; }, {regular},
             square_matrices)});
}

}  // namespace autodiff::tests
