// Dual numbers: forward mode by hand.

#include <autodiff/autodiff.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace autodiff;

namespace {

const auto tolerance = boost::test_tools::tolerance(1e-14);

}  // namespace

BOOST_AUTO_TEST_CASE(a_constant_has_no_tangent_and_keeps_its_fraction)
{
    const Dual<double> half = 0.5f;
    BOOST_TEST(half.value == 0.5);
    BOOST_TEST(half.tangent == 0);
    const Dual<Dual<double>> third = 1.0 / 3;
    BOOST_TEST(third.value.value == 1.0 / 3);
    BOOST_TEST(Dual<float>(1).value == 1.f);
    BOOST_TEST((Dual<double>(3, 1) * 0.5f).tangent == 0.5);
}

BOOST_AUTO_TEST_CASE(the_tangent_follows_the_rules_of_differentiation)
{
    const Dual<double> x(2, 1), y(3, -1);
    BOOST_TEST((x * y).tangent == 1);
    BOOST_TEST((x / y).tangent == (3 + 2) / 9.0, tolerance);
    BOOST_TEST((x - y).tangent == 2);
    BOOST_TEST((-x).tangent == -1);
    BOOST_TEST(sin(x * x).tangent == 4 * std::cos(4.0), tolerance);
    BOOST_TEST((2 + x * 3 - 1).value == 7);
}

BOOST_AUTO_TEST_CASE(compound_assignment_carries_tangents)
{
    Dual<double> x(2, 1);
    x += 1;
    x *= x;
    x -= 2 * x / 3;
    x /= Dual<double>(3, 0);
    BOOST_TEST(x.value == 1, tolerance);
    BOOST_TEST(x.tangent == 6.0 / 9, tolerance);
}

BOOST_AUTO_TEST_CASE(comparisons_look_at_values)
{
    const Dual<double> x(2, 1);
    BOOST_TEST((x < 3 && x == 2 && x != 3 && 3 >= x && x <= Dual<double>(2, -5)));
    BOOST_TEST(where(x > 1, x, 0).tangent == 1);
    BOOST_TEST(where(x > 2, x, 0).tangent == 0);
}

BOOST_AUTO_TEST_CASE(nested_duals_give_higher_derivatives)
{
    const auto cube = [](const auto& x) { return x * x * x; };
    using D2 = Dual<Dual<double>>;
    const auto second = cube(D2({2, 1}, {1, 0}));
    BOOST_TEST(second.value.value == 8);
    BOOST_TEST(second.value.tangent == 12);
    BOOST_TEST(second.tangent.value == 12);
    BOOST_TEST(second.tangent.tangent == 12);
    using D3 = Dual<D2>;
    const auto third = cube(D3(D2({2, 1}, {1, 0}), D2({1, 0}, {0, 0})));
    BOOST_TEST(third.tangent.tangent.tangent == 6);
}

BOOST_AUTO_TEST_CASE(a_tensor_may_be_the_number)
{
    const Dual<Tensor<double>> x(Tensor<>{1, 2}, Tensor<>{1, 10});
    const Dual<Tensor<double>> y = x * x + 3;
    BOOST_TEST(y.value(1) == 7);
    BOOST_TEST(y.tangent(0) == 2);
    BOOST_TEST(y.tangent(1) == 40);
}

BOOST_AUTO_TEST_CASE(jvp_takes_numbers_containers_and_tensors)
{
    const auto f = [](const auto& x) { return sin(x); };
    BOOST_TEST(jvp(f, 0.5, 2.0).tangent == 2 * std::cos(0.5), tolerance);
    BOOST_TEST(jvp(f, 1, 1).tangent == std::cos(1.0), tolerance);

    const std::vector<double> x{1, 2}, direction{1, -1};
    const auto product = [](const auto& v) { return v[0] * v[1]; };
    BOOST_TEST(jvp(product, x, direction).tangent == 1);
    const auto both = [](const auto& v) { return std::vector{v[0] * v[1], v[0] / v[1]}; };
    const auto [value, tangent] = jvp(both, x, direction);
    BOOST_TEST(value[1] == 0.5);
    BOOST_TEST(tangent[1] == (2 + 1) / 4.0);

    const auto [y, y_dot] =
        jvp([](const Tensor<>& a, const Tensor<>& b) { return a * b; },
            std::array{Tensor<>{1, 2}, Tensor<>(3.0)}, std::array{Tensor<>{1, 1}, Tensor<>(10.0)});
    BOOST_TEST(y(1) == 6);
    BOOST_TEST(y_dot(1) == 23);
}
