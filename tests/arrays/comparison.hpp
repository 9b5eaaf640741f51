#pragma once

// What the suites of array primitives on numbers share: numbers to apply them to, and a comparison with
// loops.

#include <autodiff/autodiff.hpp>
#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace autodiff::tests {

inline std::vector<double> numbers(std::size_t count, double low, double high)
{
    std::mt19937_64 engine(count);
    std::uniform_real_distribution<double> distribution(low, high);
    std::vector<double> x(count);
    for (double& number : x) number = distribution(engine);
    return x;
}

inline void check_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance)
{
    BOOST_REQUIRE(a.size() == b.size());
    double scale = 1;  // what should be zero, such as a norm's curvature in one dimension, is rounded
    for (const double number : b) scale = std::max(scale, std::abs(number));
    for (std::size_t i = 0; i < a.size(); ++i) BOOST_TEST(std::abs(a[i] - b[i]) <= tolerance * scale);
}

/// The primitive f and the loop g must agree: values, gradients, forward mode, Hessians by columns and
/// gradients of gradients.
inline void check_same(const auto& f, const auto& g, const std::vector<double>& x)
{
    const auto [value, gradient_of_f] = recorded_value_and_gradient(f, x);
    const auto [expected, gradient_of_g] = recorded_value_and_gradient(g, x);
    check_near({value}, {expected}, 1e-13);
    check_near({f(x)}, {expected}, 1e-13);
    check_near(gradient_of_f, gradient_of_g, 1e-12);
    const std::vector<double> direction = numbers(x.size(), -1, 1);
    check_near({jvp(f, x, direction).tangent}, {jvp(g, x, direction).tangent}, 1e-12);
    check_near(hvp(f, x, direction), hvp(g, x, direction), 1e-11);
    const auto second = [&](const auto& function) {
        return recorded_gradient(
            [&](const auto& p) {
                const auto inner = recorded_gradient(function, p);
                auto total = inner[0] * inner[0];
                for (const auto& component : inner) total = total + component * component;
                return total;
            },
            x);
    };
    if (x.size() < 50) check_near(second(f), second(g), 1e-11);
}

/// How many numbers a primitive is applied to.
inline constexpr std::size_t sizes[] = {1, 2, 7, 33, 200};

}  // namespace autodiff::tests
