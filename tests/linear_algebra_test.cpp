// Linear algebra: what defines each result, its derivatives, and the errors where it does not exist.

#include <support/derivatives.hpp>
#include <support/errors.hpp>
#include <support/layouts.hpp>

#include <autodiff/autodiff.hpp>

#include <boost/test/unit_test.hpp>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

Tensor<> identity(Index n) { return diagonal_matrix(Tensor<>::ones(Shape{n})); }

/// Far from singular: the diagonal dominates.
Tensor<> regular(const Shape& shape, std::uint64_t seed = 1)
{
    const Index n = shape.back();
    return sample(shape, seed) + static_cast<double>(n) * identity(n);
}

Tensor<> positive_definite(const Shape& shape, std::uint64_t seed = 1)
{
    const Tensor<> a = sample(shape, seed);
    return matmul(a, a, Transpose::no, Transpose::yes) + identity(shape.back());
}

/// Σ over permutations, by expansion along the first row.
double determinant_by_expansion(const Tensor<>& a)
{
    const Index n = a.size(0);
    if (n == 0) return 1;
    double result = 0;
    for (Index column = 0; column < n; ++column) {
        const Tensor<> below = slice(a, {Slice{.start = 1}});
        const Tensor<> minor = concatenate(
            {slice(below, Slice{.stop = column}, 1), slice(below, Slice{.start = column + 1}, 1)}, 1);
        result += (column % 2 ? -1 : 1) * a(0, column) * determinant_by_expansion(minor);
    }
    return result;
}

// Sizes below, at and above the blocks of 16 and 32 in which matrices are factored.
const std::vector<Index> sizes{0, 1, 2, 3, 5, 16, 17, 32, 33, 70, 129};

// These matrices are well conditioned, so that errors are some n roundings.
constexpr double rounding = 1e-13;

constexpr Transpose no = Transpose::no, yes = Transpose::yes;

}  // namespace

// ---------------------------------------- values ------------------------------------------------------

BOOST_AUTO_TEST_CASE(solve_and_inverse_undo_a_product)
{
    for (Index n : sizes) {
        const Tensor<> a = regular(Shape{2, n, n}), b = sample(Shape{n, 3}, 2);
        check_equal(matmul(a, solve(a, b)), broadcast_to(b, Shape{2, n, 3}), rounding);
        check_equal(matmul(a, inverse(a)), broadcast_to(identity(n), a.shape()), rounding);
        check_equal(solve(column_major(a), spaced(b)), solve(a, b));
    }
}

BOOST_AUTO_TEST_CASE(solve_exchanges_rows_where_a_pivot_is_zero)
{
    check_equal(solve(Tensor<>{{0, 1, 0}, {0, 0, 2}, {4, 0, 0}}, Tensor<>{1, 2, 4}), Shape{3}, {1, 1, 1});
    for (Index n : {5, 40, 100}) {  // zero diagonal, and ones elsewhere: regular
        const Tensor<> a = 1 - identity(n), b = sample(Shape{n}, 2);
        check_equal(matmul(a, solve(a, b)), b, rounding);
    }
}

BOOST_AUTO_TEST_CASE(solve_broadcasts_batches_and_takes_vectors)
{
    const Tensor<> a = regular(Shape{2, 1, 3, 3}), b = sample(Shape{4, 3, 2}, 2), v = sample(Shape{3}, 3);
    check_equal(matmul(a, solve(a, b)), broadcast_to(b, Shape{2, 4, 3, 2}), rounding);
    check_equal(solve(a, v), reshape(solve(a, reshape(v, Shape{3, 1})), Shape{2, 1, 3}));
    check_equal(solve(regular(Shape{3, 3}), Tensor<>::zeros(Shape{3, 0})), Shape{3, 0}, {});
    check_equal(solve(Tensor<>::zeros(Shape{0, 2, 2}), Tensor<>{1, 2}), Shape{0, 2}, {});
    check_equal(solve(Tensor<>::zeros(Shape{0, 0}), Tensor<>()), Shape{0}, {});
    const Index many = Index{1} << 60;  // of nothing: no reason to count them
    check_equal(solve(Tensor<>::zeros(Shape{many, 0, 0}), Tensor<>::zeros(Shape{many, 0, 2})),
                Shape{many, 0, 2}, {});
    check_equal(inverse(Tensor<>::zeros(Shape{many, 0, 0})), Shape{many, 0, 0}, {});
    check_equal(cholesky(Tensor<>::zeros(Shape{many, 0, 0})), Shape{many, 0, 0}, {});
    check_equal(triangular_solve(Tensor<>::zeros(Shape{many, 0, 0}), Tensor<>::zeros(Shape{many, 0, 2}),
                                 Triangle::lower),
                Shape{many, 0, 2}, {});
}

