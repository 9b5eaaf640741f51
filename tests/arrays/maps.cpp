// An elementwise op of ranges of numbers: map has the derivatives of its loop, whatever it reads.

#include <support/errors.hpp>

#include "comparison.hpp"

#include <span>
#include <tuple>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(an_elementwise_op_of_each_element)
{
    constexpr auto op =
        elementwise("op", [](auto a, auto b, auto c) { return a * exp(b) / (1 + c * c) + 0.5; });
    for (const std::size_t n : sizes) {
        const std::vector<double> constants = numbers(n, 0, 2);
        const auto total = [n]<class X>(const std::vector<X>& y) {
            X sum = 0;
            for (std::size_t i = 0; i < n; ++i) sum += y[i] * y[i] * static_cast<double>(i % 3);
            return sum;
        };
        check_same([&](const auto& x) { return total(map(op, x, constants, x)) + sum(map(tanh_rule, x)); },
                   [&]<class X>(const std::vector<X>& x) {
                       std::vector<X> y;
                       X tanhs = 0;
                       for (std::size_t i = 0; i < n; ++i) {
                           y.push_back(op(x[i], constants[i], x[i]));
                           tanhs += tanh(x[i]);
                       }
                       return X(total(y) + tanhs);
                   },
                   numbers(n, -1, 1));
    }
    // The infinite slope of a root does not spoil what does not depend on it.
    const auto roots = [](const auto& x) { return sum(map(sqrt_rule, x)); };
    BOOST_TEST(recorded_gradient(roots, std::vector{4.0, 1.0}) == (std::vector{0.25, 0.5}),
               boost::test_tools::per_element());
    const auto all_but_one = [](const auto& x) {
        const auto y = map(sqrt_rule, x);
        return sum(y) - y[20];
    };
    std::vector<double> x(41, 4.0), expected(41, 0.25);
    x[20] = expected[20] = 0;
    BOOST_TEST(recorded_gradient(all_but_one, x) == expected, boost::test_tools::per_element());
    const auto in_a_loop = []<class X>(const std::vector<X>& numbers) {
        X total = 0;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const X root = sqrt(numbers[i]);
            total += root * (i == 20 ? 0.0 : 1.0);
        }
        return total;
    };
    BOOST_TEST(recorded_gradient(in_a_loop, x) == expected, boost::test_tools::per_element());
}

// What a map reads may be a run of statements, at any distance, or not: all give the same.
using Precisions = std::tuple<double, float>;
BOOST_AUTO_TEST_CASE_TEMPLATE(a_map_reads_windows_columns_and_mixtures, T, Precisions)
{
    constexpr auto op = elementwise("op", [](auto a, auto b) { return a * exp(b) - b / (2 + a * a); });
    constexpr std::size_t n = 77;
    const auto windows = [](const auto& x, auto combine) {
        const std::span all(x);
        return combine(all.first(n - 1), all.last(n - 1));
    };
    const auto columns = [](const auto& x, auto combine) {
        std::remove_cvref_t<decltype(x)> even, odd;
        for (std::size_t i = 0; i + 1 < n; i += 2) {
            even.push_back(x[i]);
            odd.push_back(x[n - 1 - i]);  // backwards
        }
        return combine(even, odd);
    };
    const auto repeated = [](const auto& x, auto combine) { return combine(std::vector(n, x[3]), x); };
    const auto with_constants = [](auto x, auto combine) {
        const auto y = x;
        for (std::size_t i = 0; i < n; i += 5) x[i] = T(0.25);
        return combine(x, y);
    };
    const auto broken_once = [](auto x, auto combine) {
        const auto y = x;
        std::swap(x[40], x[41]);
        return combine(x, y);
    };
    const auto results_and_variables = [](auto x, auto combine) {
        const auto y = x;
        for (std::size_t i = 20; i < n; ++i) x[i] = sin(x[i]);
        return combine(x, y);
    };
    const auto check = [&](const auto& arrange) {
        const auto mapped = [&]<class X>(const std::vector<X>& x) {
            return arrange(x, [&](std::span<const X> a, std::span<const X> b) {
                return sum(map(tanh_rule, map(op, a, b)));
            });
        };
        const auto looped = [&]<class X>(const std::vector<X>& x) {
            return arrange(x, [&](std::span<const X> a, std::span<const X> b) {
                X total = 0;
                for (std::size_t i = 0; i < a.size(); ++i) total += tanh(op(a[i], b[i]));
                return total;
            });
        };
        const std::vector<double> doubles = numbers(n, -1, 1);
        const std::vector<T> x(doubles.begin(), doubles.end());
        const auto [value, gradient] = recorded_value_and_gradient(mapped, x);
        const auto [expected, loop_gradient] = recorded_value_and_gradient(looped, x);
        const double tolerance = 8 * n * std::numeric_limits<T>::epsilon();
        BOOST_TEST(std::abs(value - expected) <= tolerance);
        BOOST_TEST(std::abs(mapped(x) - expected) <= tolerance);
        for (std::size_t i = 0; i < n; ++i) BOOST_TEST(std::abs(gradient[i] - loop_gradient[i]) <= tolerance);
    };
    check(windows);
    check(columns);
    check(repeated);
    check(with_constants);
    check(broken_once);
    check(results_and_variables);
}

// Two numbers are always at equal distances, wherever they belong.
BOOST_AUTO_TEST_CASE(a_number_of_another_recording_is_found_out)
{
    const auto inner_with_outer = [](std::size_t count) {
        return [count](const auto& x) {
            const auto inner = [&]<class X>(const std::vector<X>& y) {
                std::vector<X> mixed(count, y[0]);
                if constexpr (std::same_as<X, std::remove_cvref_t<decltype(x[0])>>) mixed.back() = x[0];
                return sum(map(tanh_rule, mixed)) + sum(mixed);
            };
            return recorded_gradient(inner, std::vector{0.5})[0] * x[0];
        };
    };
    for (const std::size_t count : {2, 3, 40})
        BOOST_CHECK_THROW(recorded_gradient(inner_with_outer(count), std::vector{1.0, 2.0}), RecordingError);
}

BOOST_AUTO_TEST_CASE(the_rows_of_a_map_are_those_of_its_loop)
{
    constexpr std::size_t n = 50;
    const auto op = elementwise("op", [](auto a, auto b) { return a * exp(b) + b; });
    const auto mapped = [&](const auto& x) {
        const std::span all(x);
        return map(op, map(sin_rule, all.first(n - 1)), all.last(n - 1));
    };
    const auto looped = [&]<class X>(const std::vector<X>& x) {
        std::vector<X> y;
        for (std::size_t i = 0; i + 1 < n; ++i) y.push_back(op(sin(x[i]), x[i + 1]));
        return y;
    };
    const std::vector<double> x = numbers(n, -1, 1);
    const auto of_map = jacobian(mapped, x), of_loop = jacobian(looped, x);
    BOOST_REQUIRE(of_map.size() == n - 1);
    for (std::size_t i = 0; i < n - 1; ++i) check_near(of_map[i], of_loop[i], 1e-13);
}

BOOST_AUTO_TEST_CASE(a_map_that_makes_an_infinity_is_found_by_its_op)
{
    const DetectAnomalies watching;
    const auto logarithms = [](const auto& x) { return sum(map(log_rule, x)); };
    const std::string error = error_text<AnomalyError>([&] {
        std::vector<double> x = numbers(50, 1, 2);
        x[17] = 0;
        recorded_gradient(logarithms, x);
    });
    BOOST_TEST(error.starts_with("log"), error);
}
