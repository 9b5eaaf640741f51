// Ops of one's own, and linear algebra of numbers.

#include <guide/checks.hpp>

#include <autodiff/autodiff.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <vector>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(an_elementwise_op_needs_no_partial)
{
    //! [elementwise]
    const auto swish = elementwise("swish", [](auto x) { return x / (1 + exp(-x)); });

    const Tensor<> x{-1, 0, 1};
    const Tensor<> slope = gradient([&](const Tensor<>& t) { return sum(swish(t)); }, x);
    //! [elementwise]
    require_near(slope(1), 0.5);
    require_near(slope(0) + slope(2), 1);
}

BOOST_AUTO_TEST_CASE(a_custom_op_has_the_pullback_it_is_given)
{
    //! [custom op]
    // The root of x³ + x = a, found by iteration; its derivative by the implicit function theorem.
    const auto root = custom_op(
        "root",
        [](const Tensor<>& a) {
            Tensor<> x = a;
            for (int i = 0; i < 50; ++i) x -= (x * x * x + x - a) / (3 * x * x + 1);
            return x;
        },
        [](const Tensor<>& x_bar, const Tensor<>& x, const Tensor<>& /* a */) {
            return x_bar / (3 * x * x + 1);
        });

    auto total = [&](const Tensor<>& a) { return sum(root(a)); };
    const Tensor<> slope = gradient(total, Tensor<>{2, 10});  // 1 / (3 x² + 1): 1/4 and 1/13
    //! [custom op]
    require_near(slope(0), 1 / 4.0);
    require_near(slope(1), 1 / 13.0);
    check_gradient([&](const Tensor<>& a) { return root(a); }, Tensor<>{2, 10});
}

BOOST_AUTO_TEST_CASE(array_primitives_are_one_step_each)
{
    //! [array primitives]
    // |A x - b|² of a 2 x 3 matrix A
    auto misfit = [](const auto& a, const auto& x, const std::vector<double>& b) {
        auto residual = matmul(as_matrix(a, 2, 3), x);
        for (std::size_t i = 0; i < b.size(); ++i) residual[i] -= b[i];
        return dot(residual, residual);
    };
    const std::vector<double> a{1, 2, 3, 4, 5, 6}, x{1, 0, -1};
    const auto a_bar = gradient([&](const auto& matrix) { return misfit(matrix, x, {1, 1}); }, a);
    //! [array primitives]
    BOOST_TEST(a_bar == (std::vector<double>{-6, 0, 6, -6, 0, 6}), boost::test_tools::per_element());
}