BOOST_AUTO_TEST_CASE(triangular_solve_reads_one_triangle_transposed_or_with_ones_on_the_diagonal)
{
    for (Index n : sizes) {
        const Tensor<> a = regular(Shape{2, n, n}), b = sample(Shape{n, 3}, 2);
        for (Triangle triangle : {Triangle::lower, Triangle::upper})
            for (Transpose transpose : {no, yes})
                for (Diagonal diagonal : {Diagonal::stored, Diagonal::ones}) {
                    // Large elements beside a diagonal of ones would make the matrix ill conditioned.
                    const Tensor<> m = diagonal == Diagonal::ones ? a / static_cast<double>(n + 1) : a;
                    Tensor<> read =
                        triangle == Triangle::lower ? lower_triangle(m, -1) : upper_triangle(m, 1);
                    read = read + (diagonal == Diagonal::ones ? identity(n)
                                                              : diagonal_matrix(autodiff::diagonal(m)));
                    const Tensor<> x = triangular_solve(m, b, triangle, transpose, diagonal);
                    check_equal(matmul(read, x, transpose, no), broadcast_to(b, Shape{2, n, 3}), rounding);
                }
    }
    check_equal(triangular_solve(Tensor<>{{2, 9}, {1, 4}}, Tensor<>{2, 9}, Triangle::lower), Shape{2},
                {1, 2});
}

BOOST_AUTO_TEST_CASE(cholesky_is_a_lower_triangular_root)
{
    for (Index n : sizes) {
        const Tensor<> a = positive_definite(Shape{2, n, n}), l = cholesky(a);
        check_equal(matmul(l, l, no, yes), a, rounding);
        check_equal(l, lower_triangle(l));
        check_equal(cholesky(lower_triangle(a) + 7 * upper_triangle(Tensor<>::ones(Shape{n, n}), 1)), l);
        check_equal(cholesky(spaced(a)), l);
    }
    check_equal(cholesky(Tensor<>{{4, 2}, {2, 10}}), Shape{2, 2}, {2, 0, 1, 3});
}

BOOST_AUTO_TEST_CASE(determinants_agree_with_the_expansion_by_minors)
{
    for (Index n = 0; n <= 6; ++n) {
        const Tensor<> a = sample(Shape{n, n}, 5);
        const double expected = determinant_by_expansion(a);
        check_equal(determinant(a), Shape{}, {expected}, rounding);
        const auto [sign, log_absolute] = sign_and_log_determinant(stack({a, spaced(a)}));
        check_equal(sign * exp(log_absolute), Shape{2}, {expected, expected}, rounding);
    }
    check_equal(determinant(Tensor<>{{0, 1}, {1, 0}}), Shape{}, {-1});
    check_equal(determinant(Tensor<>::zeros(Shape{0, 3, 3})), Shape{0}, {});
}

BOOST_AUTO_TEST_CASE(log_determinant_does_not_overflow)
{
    check_equal(log_determinant(1e200 * identity(50)), Shape{}, {50 * 200 * std::log(10.0)}, rounding);
    check_equal(sign_and_log_determinant(-1e200 * identity(51)).sign, Shape{}, {-1});
    const auto [sign, log_absolute] = sign_and_log_determinant(Tensor<>{{1, 2}, {2, 4}});
    check_equal(sign, Shape{}, {0});
    check_equal(log_absolute, Shape{}, {-std::numeric_limits<double>::infinity()});
}

