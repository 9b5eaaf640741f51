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
            "add", "all a, b", [](const auto& a, const auto& b) { return a + b; },
            [](long double a, long double b) { return a + b; }, anywhere, anywhere),
        measured(
            "subtract", "all a, b", [](const auto& a, const auto& b) { return a - b; },
            [](long double a, long double b) { return a - b; }, anywhere, anywhere),
        measured(
            "multiply", "all a, b", [](const auto& a, const auto& b) { return a * b; },
            [](long double a, long double b) { return a * b; }, anywhere, anywhere),
        measured(
            "divide", "all a, b", [](const auto& a, const auto& b) { return a / b; },
            [](long double a, long double b) { return a / b; }, anywhere, anywhere),
        measured(
            "negative", "all x", [](const auto& x) { return -x; }, [](long double x) { return -x; },
            anywhere),
        measured(
            "abs", "all x", [](const auto& x) { return abs(x); }, [](long double x) { return std::fabs(x); },
            anywhere),
        measured(
            "square", "all x", [](const auto& x) { return square(x); }, [](long double x) { return x * x; },
            anywhere),
        measured(
            "max", "all a, b", [](const auto& a, const auto& b) { return max(a, b); },
            [](long double a, long double b) { return std::fmax(a, b); }, anywhere, anywhere),
        measured(
            "min", "all a, b", [](const auto& a, const auto& b) { return min(a, b); },
            [](long double a, long double b) { return std::fmin(a, b); }, anywhere, anywhere),
        measured(
            "clamp", "all x, bounds",
            [](const auto& x, const auto& low, const auto& high) { return clamp(x, low, high); },
            [](long double x, long double low, long double high) {
                return x < low ? low : x > high ? high : x;
            },
            anywhere, anywhere, anywhere),
    };
}

}  // namespace autodiff::tests
