// Matrices whose rows have to be exchanged while they are factored, in every block of every size.

#include <support/derivatives.hpp>

#include <autodiff/autodiff.hpp>

#include <boost/test/unit_test.hpp>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// A matrix whose diagonal dominates, so that its condition is good, with its rows in a random order.
Tensor<> shuffled(Index n)
{
    const Tensor<> a = sample(Shape{n, n}, 1) + static_cast<double>(n) * eye(n);
    return take(a, permutation(Key(static_cast<std::uint64_t>(n)), n), 0);
}

constexpr double rounding = 1e-13;  // some n roundings

}  // namespace

BOOST_AUTO_TEST_CASE(a_matrix_whose_rows_are_shuffled_is_solved_and_inverted_at_every_size)
{
    for (Index n : {1, 2, 3, 5, 16, 17, 32, 33, 70, 129}) {
        const Tensor<> a = shuffled(n), b = sample(Shape{n, 3}, 2);
        check_equal(matmul(a, solve(a, b)), b, rounding);
        check_equal(matmul(inverse(a), a), eye(n), rounding);
    }
}

BOOST_AUTO_TEST_CASE(the_adjoint_of_its_right_hand_side_solves_the_transposed_system)
{
    for (Index n : {2, 3, 5, 17, 70}) {
        const Tensor<> a = shuffled(n), b = sample(Shape{n}, 2), x_bar = sample(Shape{n}, 3);
        const Tensor<> b_bar = gradient([&](const Tensor<>& v) { return dot(solve(a, v), x_bar); }, b);
        check_equal(matmul(transpose(a), b_bar), x_bar, rounding);
    }
}

BOOST_AUTO_TEST_CASE(derivatives_of_a_matrix_whose_rows_are_exchanged_are_right)
{
    const Tensor<> a{{0.1, 0.2, 3}, {4, 0.3, -0.2}, {0.5, -5, 0.1}}, b = sample(Shape{3, 2}, 5);
    check_derivatives([&](const Tensor<>& x) { return solve(x, b); }, a);
    check_derivatives([](const Tensor<>& x) { return inverse(x); }, a);
    check_derivatives([](const Tensor<>& x) { return determinant(x); }, a);
}

BOOST_AUTO_TEST_CASE(determinants_of_a_batch_have_each_the_sign_of_its_own_exchanges)
{
    const Tensor<> batch = sample(Shape{12, 4, 4}, 7), signs = sign_and_log_determinant(batch).sign;
    const Tensor<> all = determinant(batch);
    double exchanged = 0;
    for (Index i = 0; i < batch.size(0); ++i) {
        const double alone = determinant(select(batch, i, 0)).item();
        BOOST_TEST(all(i) == alone);
        BOOST_TEST(signs(i) == (alone < 0 ? -1 : 1));
        exchanged += alone < 0 ? 1 : 0;
    }
    BOOST_TEST(exchanged > 0);
    BOOST_TEST(exchanged < 12);
}