BOOST_AUTO_TEST_CASE(diagonals_and_triangles_take_parts_of_the_last_two_axes)
{
    const Tensor<> x = reshape(arange(12), Shape{2, 2, 3});
    check_equal(diagonal(x), Shape{2, 2}, {0, 4, 6, 10});
    check_equal(trace(x), Shape{2}, {4, 16});
    check_equal(diagonal_matrix(Tensor<>{1, 2}), Shape{2, 2}, {1, 0, 0, 2});
    check_equal(lower_triangle(x), Shape{2, 2, 3}, {0, 0, 0, 3, 4, 0, 6, 0, 0, 9, 10, 0});
    check_equal(lower_triangle(x, 1), Shape{2, 2, 3}, {0, 1, 0, 3, 4, 5, 6, 7, 0, 9, 10, 11});
    check_equal(upper_triangle(x, 1), Shape{2, 2, 3}, {0, 1, 2, 0, 0, 5, 0, 7, 8, 0, 0, 11});
    check_equal(upper_triangle(x, -9), x);
    check_equal(lower_triangle(x, -9), Tensor<>::zeros(x.shape()));
    check_equal(diagonal(Tensor<>::zeros(Shape{3, 0})), Shape{0}, {});
    check_equal(diagonal_matrix(Tensor<>()), Shape{0, 0}, {});
}

BOOST_AUTO_TEST_CASE(nan_gives_nan)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Tensor<> a{{nan, 1}, {1, 2}};
    BOOST_TEST(std::isnan(inverse(a)(0, 0)));
    BOOST_TEST(std::isnan(determinant(a).item()));
    BOOST_TEST(std::isnan(sign_and_log_determinant(a).sign.item()));
}

// ---------------------------------------- derivatives -------------------------------------------------

BOOST_AUTO_TEST_CASE(derivatives_of_solve_and_inverse_are_right_to_second_order)
{
    const Tensor<> b = sample(Shape{3, 2}, 5), a = regular(Shape{3, 3}, 6);
    check_derivatives([](const Tensor<>& x) { return inverse(x); }, regular(Shape{2, 3, 3}));
    check_derivatives([&](const Tensor<>& x) { return solve(x, b); }, regular(Shape{3, 3}));
    check_derivatives([&](const Tensor<>& x) { return solve(a, x); }, sample(Shape{3, 2}));
    check_derivatives([&](const Tensor<>& x) { return solve(x, sample(Shape{3}, 5)); },
                      regular(Shape{2, 3, 3}));
    check_derivatives([&](const Tensor<>& x) { return solve(a, x); }, sample(Shape{3}));
    check_derivatives([&](const Tensor<>& x) { return solve(x, sample(Shape{4, 3, 1}, 5)); },
                      regular(Shape{2, 1, 3, 3}));
    check_derivatives([&](const Tensor<>& x) { return solve(regular(Shape{2, 3, 3}), x); },
                      sample(Shape{3, 2}));
    check_derivatives([&](const Tensor<>& x) { return solve(x, x); }, regular(Shape{2, 2}));
    check_derivatives([](const Tensor<>& x) { return inverse(x); }, Tensor<>::zeros(Shape{0, 0}));
}

BOOST_AUTO_TEST_CASE(derivatives_of_triangular_solve_are_right_to_second_order)
{
    for (Triangle triangle : {Triangle::lower, Triangle::upper})
        for (Transpose transpose : {no, yes})
            for (Diagonal diagonal : {Diagonal::stored, Diagonal::ones}) {
                const auto of = [=](const Tensor<>& a, const Tensor<>& b) {
                    return triangular_solve(a, b, triangle, transpose, diagonal);
                };
                check_derivatives([&](const Tensor<>& x) { return of(x, sample(Shape{3, 2}, 5)); },
                                  regular(Shape{2, 3, 3}));
                check_derivatives([&](const Tensor<>& x) { return of(regular(Shape{3, 3}), x); },
                                  sample(Shape{3}));
            }
}

