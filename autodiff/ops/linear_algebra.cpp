#include <autodiff/error.hpp>
#include <autodiff/ops/linear_algebra.hpp>

#include <autodiff/kernels/lapack.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/linear_algebra_checks.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/ops/triangle.hpp>

namespace autodiff {

namespace {

template <class T>
void require_regular(const char* op, const Array<T>& factors)
{
    if (const auto zero = kernels::first_zero_pivot(factors))
        fail<DomainError>("{}: {} is singular: pivot {} is 0", op,
                          detail::matrix_name(factors.shape(), zero->matrix), zero->pivot);
}

template <class T>
kernels::Lu<T> regular_lu(const char* op, const Tensor<T>& a)
{
    kernels::Lu<T> factors = kernels::lu(a.array());
    require_regular(op, factors.factors);
    return factors;
}

template <class T>
Tensor<T> matrix_transpose(const Tensor<T>& x)
{
    return swap_axes(x, -2, -1);
}

/// A number for each matrix, stretched over its elements.
template <class T>
Tensor<T> for_each_element(const Tensor<T>& x)
{
    return unsqueeze(x, {-2, -1});
}

/// A⁻¹ from the factors of A.
template <class T>
Tensor<T> inverse_from(const kernels::Lu<T>& lu, const Tensor<T>& a)
{
    return record("inverse", kernels::inverse(lu),
                  argument(
                      a,
                      [](const auto& y_bar, const auto& y) {
                          return -matmul(matmul(y, y_bar, Transpose::yes, Transpose::no), y, Transpose::no,
                                         Transpose::yes);
                      },
                      [](const auto& a_dot, const auto& y) { return -matmul(matmul(y, a_dot), y); }));
}

/// X = A⁻¹ B, or A⁻ᵀ B, from the factors of A: the adjoints need them again.
template <class T>
Tensor<T> solve_from(const kernels::Lu<T>& lu, const Tensor<T>& a, const Tensor<T>& b, Transpose transpose)
{
    const bool transposed = transpose == Transpose::yes;
    const Transpose other = transposed ? Transpose::no : Transpose::yes;
    return record("solve", kernels::solve(lu, transposed, b.array()),
                  argument(
                      a,
                      [=, shape = a.shape()](const auto& x_bar, const auto& x) {
                          const Tensor<T> b_bar = solve_from(lu, a, x_bar, other);
                          return sum_to_shape(-(transposed ? matmul(x, b_bar, Transpose::no, Transpose::yes)
                                                           : matmul(b_bar, x, Transpose::no, Transpose::yes)),
                                              shape);
                      },
                      [=](const auto& a_dot, const auto& x) {
                          return -solve_from(lu, a, matmul(a_dot, x, transpose, Transpose::no), transpose);
                      }),
                  argument(
                      b,
                      [=, shape = b.shape()](const auto& x_bar) {
                          return sum_to_shape(solve_from(lu, a, x_bar, other), shape);
                      },
                      [=](const auto& b_dot) { return solve_from(lu, a, b_dot, transpose); }));
}

/// adj A;   Ā = tr(Ȳᵀ A⁻¹) Yᵀ - Yᵀ Ȳ A⁻ᵀ, from adj A = (det A) A⁻¹.
template <class T>
Tensor<T> adjugate(const Tensor<T>& a)
{
    const auto inverse_of_a = [a] { return inverse_from(regular_lu("derivative of adjugate", a), a); };
    return record("adjugate", kernels::adjugate(a.array()),
                  argument(
                      a,
                      [=](const auto& y_bar, const auto& y) {
                          const Tensor<T> x = inverse_of_a();
                          const Tensor<T> weight = sum(y_bar * x, {-2, -1}, KeepDims::yes);
                          return weight * matrix_transpose(y) -
                                 matmul(matmul(y, y_bar, Transpose::yes, Transpose::no), x, Transpose::no,
                                        Transpose::yes);
                      },
                      [=](const auto& a_dot, const auto& y) {
                          const Tensor<T> x = inverse_of_a();
                          const Tensor<T> y_a_dot = matmul(y, a_dot);
                          return for_each_element(trace(y_a_dot)) * x - matmul(y_a_dot, x);
                      }));
}

/// ln |det A| from the factors of A.
template <class T>
Tensor<T> log_determinant_from(const kernels::Lu<T>& lu, const Tensor<T>& a, Array<T> value)
{
    return record("log_determinant", std::move(value),
                  argument(
                      a,
                      [=](const auto& y_bar) {
                          require_regular("derivative of log_determinant", lu.factors);
                          return for_each_element(y_bar) * matrix_transpose(inverse_from(lu, a));
                      },
                      [=](const auto& a_dot) {
                          require_regular("derivative of log_determinant", lu.factors);
                          return trace(solve_from(lu, a, a_dot, Transpose::no));
                      }));
}

}  // namespace

template <class T>
Tensor<T> inverse(const Tensor<T>& a)
{
    detail::require_square("inverse", a.shape());
    return inverse_from(regular_lu("inverse", a), a);
}

template <class T>
Tensor<T> solve(const Tensor<T>& a, const Tensor<T>& b)
{
    detail::require_system("solve", a.shape(), b.shape());
    const kernels::Lu<T> lu = regular_lu("solve", a);
    return detail::with_columns(
        b, [&](const Tensor<T>& columns) { return solve_from(lu, a, columns, Transpose::no); });
}

template <class T>
Tensor<T> determinant(const Tensor<T>& a)
{
    detail::require_square("determinant", a.shape());
    return record(
        "determinant", kernels::determinant(kernels::lu(a.array())),
        argument(
            a, [a](const auto& y_bar) { return for_each_element(y_bar) * matrix_transpose(adjugate(a)); },
            [a](const auto& a_dot) { return sum(matrix_transpose(adjugate(a)) * a_dot, {-2, -1}); }));
}

template <class T>
SignAndLogDeterminant<T> sign_and_log_determinant(const Tensor<T>& a)
{
    detail::require_square("sign_and_log_determinant", a.shape());
    const kernels::Lu<T> lu = kernels::lu(a.array());
    kernels::SignAndLog<T> value = kernels::sign_and_log_determinant(lu);
    return {std::move(value.sign), log_determinant_from(lu, a, std::move(value.log))};
}

template <class T>
Tensor<T> log_determinant(const Tensor<T>& a)
{
    detail::require_square("log_determinant", a.shape());
    const kernels::Lu<T> lu = regular_lu("log_determinant", a);
    kernels::SignAndLog<T> value = kernels::sign_and_log_determinant(lu);
    for (Index matrix = 0; matrix < value.sign.size(); ++matrix)
        if (value.sign.data()[matrix] < 0)
            fail<DomainError>("log_determinant: {} has a negative determinant; use sign_and_log_determinant",
                              detail::matrix_name(a.shape(), matrix));
    return log_determinant_from(lu, a, std::move(value.log));
}

template Tensor<double> inverse(const Tensor<double>&);
template Tensor<float> inverse(const Tensor<float>&);
template Tensor<double> solve(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> solve(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> determinant(const Tensor<double>&);
template Tensor<float> determinant(const Tensor<float>&);
template SignAndLogDeterminant<double> sign_and_log_determinant(const Tensor<double>&);
template SignAndLogDeterminant<float> sign_and_log_determinant(const Tensor<float>&);
template Tensor<double> log_determinant(const Tensor<double>&);
template Tensor<float> log_determinant(const Tensor<float>&);

}  // namespace autodiff
