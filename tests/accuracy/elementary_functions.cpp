// Elementary functions.

#include <accuracy/functions.hpp>

#include <cmath>
#include <limits>
#include <numbers>

namespace autodiff::tests {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double half_pi = std::numbers::pi / 2;

/// The neighbourhoods of 0, of ±1, and of what a function adds.
std::vector<double> landmarks(std::vector<double> more = {})
{
    more.insert(more.end(), {0.0, 1.0, -1.0});
    return more;
}

}  // namespace

std::vector<MeasuredFunction> elementary_functions()
{
    // Where eˣ overflows, becomes denormal and becomes 0, in double and in float.
    const std::vector<double> limits_of_exp = landmarks(
        {709.7827128933840, -708.3964185322641, -745.1332191019411, 88.72283905206835, -87.33654475055310,
         -103.9720770839918, 710.4758600739439, -710.4758600739439, 89.41598629223294, -89.41598629223294});
    const Points anywhere{{{-infinity, infinity}, {-1e3, 1e3}, {-4, 4}}, landmarks()};
    const Points positive{{{0, infinity}, {0, 4}, {0.5, 2}}, landmarks({0.882793069})};
    const Points exponents{{{-800, 800}, {-110, 110}, {-2, 2}}, limits_of_exp};
    const Points binary_exponents{{{-1100, 1100}, {-150, 150}, {-2, 2}},
                                  landmarks({1024, -1022, -1074, 128, -126, -149})};
    const Points unit{{{-1, 1}}, landmarks({0.5, -0.5})};
    const Points angles{{{-infinity, infinity}, {-1e5, 1e5}, {-7, 7}}, multiples(half_pi, 0, 500)};
    const Points error_function{{{-30, 30}, {-7, 7}, {-1, 1}},
                                landmarks({26.5, 27.2, 3.6533227, 9.2, 10.05, 0.84375})};
    const Points bases{{{0, infinity}, {0, 4}, {0.9, 1.1}}, landmarks()};
    const Points negative_bases{{{-infinity, 0}, {-4, 0}, {-1.1, -0.9}}, landmarks()};
    const Points whole_powers{{{-1100, 1100}, {-40, 40}, {-5, 5}}, landmarks(), true};
    const Points powers{{{-1100, 1100}, {-40, 40}, {-2, 2}}, landmarks({0.5, -0.5, 2, 3})};

    return {
        measured(
            "exp", "-800 ≤ x ≤ 800", {exponents}, [](const auto& x) { return exp(x); },
            [](long double x) { return std::exp(x); }),
        measured(
            "exp2", "-1100 ≤ x ≤ 1100", {binary_exponents}, [](const auto& x) { return exp2(x); },
            [](long double x) { return std::exp2(x); }),
        measured(
            "expm1", "-800 ≤ x ≤ 800", {exponents}, [](const auto& x) { return expm1(x); },
            [](long double x) { return std::expm1(x); }),
        measured(
            "log", "x ≥ 0", {positive}, [](const auto& x) { return log(x); },
            [](long double x) { return std::log(x); }),
        measured(
            "log1p", "x ≥ -1", {Points{{{-1, infinity}, {-1, 1}}, landmarks()}},
            [](const auto& x) { return log1p(x); }, [](long double x) { return std::log1p(x); }),
        measured(
            "log2", "x ≥ 0", {positive}, [](const auto& x) { return log2(x); },
            [](long double x) { return std::log2(x); }),
        measured(
            "log10", "x ≥ 0", {positive}, [](const auto& x) { return log10(x); },
            [](long double x) { return std::log10(x); }),
        measured(
            "cbrt", "all x", {anywhere}, [](const auto& x) { return cbrt(x); },
            [](long double x) { return std::cbrt(x); }),
        measured(
            "sqrt", "x ≥ 0", {positive}, [](const auto& x) { return sqrt(x); },
            [](long double x) { return std::sqrt(x); }),
        measured(
            "pow", "x ≥ 0, -1100 ≤ p ≤ 1100", {bases, powers},
            [](const auto& x, const auto& p) { return pow(x, p); },
            [](long double x, long double p) { return std::pow(x, p); }),
        measured(
            "pow", "x ≤ 0, whole p, -1100 ≤ p ≤ 1100", {negative_bases, whole_powers},
            [](const auto& x, const auto& p) { return pow(x, p); },
            [](long double x, long double p) { return std::pow(x, p); }),
        measured(
            "sin", "all x", {angles}, [](const auto& x) { return sin(x); },
            [](long double x) { return std::sin(x); }),
        measured(
            "cos", "all x", {angles}, [](const auto& x) { return cos(x); },
            [](long double x) { return std::cos(x); }),
        measured(
            "tan", "all x", {angles}, [](const auto& x) { return tan(x); },
            [](long double x) { return std::tan(x); }),
        measured(
            "asin", "-1 ≤ x ≤ 1", {unit}, [](const auto& x) { return asin(x); },
            [](long double x) { return std::asin(x); }),
        measured(
            "acos", "-1 ≤ x ≤ 1", {unit}, [](const auto& x) { return acos(x); },
            [](long double x) { return std::acos(x); }),
        measured(
            "atan", "all x", {anywhere}, [](const auto& x) { return atan(x); },
            [](long double x) { return std::atan(x); }),
        measured(
            "atan2", "all y, x", {anywhere, anywhere},
            [](const auto& y, const auto& x) { return atan2(y, x); },
            [](long double y, long double x) { return std::atan2(y, x); }),
        measured(
            "hypot", "all a, b", {anywhere, anywhere},
            [](const auto& a, const auto& b) { return hypot(a, b); },
            [](long double a, long double b) { return std::hypot(a, b); }),
        measured(
            "sinh", "-800 ≤ x ≤ 800", {exponents}, [](const auto& x) { return sinh(x); },
            [](long double x) { return std::sinh(x); }),
        measured(
            "cosh", "-800 ≤ x ≤ 800", {exponents}, [](const auto& x) { return cosh(x); },
            [](long double x) { return std::cosh(x); }),
        measured(
            "tanh", "all x", {Points{{{-infinity, infinity}, {-30, 30}, {-2, 2}}, landmarks({20, 10})}},
            [](const auto& x) { return tanh(x); }, [](long double x) { return std::tanh(x); }),
        measured(
            "asinh", "all x", {anywhere}, [](const auto& x) { return asinh(x); },
            [](long double x) { return std::asinh(x); }),
        measured(
            "acosh", "x ≥ 1", {Points{{{1, infinity}, {1, 4}, {1, 1.1}}, landmarks()}},
            [](const auto& x) { return acosh(x); }, [](long double x) { return std::acosh(x); }),
        measured(
            "atanh", "-1 ≤ x ≤ 1", {unit}, [](const auto& x) { return atanh(x); },
            [](long double x) { return std::atanh(x); }),
        measured(
            "erf", "-30 ≤ x ≤ 30", {error_function}, [](const auto& x) { return erf(x); },
            [](long double x) { return std::erf(x); }),
        measured(
            "erfc", "-30 ≤ x ≤ 30", {error_function}, [](const auto& x) { return erfc(x); },
            [](long double x) { return std::erfc(x); }),
    };
}

}  // namespace autodiff::tests