BOOST_AUTO_TEST_CASE(derivatives_of_cholesky_are_those_with_respect_to_a_symmetric_matrix)
{
    const auto symmetric = [](const Tensor<>& x) { return 0.5 * (x + swap_axes(x, -1, -2)); };
    check_derivatives([&](const Tensor<>& x) { return cholesky(symmetric(x)); },
                      positive_definite(Shape{2, 3, 3}));
    check_derivatives([](const Tensor<>& x) { return cholesky(matmul(x, x, no, yes)); },
                      regular(Shape{3, 3}));

    const Tensor<> gradient_of_log =
        gradient([](const Tensor<>& a) { return 2 * sum(log(diagonal(cholesky(a)))); },
                 positive_definite(Shape{4, 4}));
    check_equal(gradient_of_log, inverse(positive_definite(Shape{4, 4})),
                rounding);  // ln det A = 2 Σ ln L_ii
    check_equal(gradient_of_log, transpose(gradient_of_log));
}

BOOST_AUTO_TEST_CASE(derivatives_of_determinants_are_right_to_third_order)
{
    check_derivatives([](const Tensor<>& x) { return determinant(x); }, regular(Shape{2, 3, 3}), 3);
    check_derivatives([](const Tensor<>& x) { return determinant(x); }, sample(Shape{4, 4}));
    check_derivatives([](const Tensor<>& x) { return log_determinant(x); }, regular(Shape{2, 3, 3}), 3);
    check_derivatives([](const Tensor<>& x) { return sign_and_log_determinant(x).log_absolute; },
                      -regular(Shape{3, 3}));
    check_derivatives([](const Tensor<>& x) { return determinant(x); }, Tensor<>{{2}});
    check_derivatives([](const Tensor<>& x) { return determinant(x); }, Tensor<>::zeros(Shape{0, 0}));
}

BOOST_AUTO_TEST_CASE(a_singular_determinant_has_the_cofactors_as_its_gradient)
{
    const auto determinant_of = [](const Tensor<>& x) { return determinant(x); };
    check_equal(gradient(determinant_of, Tensor<>{{1, 2}, {2, 4}}), Shape{2, 2}, {4, -2, -2, 1});
    check_equal(gradient(determinant_of, Tensor<>{{0}}), Shape{1, 1}, {1});
    check_equal(gradient(determinant_of, Tensor<>{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}),
                Tensor<>::zeros(Shape{3, 3}));
    const Tensor<> rank_two = matmul(sample(Shape{3, 2}, 1), sample(Shape{2, 3}, 2));
    check_derivatives(determinant_of, rank_two, 1);
    // Almost singular: det A and A⁻¹ are both useless there, their product is not.
    check_equal(gradient(determinant_of, rank_two + 1e-17 * identity(3)), gradient(determinant_of, rank_two),
                1e-15);
}

BOOST_AUTO_TEST_CASE(derivatives_of_diagonals_and_triangles_are_right)
{
    const Tensor<> x = sample(Shape{2, 3, 4});
    check_derivatives([](const Tensor<>& m) { return exp(diagonal(m)); }, x);
    check_derivatives([](const Tensor<>& m) { return exp(trace(m)); }, x);
    check_derivatives([](const Tensor<>& m) { return exp(diagonal_matrix(m)); }, x);
    check_derivatives([](const Tensor<>& m) { return exp(lower_triangle(m, 1)); }, x);
    check_derivatives([](const Tensor<>& m) { return exp(upper_triangle(m, -1)); }, x);
}

