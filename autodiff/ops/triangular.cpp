#include <autodiff/error.hpp>
#include <autodiff/kernels/lapack.hpp>
#include <autodiff/kernels/triangular.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/linear_algebra.hpp>
#include <autodiff/ops/linear_algebra_checks.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/ops/triangle.hpp>
#include <autodiff/program.hpp>

#include <algorithm>

namespace autodiff {

namespace {

/// How the matrix of a triangular system is read.
struct Reading {
    Triangle triangle;
    Transpose transpose;
    Diagonal diagonal;

    Reading transposed() const
    {
        return {triangle, transpose == Transpose::yes ? Transpose::no : Transpose::yes, diagonal};
    }
};

template <class T>
Array<T> solution(const Array<T>& a, const Array<T>& b, Reading how)
{
    if (how.diagonal == Diagonal::stored)
        if (const auto zero = kernels::first_zero_pivot(a))
            fail<DomainError>("triangular_solve: {} is singular: pivot {} is 0",
                              detail::matrix_name(a.shape(), zero->matrix), zero->pivot);
    Shape shape =
        broadcast_shapes("triangular_solve (batch axes)", kernels::batch_shape(a), kernels::batch_shape(b));
    const Shape batch = shape;
    const bool transposed = how.transpose == Transpose::yes;
    kernels::Matrix<T> matrix = kernels::matrix_of(a, transposed);
    const kernels::TriangularPart part{.lower = (how.triangle == Triangle::lower) != transposed,
                                       .unit_diagonal = how.diagonal == Diagonal::ones};
    const Index columns = b.shape().back();
    shape.push_back(matrix.rows);
    shape.push_back(columns);
    Array<T> result = Array<T>::uninitialized(shape);
    if (result.size() == 0) return result;
    copy_elements(b.view(shape, broadcast_strides(b.shape(), b.strides(), shape), 0), result.writable());
    kernels::MutableMatrix<T> x{result.writable(), matrix.rows, columns, columns, 1};
    kernels::for_each_matrix(
        batch,
        [&](Index, Index offset) {
            matrix.data = a.data() + offset;
            kernels::solve_triangular(matrix, part, x);
            x.data += matrix.rows * columns;
        },
        kernels::batch_strides(a, batch));
    return result;
}

/// L of a positive definite matrix.
template <class T>
Array<T> factor(const Array<T>& a)
{
    kernels::Cholesky<T> value = kernels::cholesky(a);
    if (value.breakdown)
        fail<DomainError>("cholesky: {} is not positive definite: pivot {} is not positive",
                          detail::matrix_name(a.shape(), value.breakdown->matrix), value.breakdown->pivot);
    return std::move(value.factor);
}

/// What of an adjoint or a tangent of A belongs to elements that are read.
template <class T>
Tensor<T> read_part(const Tensor<T>& x, Reading how)
{
    const Index offset = how.diagonal == Diagonal::ones ? 1 : 0;
    return how.triangle == Triangle::lower ? lower_triangle(x, -offset) : upper_triangle(x, offset);
}

template <class T>
Tensor<T> solve_triangular(const Tensor<T>& a, const Tensor<T>& b, Reading how)
{
    return record({"triangular_solve", [&] { return detail::system_in_words(a, b, how.transpose); }},
                  replayable("triangular_solve", solution<T>, a.array(), b.array(), how),
                  argument(
                      a,
                      [=, shape = a.shape()](const auto& x_bar, const auto& x) {
                          const Tensor<T> b_bar = solve_triangular(a, x_bar, how.transposed());
                          const Tensor<T> product = how.transpose == Transpose::yes
                                                        ? matmul(x, b_bar, Transpose::no, Transpose::yes)
                                                        : matmul(b_bar, x, Transpose::no, Transpose::yes);
                          return -read_part(sum_to_shape(product, shape), how);
                      },
                      [=](const auto& a_dot, const auto& x) {
                          return -solve_triangular(
                              a, matmul(read_part(a_dot, how), x, how.transpose, Transpose::no), how);
                      }),
                  argument(
                      b,
                      [=, shape = b.shape()](const auto& x_bar) {
                          return sum_to_shape(solve_triangular(a, x_bar, how.transposed()), shape);
                      },
                      [=](const auto& b_dot) { return solve_triangular(a, b_dot, how); }));
}

template <class T>
Tensor<T> matrix_transpose(const Tensor<T>& x)
{
    return swap_axes(x, -2, -1);
}

/// L⁻¹ S L⁻ᵀ, or L⁻ᵀ S L⁻¹ with Transpose::yes, for a symmetric S.
template <class T>
Tensor<T> congruence(const Tensor<T>& l, const Tensor<T>& s, Transpose transpose)
{
    const Reading how{Triangle::lower, transpose, Diagonal::stored};
    return solve_triangular(l, matrix_transpose(solve_triangular(l, s, how)), how);
}

/// Φ(X): the lower triangle with half the diagonal.
template <class T>
Tensor<T> halved_diagonal_triangle(const Tensor<T>& x)
{
    const auto weights = [](Index n) {
        Array<T> all = Array<T>::filled(Shape{n, n}, 0);
        for (Index i = 0; i < n; ++i) {
            std::fill_n(all.writable() + i * n, i, T{1});
            all.writable()[i * n + i] = T(0.5);
        }
        return all;
    };
    return x * Tensor<T>(replayable("cholesky", weights, x.size(-1)));
}

template <class T>
Tensor<T> symmetric_part(const Tensor<T>& x)
{
    return T(0.5) * (x + matrix_transpose(x));
}

}  // namespace

template <class T>
Tensor<T> triangular_solve(const Tensor<T>& a, const Tensor<T>& b, Triangle triangle, Transpose transpose,
                           Diagonal diagonal)
{
    detail::require_system("triangular_solve", a.shape(), b.shape());
    return detail::with_columns(b, [&](const Tensor<T>& columns) {
        return solve_triangular(a, columns, Reading{triangle, transpose, diagonal});
    });
}

template <class T>
Tensor<T> cholesky(const Tensor<T>& a)
{
    detail::require_square("cholesky", a.shape());
    return record("cholesky", replayable("cholesky", factor<T>, a.array()),
                  argument(
                      a,
                      [](const auto& l_bar, const auto& l) {
                          const Tensor<T> p =
                              halved_diagonal_triangle(matmul(l, l_bar, Transpose::yes, Transpose::no));
                          return symmetric_part(congruence(l, symmetric_part(p), Transpose::yes));
                      },
                      // L̇ = L Φ(L⁻¹ Ȧ L⁻ᵀ)
                      [](const auto& a_dot, const auto& l) {
                          const Tensor<T> s = symmetric_part(a_dot);
                          return matmul(l, halved_diagonal_triangle(congruence(l, s, Transpose::no)));
                      }));
}

template Tensor<double> triangular_solve(const Tensor<double>&, const Tensor<double>&, Triangle, Transpose,
                                         Diagonal);
template Tensor<float> triangular_solve(const Tensor<float>&, const Tensor<float>&, Triangle, Transpose,
                                        Diagonal);
template Tensor<double> cholesky(const Tensor<double>&);
template Tensor<float> cholesky(const Tensor<float>&);

}  // namespace autodiff
