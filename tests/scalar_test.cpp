// Recorded numbers: what can be written with them, and what goes wrong in plain words.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>
#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <optional>
#include <thread>

using namespace autodiff;
using namespace autodiff::tests;
using autodiff::tests::error_text;

namespace {

std::string foreign_variable(std::string_view op)
{
    return fmt::format(
        "{}: an argument is a variable of a recording that is over, or of another one (an outer gradient of "
        "scalars, "
        "another thread); use variables only inside the function being differentiated, pass them on as "
        "arguments, or "
        "make them constants with stop_gradient",
        op);
}

/// xⁿ by recursion.
template <class X>
X power(const X& x, int n)
{
    if (n == 0) return 1;
    if (n % 2) return x * power(x, n - 1);
    return power(x * x, n / 2);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(operators)

BOOST_AUTO_TEST_CASE(numbers_of_any_type_are_constants)
{
    const auto f = [](const auto& x) { return 2 * x + x * 3L - 1 / x + x / 4u - 0.5f + (1 - x); };
    const auto [value, slope] = recorded_value_and_gradient(f, 2.0);
    BOOST_TEST(value == 4 + 6 - 0.5 + 0.5 - 0.5 - 1);
    BOOST_TEST(slope == 2 + 3 + 0.25 + 0.25 - 1);
}

BOOST_AUTO_TEST_CASE(a_fraction_stays_a_fraction_beside_any_number)
{
    BOOST_TEST(recorded_gradient([](const auto& x) { return 0.5f * x; }, 1.0) == 0.5);
    BOOST_TEST(recorded_gradient([](const auto& x) { return 0.25 * x; }, 1.0f) == 0.25f);
    BOOST_TEST(hessian([](const auto& x) { return 0.5f * x * x; }, 1.0) == 1.0);
    BOOST_TEST(jvp([](const auto& x) { return 0.5f * x; }, 1, 1).tangent == 0.5);
}

BOOST_AUTO_TEST_CASE(integers_are_differentiated_as_doubles)
{
    const auto [value, slope] = recorded_value_and_gradient([](const auto& x) { return x / 2; }, 3);
    static_assert(std::same_as<decltype(slope), const double>);
    BOOST_TEST(value == 1.5);
    BOOST_TEST(slope == 0.5);
}

BOOST_AUTO_TEST_CASE(compound_assignment_makes_a_new_value)
{
    const auto f = [](const auto& x) {
        auto y = x;
        const auto before = y * y;
        y += x;
        y *= 3;
        y -= 1;
        y /= x;
        return y + before;
    };
    const auto [value, slope] = recorded_value_and_gradient(f, 2.0);
    BOOST_TEST(value == (2 * 2 * 3 - 1) / 2.0 + 4);
    BOOST_TEST(slope == 1 / 4.0 + 4);
}

BOOST_AUTO_TEST_CASE(comparisons_look_at_values)
{
    const Scalar<double> one = 1, two = 2;
    BOOST_TEST((one < two && one <= two && two > one && two >= one && one != two && !(one == two)));
    BOOST_TEST((one < 2 && 1 <= one && 2.0f > one && one == 1));
}

BOOST_AUTO_TEST_CASE(auto_keeps_what_it_needs)
{
    const auto f = [](const auto& x) {
        std::optional<std::remove_cvref_t<decltype(x)>> kept;
        {
            const auto a = x * 2;
            const auto b = sin(a + 1) * exp(-a);
            kept = b;
        }
        return *kept;
    };
    const double x = 0.3;
    BOOST_TEST(recorded_gradient(f, x) == 2 * (std::cos(2 * x + 1) - std::sin(2 * x + 1)) * std::exp(-2 * x),
               boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(control_flow)

BOOST_AUTO_TEST_CASE(the_branch_that_runs_is_differentiated)
{
    const auto f = []<class X>(const X& x) -> X {
        if (x > 1) return x * x;
        return 3 * x;
    };
    BOOST_TEST(recorded_gradient(f, 2.0) == 4);
    BOOST_TEST(recorded_gradient(f, 0.5) == 3);
    const auto g = [](const auto& x) { return x > 1 ? x * x : x; };
    BOOST_TEST(recorded_gradient(g, 2.0) == 4);
    BOOST_TEST(recorded_gradient(g, 0.5) == 1);
}

BOOST_AUTO_TEST_CASE(a_loop_runs_as_often_as_its_values_say)
{
    // Newton's method for √x, until it stands still.
    const auto root = [](const auto& x) {
        auto y = x;
        for (auto before = y + 1; abs(y - before) > 1e-15;) {
            before = y;
            y = (y + x / y) / 2;
        }
        return y;
    };
    BOOST_TEST(recorded_gradient(root, 2.0) == 1 / (2 * std::sqrt(2.0)), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_recursion_is_differentiated)
{
    BOOST_TEST(recorded_gradient([](const auto& x) { return power(x, 10); }, 1.1) == 10 * std::pow(1.1, 9),
               boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(a_sum_over_a_container_has_a_gradient_for_each_element)
{
    const auto f = [](const auto& x) {
        typename std::remove_cvref_t<decltype(x)>::value_type sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(i) * x[i] * x[i];
        return sum;
    };
    const std::vector<double> g = recorded_gradient(f, std::vector<double>{3, 2, 1});
    const std::vector<double> expected{0, 4, 4};
    BOOST_TEST(g == expected, boost::test_tools::per_element());
    const std::array<double, 2> h = recorded_gradient(f, std::array<double, 2>{5, 7});
    BOOST_TEST(h[1] == 14);
    BOOST_TEST(recorded_gradient(f, std::vector<double>{}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(results)

BOOST_AUTO_TEST_CASE(a_result_that_does_not_depend_has_gradient_zero)
{
    const auto [value, slope] = recorded_value_and_gradient([](const auto&) { return 3; }, 2.0);
    BOOST_TEST(value == 3);
    BOOST_TEST(slope == 0);
    BOOST_TEST(recorded_gradient([](const auto& x, const auto&) { return x; }, 1.0, 2.0)[1] == 0);
    BOOST_TEST(recorded_gradient([](const auto& x) { return stop_gradient(x) * x; }, 2.0) == 2);
}

BOOST_AUTO_TEST_CASE(the_argument_itself_has_gradient_one)
{
    BOOST_TEST(recorded_gradient([](const auto& x) { return x; }, 2.0) == 1);
    BOOST_TEST(recorded_gradient([](const auto& x, const auto& y) { return x + 0 * y; }, 2.0, 3.0)[0] == 1);
}

BOOST_AUTO_TEST_CASE(statements_after_the_result_do_not_matter)
{
    const auto f = [](const auto& x) {
        const auto y = x * x;
        auto unused = y;
        for (int i = 0; i < 100; ++i) unused = unused * x + y;
        return y;
    };
    BOOST_TEST(recorded_gradient(f, 3.0) == 6);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(nesting)

BOOST_AUTO_TEST_CASE(derivatives_nest_to_third_order)
{
    const auto f = [](const auto& x) { return exp(2 * x) * x; };  // f⁽ⁿ⁾ = 2ⁿ e²ˣ (x + n / 2)
    const auto first = [&](const auto& x) { return recorded_gradient(f, x); };
    const auto second = [&](const auto& x) { return recorded_gradient(first, x); };
    const auto third = [&](const auto& x) { return recorded_gradient(second, x); };
    const double x = 0.7, e = std::exp(2 * x);
    const auto tolerance = boost::test_tools::tolerance(1e-14);
    BOOST_TEST(first(x) == 2 * e * (x + 0.5), tolerance);
    BOOST_TEST(second(x) == 4 * e * (x + 1), tolerance);
    BOOST_TEST(third(x) == 8 * e * (x + 1.5), tolerance);
    BOOST_TEST(jvp(second, x, 1.0).tangent == 8 * e * (x + 1.5), tolerance);
    BOOST_TEST(hessian(first, x) == 8 * e * (x + 1.5), tolerance);
}

// d/dx [x · d/dy (x + y)] is 1: an inner derivative must not be taken for an outer one (Siskind and
// Pearlmutter 2005).
BOOST_AUTO_TEST_CASE(perturbations_are_not_confused)
{
    const auto reverse = [](const auto& x) {
        return x * recorded_gradient([&](const auto& y) { return x + y; }, constant_like(x, 1));
    };
    BOOST_TEST(recorded_gradient(reverse, 3.0) == 1);
    const auto forward = [](const auto& x) {
        const auto one = constant_like(x, 1);
        return x * jvp([&](const auto& y) { return x + y; }, one, one).tangent;
    };
    BOOST_TEST(jvp(forward, 3.0, 1.0).tangent == 1);
    BOOST_TEST(recorded_gradient(forward, 3.0) == 1);
    BOOST_TEST(jvp(reverse, 3.0, 1.0).tangent == 1);
}

BOOST_AUTO_TEST_CASE(an_inner_gradient_may_use_outer_variables)
{
    // d/dx [d/dy (x y² + sin x)] at y = x² is d/dx 2 x³ = 6 x².
    const auto f = [](const auto& x) {
        return recorded_gradient([&](const auto& y) { return x * y * y + sin(x); }, x * x);
    };
    BOOST_TEST(recorded_gradient(f, 1.5) == 6 * 1.5 * 1.5, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(jvp(f, 1.5, 1.0).tangent == 6 * 1.5 * 1.5, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(an_inner_gradient_of_plain_numbers_is_a_constant)
{
    const auto f = [](const auto& x) {
        return x * recorded_gradient([](const auto& y) { return y * y; }, 3.0);
    };
    BOOST_TEST(recorded_gradient(f, 2.0) == 6);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(a_variable_that_outlives_its_recording_is_found_out)
{
    Scalar<double> kept;
    recorded_gradient([&](const Scalar<double>& x) { return kept = x * x; }, 3.0);
    BOOST_TEST(kept.value() == 9);
    BOOST_TEST(error_text<RecordingError>([&] { return Scalar<double>(kept + 1); }) ==
               foreign_variable("add"));
    BOOST_TEST(error_text<RecordingError>([&] { return Scalar<double>(sin(kept)); }) ==
               foreign_variable("sin"));
    BOOST_TEST(error_text<RecordingError>([&] {
                   return recorded_gradient([&](const Scalar<double>& x) { return x * kept; }, 1.0);
               }) == foreign_variable("multiply"));
    BOOST_TEST(error_text<RecordingError>([&] {
                   return recorded_gradient([&](const Scalar<double>&) { return kept; }, 1.0);
               }) == foreign_variable("result"));
    BOOST_TEST((kept > 8));
    BOOST_TEST(stop_gradient(kept).value() == 9);
}

BOOST_AUTO_TEST_CASE(an_outer_variable_does_not_mix_with_an_inner_recording_of_the_same_type)
{
    const auto f = [](const auto& x) { return recorded_gradient([&](const auto& y) { return x * y; }, 2.0); };
    BOOST_TEST(error_text<RecordingError>([&] { return recorded_gradient(f, 3.0); }) ==
               foreign_variable("multiply"));
}

BOOST_AUTO_TEST_CASE(a_variable_of_another_thread_is_found_out)
{
    std::string text;
    recorded_gradient(
        [&](const Scalar<double>& x) {
            std::thread([&] {
                try {
                    const Scalar<double> y = x * x;
                    text = fmt::format("{}", y);
                } catch (const RecordingError& error) {
                    text = error.what();
                }
            }).join();
            return x;
        },
        1.0);
    BOOST_TEST(text == foreign_variable("multiply"));
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_the_recorder_as_it_was)
{
    struct Stop {};
    const auto throws = [](const auto& x) -> std::remove_cvref_t<decltype(x)> {
        const auto y = x * x;
        if (y > 0) throw Stop{};
        return y;
    };
    for (int i = 0; i < 3; ++i) {
        BOOST_CHECK_THROW(recorded_gradient(throws, 2.0), Stop);
        BOOST_TEST(recorder<ScalarSpace<double>>.tape == nullptr);
        BOOST_TEST(recorder<ScalarSpace<double>>.session == 0u);
        BOOST_TEST(recorded_gradient([](const auto& x) { return x * x; }, 2.0) == 4);
    }
    // Caught inside the function, what was recorded before still counts.
    const auto catches = [&](const auto& x) {
        const auto y = x * x;
        try {
            recorded_gradient(throws, 1.0);
        } catch (Stop) {
        }
        try {
            recorded_gradient(throws, x);
        } catch (Stop) {
        }
        return y * x;
    };
    BOOST_TEST(recorded_gradient(catches, 2.0) == 12);
}

BOOST_AUTO_TEST_CASE(directions_must_have_as_many_numbers_as_the_point)
{
    const auto f = [](const auto& x) { return x[0]; };
    const std::vector<double> x{1, 2}, direction{1};
    BOOST_TEST(error_text<ShapeError>([&] { return jvp(f, x, direction); }) ==
               "jvp: 1 tangents for 2 numbers");
    BOOST_TEST(error_text<ShapeError>([&] { return hvp(f, x, direction); }) ==
               "hvp: a direction of 1 for 2 numbers");
}

BOOST_AUTO_TEST_SUITE_END()
