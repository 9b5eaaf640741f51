// Where a derivative is not what a formula says at first sight: kinks, with what is chosen there and on
// either side of them, and values that are finite although something on the way to them is not. No finite
// value has a NaN gradient where its true gradient is finite.

#include <autodiff/autodiff.hpp>
#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double tiny = 1e-300;

/// f'(x) in reverse mode on scalars and on tensors, and in forward mode: one convention for all.
template <class F>
void check_derivative(F f, double x, double expected)
{
    BOOST_TEST_CONTEXT("at " << x)
    {
        BOOST_TEST(recorded_gradient(f, x) == expected);
        BOOST_TEST(jvp(f, x, 1.0).tangent == expected);
        BOOST_TEST(recorded_gradient(f, Tensor<>(x)).item() == expected);
        BOOST_TEST(jvp(f, Tensor<>(x), Tensor<>(1.0)).tangent.item() == expected);
    }
}

/// f''(x), likewise.
template <class F>
void check_second_derivative(F f, double x, double expected)
{
    BOOST_TEST_CONTEXT("at " << x)
    {
        BOOST_TEST(hessian(f, x) == expected);
        BOOST_TEST(hessian(f, Tensor<>(x)).item() == expected);
        BOOST_TEST(recorded_gradient([&](const auto& v) { return recorded_gradient(f, v); }, x) == expected);
        BOOST_TEST(
            recorded_gradient([&](const auto& v) { return recorded_gradient(f, v); }, Tensor<>(x)).item() ==
            expected);
    }
}