// ---------------------------------------- errors ------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_singular_matrix_is_an_error_that_names_it_and_the_pivot)
{
    const Tensor<> singular{{1, 2}, {2, 4}}, one = identity(2);
    BOOST_TEST(error_text<DomainError>([&] { inverse(singular); }) ==
               "inverse: the matrix is singular: pivot 1 is 0");
    BOOST_TEST(error_text<DomainError>([&] { solve(stack({one, singular}), Tensor<>{1, 2}); }) ==
               "solve: matrix 1 of the batch is singular: pivot 1 is 0");
    BOOST_TEST(error_text<DomainError>([&] {
                   log_determinant(reshape(stack({one, one, one, singular}), Shape{2, 2, 2, 2}));
               }) == "log_determinant: matrix (1, 1) of the batch is singular: pivot 1 is 0");
    BOOST_TEST(error_text<DomainError>([&] { log_determinant(Tensor<>{{0, 1}, {1, 0}}); }) ==
               "log_determinant: the matrix has a negative determinant; use sign_and_log_determinant");
    BOOST_TEST(error_text<DomainError>([&] {
                   triangular_solve(Tensor<>{{1, 2}, {3, 0}}, Tensor<>{1, 2}, Triangle::upper);
               }) == "triangular_solve: the matrix is singular: pivot 1 is 0");
    BOOST_TEST(error_text<DomainError>([&] { cholesky(Tensor<>{{1, 2}, {2, 1}}); }) ==
               "cholesky: the matrix is not positive definite: pivot 1 is not positive");
    const Tensor<> negative_late =
        identity(40) * (1 - 2 * reshape(one_hot(IndexArray(Index{37}), 40), Shape{40}));
    BOOST_TEST(error_text<DomainError>([&] { cholesky(stack({identity(40), negative_late})); }) ==
               "cholesky: matrix 1 of the batch is not positive definite: pivot 37 is not positive");
    BOOST_TEST(error_text<DomainError>([&] {
                   gradient([](const Tensor<>& x) { return sign_and_log_determinant(x).log_absolute; },
                            singular);
               }) == "derivative of log_determinant: the matrix is singular: pivot 1 is 0");
    BOOST_TEST(error_text<DomainError>([&] {
                   hessian([](const Tensor<>& x) { return determinant(x); }, singular);
               }) == "derivative of adjugate: the matrix is singular: pivot 1 is 0");
}

BOOST_AUTO_TEST_CASE(linear_algebra_rejects_shapes_that_are_not_square_or_do_not_fit)
{
    const Tensor<> a = Tensor<>::zeros(Shape{2, 3}), square = identity(3), vector{1, 2};
    BOOST_TEST(error_text<ShapeError>([&] { inverse(a); }) ==
               "inverse: shape (2, 3) is not that of a square matrix; the last two axes must be equal");
    BOOST_TEST(error_text<ShapeError>([&] { cholesky(vector); }) ==
               "cholesky: shape (2,) is not that of a square matrix; the last two axes must be equal");
    BOOST_TEST(error_text<ShapeError>([&] { determinant(a); }).starts_with("determinant: shape (2, 3)"));
    BOOST_TEST(
        error_text<ShapeError>([&] { solve(square, vector); }) ==
        "solve: sizes differ: (3, 3) x (2,); the right-hand side must be a vector or matrix of 3 rows");
    BOOST_TEST(error_text<ShapeError>([&] {
                   solve(square, Tensor<>(1.0));
               }).starts_with("solve: sizes differ: (3, 3) x ()"));
    BOOST_TEST(error_text<ShapeError>([&] {
                   triangular_solve(square, a, Triangle::lower);
               }).starts_with("triangular_solve: sizes differ: (3, 3) x (2, 3)"));
    BOOST_TEST(error_text<ShapeError>([&] {
                   solve(regular(Shape{2, 3, 3}), Tensor<>::zeros(Shape{5, 3, 1}));
               }).starts_with("solve (batch axes): shapes (2,) and (5,)"));
    BOOST_TEST(error_text<ShapeError>([&] { trace(vector); }) ==
               "trace: shape (2,) has no matrix, which needs two axes; reshape it first");
    BOOST_TEST(error_text<ShapeError>([&] { diagonal_matrix(Tensor<>(1.0)); }) ==
               "diagonal_matrix: a single number is no diagonal; reshape it to (1,)");
}
