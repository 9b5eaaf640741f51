// Activations.

#include <accuracy/functions.hpp>

#include <cmath>
#include <limits>
#include <numbers>

namespace autodiff::tests {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

constexpr auto exact_sigmoid = [](long double x) {
    const long double e = std::exp(-std::fabs(x));
    return (x < 0 ? e : 1) / (1 + e);
};

constexpr auto exact_softplus = [](long double x) {
    return std::fmax(x, 0.0L) + std::log1p(std::exp(-std::fabs(x)));
};

/// x Φ(x) = x/2 erfc(z) with z = -x/√2, which has to be known to twice the precision: where erfc is small,
/// it changes by 2 z² times the relative change of z.
constexpr auto exact_gelu = [](long double x) {
    // 1/√2 rounded to long double, and what is left.
    constexpr long double sqrt_half = 1 / std::numbers::sqrt2_v<long double>;
    const long double rest = std::fma(-sqrt_half, sqrt_half, 0.5L) / (2 * sqrt_half);
    const long double z = -x * sqrt_half;
    const long double z_rest = std::fma(-x, sqrt_half, -z) - x * rest;
    const long double slope = -2 * std::numbers::inv_sqrtpi_v<long double> * std::exp(-z * z);
    return x * 0.5L * (std::erfc(z) + slope * z_rest);
};

}  // namespace

std::vector<MeasuredFunction> activation_functions()
{
    const std::vector<double> landmarks = {0,    1,    -1,   88.7, -87.3, -103.9, -110, 709.8,
                                           -708, -745, -752, 36.7, -36.7, 16.6,   -16.6};
    const Points anywhere{{{-infinity, infinity}, {-800, 800}, {-110, 110}, {-4, 4}}, landmarks};
    const Points gelu_points{{{-infinity, infinity}, {-40, 10}, {-15, 6}, {-2, 2}},
                             {0, 1, -1, -5.72421741, -6.19678736, -13, -14.2, -37.5, -38.5, 5.5, 8.3}};
    const Points slopes{{{0, 1}}, {0.01}};

    return {
        measured(
            "sigmoid", "all x", {anywhere}, [](const auto& x) { return sigmoid(x); }, exact_sigmoid),
        measured(
            "log_sigmoid", "all x", {anywhere}, [](const auto& x) { return log_sigmoid(x); },
            [](long double x) { return -exact_softplus(-x); }),
        measured(
            "softplus", "all x", {anywhere}, [](const auto& x) { return softplus(x); }, exact_softplus),
        measured(
            "gelu", "all x", {gelu_points}, [](const auto& x) { return gelu(x); }, exact_gelu),
        measured(
            "silu", "all x", {anywhere}, [](const auto& x) { return silu(x); },
            [](long double x) { return x * exact_sigmoid(x); }),
        measured(
            "relu", "all x", {anywhere}, [](const auto& x) { return relu(x); },
            [](long double x) { return std::fmax(x, 0.0L); }),
        measured(
            "leaky_relu", "all x, 0 ≤ slope ≤ 1", {anywhere, slopes},
            [](const auto& x, const auto& slope) { return leaky_relu(x, slope); },
            [](long double x, long double slope) { return x > 0 ? x : slope * x; }),
        measured(
            "elu", "all x, 0 ≤ α ≤ 1", {anywhere, slopes},
            [](const auto& x, const auto& alpha) { return elu(x, alpha); },
            [](long double x, long double alpha) { return x > 0 ? x : alpha * std::expm1(x); }),
    };
}

}  // namespace autodiff::tests
