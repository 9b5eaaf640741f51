// Arithmetic.

#include <accuracy/functions.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace autodiff::tests {

std::vector<MeasuredFunction> arithmetic_functions()
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Points anywhere{{{-infinity, infinity}, {-4, 4}}, {0, 1, -1}};
    return {
        measured(
            "add", "all a, b", {anywhere, anywhere}, [](const auto& a, const auto& b) { return a + b; },
            [](long double a, long double b) { return a + b; }),
        measured(
            "subtract", "all a, b", {anywhere, anywhere}, [](const auto& a, const auto& b) { return a - b; },
            [](long double a, long double b) { return a - b; }),
        measured(
            "multiply", "all a, b", {anywhere, anywhere}, [](const auto& a, const auto& b) { return a * b; },
            [](long double a, long double b) { return a * b; }),
        measured(
            "divide", "all a, b", {anywhere, anywhere}, [](const auto& a, const auto& b) { return a / b; },
            [](long double a, long double b) { return a / b; }),
        measured(
            "negative", "all x", {anywhere}, [](const auto& x) { return -x; },
            [](long double x) { return -x; }),
        measured(
            "abs", "all x", {anywhere}, [](const auto& x) { return abs(x); },
            [](long double x) { return std::fabs(x); }),
        measured(
            "square", "all x", {anywhere}, [](const auto& x) { return square(x); },
            [](long double x) { return x * x; }),
        measured(
            "max", "all a, b", {anywhere, anywhere}, [](const auto& a, const auto& b) { return max(a, b); },
            [](long double a, long double b) { return std::fmax(a, b); }),
        measured(
            "min", "all a, b", {anywhere, anywhere}, [](const auto& a, const auto& b) { return min(a, b); },
            [](long double a, long double b) { return std::fmin(a, b); }),
        measured(
            "clamp", "all x, bounds", {anywhere, anywhere, anywhere},
            [](const auto& x, const auto& low, const auto& high) { return clamp(x, low, high); },
            [](long double x, long double low, long double high) {
                return x < low ? low : x > high ? high : x;
            }),
    };
}

}  // namespace autodiff::tests