/// The partial derivatives of f(x, y).
template <class F>
void check_partials(F f, double x, double y, double by_x, double by_y)
{
    BOOST_TEST_CONTEXT("at (" << x << ", " << y << ")")
    {
        const auto scalars = recorded_gradient(f, x, y);
        BOOST_TEST(scalars[0] == by_x);
        BOOST_TEST(scalars[1] == by_y);
        const auto tensors = recorded_gradient(f, Tensor<>(x), Tensor<>(y));
        BOOST_TEST(tensors[0].item() == by_x);
        BOOST_TEST(tensors[1].item() == by_y);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kinks)

BOOST_AUTO_TEST_CASE(abs_has_slope_zero_at_zero)
{
    const auto f = [](const auto& x) { return abs(x); };
    check_derivative(f, -tiny, -1);
    check_derivative(f, 0, 0);
    check_derivative(f, -0.0, 0);
    check_derivative(f, tiny, 1);
    check_second_derivative(f, 0, 0);
}

BOOST_AUTO_TEST_CASE(relu_has_slope_zero_at_zero)
{
    const auto f = [](const auto& x) { return relu(x); };
    check_derivative(f, -tiny, 0);
    check_derivative(f, 0, 0);
    check_derivative(f, tiny, 1);
    check_second_derivative(f, 0, 0);
}

BOOST_AUTO_TEST_CASE(leaky_relu_has_its_slope_at_zero)
{
    const auto f = [](const auto& x) { return leaky_relu(x, 0.25); };
    check_derivative(f, -tiny, 0.25);
    check_derivative(f, 0, 0.25);
    check_derivative(f, tiny, 1);
}

BOOST_AUTO_TEST_CASE(elu_has_the_slope_of_its_left_side_at_zero)
{
    const auto f = [](const auto& x) { return elu(x, 0.5); };
    check_derivative(f, -tiny, 0.5);
    check_derivative(f, 0, 0.5);
    check_derivative(f, tiny, 1);
    check_second_derivative(f, 0, 0.5);
    check_second_derivative(f, tiny, 0);
}

BOOST_AUTO_TEST_CASE(max_and_min_share_the_slope_at_a_tie)
{
    const auto largest = [](const auto& x, const auto& y) { return max(x, y); };
    check_partials(largest, 2, 1, 1, 0);
    check_partials(largest, 1, 2, 0, 1);
    check_partials(largest, 1, 1, 0.5, 0.5);
    check_partials(largest, 0.0, -0.0, 0.5, 0.5);
    const auto smallest = [](const auto& x, const auto& y) { return min(x, y); };
    check_partials(smallest, 2, 1, 0, 1);
    check_partials(smallest, 1, 2, 1, 0);
    check_partials(smallest, 1, 1, 0.5, 0.5);
    check_derivative([](const auto& x) { return max(x, x); }, 3, 1);
}

BOOST_AUTO_TEST_CASE(a_maximum_over_an_axis_shares_the_slope_among_the_largest)
{
    const Tensor<> x{{1, 3, 3}, {2, 2, 2}};
    const Tensor<> g = recorded_gradient([](const Tensor<>& v) { return sum(max(v, {1})); }, x);
    const double third = 1.0 / 3;
    const std::vector<double> expected{0, 0.5, 0.5, third, third, third};
    BOOST_TEST(g.to_vector() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(clamp_lets_the_slope_through_at_its_bounds)
{
    const auto f = [](const auto& x) { return clamp(x, -1, 1); };
    check_derivative(f, std::nextafter(-1.0, -2.0), 0);
    check_derivative(f, -1, 1);
    check_derivative(f, 0, 1);
    check_derivative(f, 1, 1);
    check_derivative(f, std::nextafter(1.0, 2.0), 0);
    const auto by_low = [](const auto& low) { return clamp(0.5, low, 2); };
    check_derivative(by_low, 0.25, 0);
    check_derivative(by_low, 0.5, 0);
    check_derivative(by_low, 0.75, 1);
    const auto by_high = [](const auto& high) { return clamp(0.5, -1, high); };
    check_derivative(by_high, 0.25, 1);
    check_derivative(by_high, 0.5, 0);
    check_derivative(by_high, 0.75, 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(infinite_slopes)

BOOST_AUTO_TEST_CASE(sqrt_is_infinitely_steep_at_zero_but_not_where_nothing_passes_through_it)
{
    check_derivative([](const auto& x) { return sqrt(x); }, 0, infinity);
    check_derivative([](const auto& x) { return sqrt(x * x); }, 0, 0);
    check_derivative([](const auto& x) { return sqrt(0 * x); }, 1, 0);
    check_derivative([](const auto& x) { return 0 * sqrt(x); }, 0, 0);
}

BOOST_AUTO_TEST_CASE(asin_and_acos_are_infinitely_steep_at_one)
{
    check_derivative([](const auto& x) { return asin(x); }, 1, infinity);
    check_derivative([](const auto& x) { return acos(x); }, -1, -infinity);
}

BOOST_AUTO_TEST_CASE(norms_and_deviations_have_slope_zero_where_they_are_zero)
{
    const std::vector<double> zeros{0, 0, 0};
    const auto gradient_of_norm =
        recorded_gradient([](const Tensor<>& v) { return norm(v); }, Tensor<>{0, 0, 0});
    BOOST_TEST(gradient_of_norm.to_vector() == zeros, boost::test_tools::per_element());
    const auto of_deviation =
        recorded_gradient([](const Tensor<>& v) { return standard_deviation(v); }, Tensor<>{2, 2, 2});
    BOOST_TEST(of_deviation.to_vector() == zeros, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(powers)

BOOST_AUTO_TEST_CASE(powers_of_zero_have_the_slopes_of_polynomials)
{
    check_derivative([](const auto& x) { return pow(x, 0); }, 0, 0);
    check_derivative([](const auto& x) { return pow(x, 1); }, 0, 1);
    check_derivative([](const auto& x) { return pow(x, 2); }, 0, 0);
    check_derivative([](const auto& x) { return pow(x, 0.5); }, 0, infinity);
    check_second_derivative([](const auto& x) { return pow(x, 0); }, 0, 0);
    check_second_derivative([](const auto& x) { return pow(x, 1); }, 0, 0);
    check_second_derivative([](const auto& x) { return pow(x, 2); }, 0, 2);
    check_second_derivative([](const auto& x) { return pow(x, 3); }, 0, 0);
}

BOOST_AUTO_TEST_CASE(powers_of_negative_numbers_have_the_slopes_of_polynomials)
{
    check_derivative([](const auto& x) { return pow(x, 3); }, -2, 12);
    check_derivative([](const auto& x) { return pow(x, -1); }, -2, -0.25);
    check_second_derivative([](const auto& x) { return pow(x, 3); }, -2, -12);
}

BOOST_AUTO_TEST_CASE(a_power_of_zero_does_not_depend_on_its_exponent)
{
    check_partials([](const auto& x, const auto& p) { return pow(x, p); }, 0, 2, 0, 0);
    check_partials([](const auto& x, const auto& p) { return pow(x, p); }, 0, 1, 1, 0);
    check_derivative([](const auto& p) { return pow(0, p); }, 2, 0);
    check_second_derivative([](const auto& p) { return pow(0, p); }, 2, 0);
}

BOOST_AUTO_TEST_CASE(the_slope_by_the_base_is_right_where_that_by_the_exponent_is_undefined)
{
    const auto power = [](const auto& x, const auto& p) { return pow(x, p); };
    BOOST_TEST(recorded_gradient(power, -2.0, 3.0)[0] == 12);
    BOOST_TEST(recorded_gradient(power, Tensor<>(-2.0), Tensor<>(3.0))[0].item() == 12);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dead_branches)

BOOST_AUTO_TEST_CASE(a_branch_that_overflows_contributes_nothing)
{
    const auto f = [](const auto& x) { return where(x > 100, 3 * x, exp(x * x)); };
    check_derivative(f, 1000, 3);
    check_second_derivative(f, 1000, 0);
}

BOOST_AUTO_TEST_CASE(a_branch_that_is_not_a_number_contributes_nothing)
{
    const auto f = [](const auto& x) { return where(x > 0, sqrt(x), 2 * x); };
    check_derivative(f, -1, 2);
    check_derivative(f, 0, 2);
    check_derivative(f, 4, 0.25);
    check_second_derivative(f, -1, 0);
    check_second_derivative(f, 0, 0);
    const auto g = [](const auto& x) { return where(x > 0, x * log(x), 0); };
    check_derivative(g, 0, 0);
    check_derivative(g, -1, 0);
    check_second_derivative(g, 0, 0);
}

BOOST_AUTO_TEST_CASE(a_division_by_zero_in_a_dead_branch_contributes_nothing)
{
    const auto sinc = [](const auto& x) { return where(x == 0, 1, sin(x) / x); };
    check_derivative(sinc, 0, 0);
    check_second_derivative(sinc, 0, 0);
}

BOOST_AUTO_TEST_CASE(dead_elements_of_a_tensor_contribute_nothing)
{
    const auto f = [](const Tensor<>& x) { return sum(where(x > 0, sqrt(x) + log(x), exp(-x) * 0)); };
    const std::vector<double> expected{0, 0, 0.5, 0.25 + 0.25};
    const Tensor<> x{-1e4, 0, 4, 4};
    const Tensor<> g = recorded_gradient(f, x);
    BOOST_TEST(g(0) == 0);
    BOOST_TEST(g(1) == 0);
    BOOST_TEST(g(2) == 0.5);
    for (double second : hessian(f, x).to_vector()) BOOST_TEST(std::isfinite(second));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(large_arguments)

namespace {

template <class F>
void check_saturation(F f, double left_slope, double right_slope)
{
    for (double x : {100.0, 1000.0, 1e200}) {
        check_derivative(f, -x, left_slope);
        check_derivative(f, x, right_slope);
        check_second_derivative(f, -x, 0);
        check_second_derivative(f, x, 0);
    }
    // In float the exponential overflows sooner.
    BOOST_TEST(recorded_gradient(f, -200.f) == static_cast<float>(left_slope));
    BOOST_TEST(recorded_gradient(f, 200.f) == static_cast<float>(right_slope));
    BOOST_TEST(recorded_gradient(f, Tensor<float>(-200.f)).item() == static_cast<float>(left_slope));
    BOOST_TEST(recorded_gradient(f, Tensor<float>(200.f)).item() == static_cast<float>(right_slope));
}

}  // namespace

BOOST_AUTO_TEST_CASE(activations_are_straight_far_from_zero, *boost::unit_test::tolerance(1e-40))
{
    check_saturation([](const auto& x) { return sigmoid(x); }, 0, 0);
    check_saturation([](const auto& x) { return log_sigmoid(x); }, 1, 0);
    check_saturation([](const auto& x) { return softplus(x); }, 0, 1);
    check_saturation([](const auto& x) { return tanh(x); }, 0, 0);
    check_saturation([](const auto& x) { return gelu(x); }, 0, 1);
    check_saturation([](const auto& x) { return silu(x); }, 0, 1);
    check_saturation([](const auto& x) { return elu(x); }, 0, 1);
    check_saturation([](const auto& x) { return erf(x); }, 0, 0);
    check_saturation([](const auto& x) { return erfc(x); }, 0, 0);
}

BOOST_AUTO_TEST_CASE(log_sigmoid_and_softplus_keep_their_values_far_from_zero)
{
    BOOST_TEST(recorded_value_and_gradient([](const auto& x) { return log_sigmoid(x); }, -1000.0).value ==
               -1000);
    BOOST_TEST(recorded_value_and_gradient([](const auto& x) { return softplus(x); }, 1000.0).value == 1000);
    BOOST_TEST(recorded_value_and_gradient([](const auto& x) { return -log(sigmoid(x)); }, 40.0).value <
               1e-15);
}

BOOST_AUTO_TEST_CASE(softmax_is_finite_for_any_logits)
{
    const Tensor<> x{1000, 0, -1000, -infinity};
    const std::vector<double> one_hot{1, 0, 0, 0};
    const auto of_logsumexp = recorded_gradient([](const Tensor<>& v) { return logsumexp(v); }, x);
    BOOST_TEST(of_logsumexp.to_vector() == one_hot, boost::test_tools::per_element());
    const auto first = [](const Tensor<>& v) { return select(softmax(v), 0) + select(log_softmax(v), 0); };
    for (double g : recorded_gradient(first, x).to_vector()) BOOST_TEST(g == 0);
    const auto last = [](const Tensor<>& v) { return -select(log_softmax(v), 2); };
    const auto [value, g] = recorded_value_and_gradient(last, Tensor<>{1000, 0, -1000});
    BOOST_TEST(value.item() == 2000);
    BOOST_TEST(g(0) == 1);
    BOOST_TEST(g(2) == -1);
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_stays_so)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto check = [&](auto f) {
        BOOST_TEST(std::isnan(f(nan)));
        BOOST_TEST(std::isnan(f(Tensor<>(nan)).item()));
    };
    check([](const auto& x) { return max(x, 1.0); });
    check([](const auto& x) { return max(1.0, x); });
    check([](const auto& x) { return min(x, 1.0); });
    check([](const auto& x) { return min(1.0, x); });
    check([](const auto& x) { return clamp(x, -1.0, 1.0); });
    check([](const auto& x) { return relu(x); });
    check([](const auto& x) { return leaky_relu(x); });
    check([](const auto& x) { return elu(x); });
    check([](const auto& x) { return softplus(x); });
    check([](const auto& x) { return log_sigmoid(x); });
}

BOOST_AUTO_TEST_CASE(a_norm_neither_overflows_nor_vanishes)
{
    for (double scale : {1e200, 1e-200}) {
        const auto [value, g] = recorded_value_and_gradient([](const Tensor<>& v) { return norm(v); },
                                                            Tensor<>{3 * scale, 4 * scale});
        BOOST_TEST(value.item() == 5 * scale, boost::test_tools::tolerance(1e-14));
        BOOST_TEST(g(0) == 0.6, boost::test_tools::tolerance(1e-14));
        BOOST_TEST(g(1) == 0.8, boost::test_tools::tolerance(1e-14));
    }
}

BOOST_AUTO_TEST_SUITE_END()
