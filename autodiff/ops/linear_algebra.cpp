#include <autodiff/error.hpp>
#include <autodiff/ops/linear_algebra.hpp>

#include <autodiff/kernels/lapack.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/linear_algebra_checks.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/ops/triangle.hpp>
#include <autodiff/program.hpp>

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
kernels::Lu<T> factored(const char* op, const Tensor<T>& a)
{
    const auto factor = [](const Array<T>& x) {
        kernels::Lu<T> of = kernels::lu(x);
        return std::tuple(std::move(of.factors), std::move(of.exchanges));
    };
    auto [factors, exchanges] = replayable(op, factor, a.array());
    return {std::move(factors), std::move(exchanges)};
}

/// kernel(lu, arguments…), which finds the factors again when it is replayed.
template <class T, class Kernel, class... A>
auto from_factors(const char* op, Kernel kernel, const kernels::Lu<T>& lu, const A&... arguments)
{
    const auto whole = [kernel](const Array<T>& factors, const IndexArray& exchanges, const A&... more) {
        return kernel(kernels::Lu<T>{factors, exchanges}, more...);
    };
    return replayable(op, whole, lu.factors, lu.exchanges, arguments...);
}

/// The same of regular matrices only.
template <class T, class Kernel, class... A>
auto from_regular_factors(const char* op, Kernel kernel, const kernels::Lu<T>& lu, const A&... arguments)
{
    const auto checked = [=](const kernels::Lu<T>& of, const A&... more) {
        require_regular(op, of.factors);
        return kernel(of, more...);
    };
    return from_factors(op, checked, lu, arguments...);
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

/// A⁻¹ from the factors of A, for op.
template <class T>
Tensor<T> inverse_from(const kernels::Lu<T>& lu, const Tensor<T>& a, const char* op)
{
    return record("inverse", from_regular_factors(op, kernels::inverse<T>, lu),
                  argument(
                      a,
                      [](const auto& y_bar, const auto& y) {
                          return -matmul(matmul(y, y_bar, Transpose::yes, Transpose::no), y, Transpose::no,
                                         Transpose::yes);
                      },
                      [](const auto& a_dot, const auto& y) { return -matmul(matmul(y, a_dot), y); }));
}

/// X = A⁻¹ B, or A⁻ᵀ B, from the factors of A, for op: the adjoints need them again.
template <class T>
Tensor<T> solve_from(const kernels::Lu<T>& lu, const Tensor<T>& a, const Tensor<T>& b, Transpose transpose,
                     const char* op = "solve")
{
    const bool transposed = transpose == Transpose::yes;
    const Transpose other = transposed ? Transpose::no : Transpose::yes;
    const auto solution = [transposed](const kernels::Lu<T>& factors, const Array<T>& columns) {
        return kernels::solve(factors, transposed, columns);
    };
    return record({"solve", [&] { return detail::system_in_words(a, b, transpose); }},
                  from_regular_factors(op, solution, lu, b.array()),
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
    const auto inverse_of_a = [a] {
        const char* const op = "derivative of adjugate";
        return inverse_from(factored(op, a), a, op);
    };
    return record("adjugate", replayable("adjugate", kernels::adjugate<T>, a.array()),
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
    const char* const derivative = "derivative of log_determinant";
    return record(
        "log_determinant", std::move(value),
        argument(
            a,
            [=](const auto& y_bar) {
                return for_each_element(y_bar) * matrix_transpose(inverse_from(lu, a, derivative));
            },
            [=](const auto& a_dot) { return trace(solve_from(lu, a, a_dot, Transpose::no, derivative)); }));
}

}  // namespace

template <class T>
Tensor<T> inverse(const Tensor<T>& a)
{
    detail::require_square("inverse", a.shape());
    return inverse_from(factored("inverse", a), a, "inverse");
}

template <class T>
Tensor<T> solve(const Tensor<T>& a, const Tensor<T>& b)
{
    detail::require_system("solve", a.shape(), b.shape());
    const kernels::Lu<T> factors = factored("solve", a);
    return detail::with_columns(
        b, [&](const Tensor<T>& columns) { return solve_from(factors, a, columns, Transpose::no); });
}

template <class T>
Tensor<T> determinant(const Tensor<T>& a)
{
    detail::require_square("determinant", a.shape());
    return record(
        "determinant", from_factors("determinant", kernels::determinant<T>, factored("determinant", a)),
        argument(
            a, [a](const auto& y_bar) { return for_each_element(y_bar) * matrix_transpose(adjugate(a)); },
            [a](const auto& a_dot) { return sum(matrix_transpose(adjugate(a)) * a_dot, {-2, -1}); }));
}

template <class T>
SignAndLogDeterminant<T> sign_and_log_determinant(const Tensor<T>& a)
{
    const char* const op = "sign_and_log_determinant";
    detail::require_square(op, a.shape());
    const kernels::Lu<T> factors = factored(op, a);
    const auto both = [](const kernels::Lu<T>& of) {
        kernels::SignAndLog<T> value = kernels::sign_and_log_determinant(of);
        return std::tuple(std::move(value.sign), std::move(value.log));
    };
    auto [sign, log] = from_factors(op, both, factors);
    return {std::move(sign), log_determinant_from(factors, a, std::move(log))};
}

template <class T>
Tensor<T> log_determinant(const Tensor<T>& a)
{
    detail::require_square("log_determinant", a.shape());
    const kernels::Lu<T> factors = factored("log_determinant", a);
    const auto logarithm = [shape = a.shape()](const kernels::Lu<T>& of) {
        kernels::SignAndLog<T> value = kernels::sign_and_log_determinant(of);
        for (Index matrix = 0; matrix < value.sign.size(); ++matrix)
            if (value.sign.data()[matrix] < 0)
                fail<DomainError>(
                    "log_determinant: {} has a negative determinant; use sign_and_log_determinant",
                    detail::matrix_name(shape, matrix));
        return std::move(value.log);
    };
    return log_determinant_from(factors, a, from_regular_factors("log_determinant", logarithm, factors));
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
