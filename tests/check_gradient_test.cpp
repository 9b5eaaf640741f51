// check_gradient passes what is right and fails what is wrong, in words that help.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>

#include <boost/test/unit_test.hpp>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

/// x³ whose pullback forgets the exponent.
const auto wrong_cube = custom_op(
    "cube", [](const Tensor<>& x) { return x * x * x; },
    [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>& x) { return y_bar * x * x; });

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_CASE(right_derivatives_pass_and_are_counted)
{
    const CheckReport of_tensors =
        check_gradient([](const Tensor<>& a, const Tensor<>& b) { return matmul(a, sin(b)); },
                       Tensor<>{{1, 2}, {3, 4}}, Tensor<>{0.5, 0.6});
    BOOST_TEST(of_tensors.compared == 6u);
    BOOST_TEST(of_tensors.worst_error < 1e-9);
    const CheckReport of_numbers =
        check_gradient([](const auto& x, const auto& y) { return x * sin(y); }, 0.3, 0.4);
    BOOST_TEST(of_numbers.compared == 2u);
    BOOST_TEST(of_numbers.worst_error < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_wrong_pullback_fails_with_op_point_and_both_values)
{
    const std::string text =
        error_text<GradientError>([] { check_gradient(wrong_cube, Tensor<>{{0.5, 2}}); });
    BOOST_TEST(text.starts_with(
        "check_gradient: the derivative of cube with respect to x[0, 0] = 0.5 is wrong: analytic "));
    // The weight of the first element, times x² and 3 x².
    BOOST_TEST(contains(text, "analytic 0.279508497187, numeric 0.838525491562 (± "), text);
    BOOST_TEST(contains(text, "they differ by 0.559, allowed 1e-07"), text);
}

BOOST_AUTO_TEST_CASE(a_wrong_partial_of_a_number_fails_with_op_point_and_both_values)
{
    const auto wrong = elementwise("wrong", [](auto x) { return x * x; }, [](auto, auto x) { return x; });
    const std::string text = error_text<GradientError>([&] { check_gradient(wrong, 3.0); });
    BOOST_TEST(
        text.starts_with(
            "check_gradient: the derivative of wrong with respect to x = 3 is wrong: analytic 3, numeric 6"),
        text);
    const auto f = [&](const auto& x, const auto& y) { return y + wrong(x); };
    BOOST_TEST(contains(error_text<GradientError>([&] { check_gradient(f, 3.0, 1.0); }),
                        "with respect to x1 = 3 is wrong"));
}

BOOST_AUTO_TEST_CASE(a_wrong_derivative_of_the_last_element_of_the_last_argument_is_found)
{
    const auto op = custom_op(
        "op", [](const Tensor<>& a, const Tensor<>& b) { return a + b; },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>&, const Tensor<>&) {
            return std::array{y_bar, y_bar * Tensor<>{1, 1, 1 + 1e-6}};
        });
    BOOST_TEST(
        contains(error_text<GradientError>([&] { check_gradient(op, Tensor<>{1, 2, 3}, Tensor<>{4, 5, 6}); }),
                 "the derivative of op with respect to x2[2] = 6 is wrong"));
}

BOOST_AUTO_TEST_CASE(a_lost_derivative_is_found)
{
    const auto loses = [](const Tensor<>& x) { return x * stop_gradient(x); };
    BOOST_CHECK_THROW(check_gradient(loses, Tensor<>{1, 2}), GradientError);
    const auto constant = [](const Tensor<>& x) { return stop_gradient(x); };
    BOOST_TEST(contains(error_text<GradientError>([&] { check_gradient(constant, Tensor<>{1, 2}); }),
                        "a constant function"));
}

BOOST_AUTO_TEST_CASE(a_derivative_that_is_not_a_number_fails)
{
    const auto op = custom_op(
        "op", [](const Tensor<>& x) { return x * 1; },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>&) { return y_bar * std::nan(""); });
    BOOST_CHECK_THROW(check_gradient(op, Tensor<>{1, 2}), GradientError);
    // Nor does a value that is none: the square root at -1.
    BOOST_CHECK_THROW(check_gradient([](const auto& x) { return sqrt(x); }, -1.0), GradientError);
}

BOOST_AUTO_TEST_CASE(the_tolerance_is_the_callers)
{
    const auto op = custom_op(
        "op", [](const Tensor<>& x) { return x * 1; },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>&) { return y_bar * 1.001; });
    BOOST_CHECK_THROW(check_gradient(op, Tensor<>{1, 2}), GradientError);
    BOOST_TEST(check_gradient({.tolerance = 0.01}, op, Tensor<>{1, 2}).worst_error == 0.001,
               boost::test_tools::tolerance(1e-2));
}

BOOST_AUTO_TEST_CASE(several_ops_are_all_named)
{
    const auto f = [](const Tensor<>& x) { return sum(wrong_cube(sin(x))); };
    BOOST_TEST(contains(error_text<GradientError>([&] { check_gradient(f, Tensor<>{1, 2}); }),
                        "of sin, cube, sum with respect to"));
}

BOOST_AUTO_TEST_CASE(a_kink_within_reach_of_the_step_does_not_pass_for_agreement)
{
    const auto wrong_abs = custom_op(
        "abs", [](const Tensor<>& x) { return abs(x); },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>&) { return 0.5 * y_bar; });
    BOOST_CHECK_THROW(check_gradient(wrong_abs, Tensor<>{0.01}), GradientError);
}
