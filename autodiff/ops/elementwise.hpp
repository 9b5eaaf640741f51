#pragma once

// Elementary functions and activations, elementwise, for every kind of number. One rule each: the value
// formula in plain arithmetic and autodiff::math, the partial in the library's own ops, so that it can be
// differentiated again.

#include <autodiff/numbers/activations.hpp>
#include <autodiff/ops/arithmetic.hpp>

#include <numbers>

namespace autodiff {

namespace detail {

inline constexpr double two_over_sqrt_pi = 2 * std::numbers::inv_sqrtpi;
inline constexpr double sqrt_half = 1 / std::numbers::sqrt2;
inline constexpr double one_over_sqrt_two_pi = sqrt_half * std::numbers::inv_sqrtpi;

}  // namespace detail

// Partials use ops defined after them.
template <Operand X>
[[gnu::always_inline]] constexpr auto exp(X&& x);
template <Operand X>
[[gnu::always_inline]] constexpr auto sqrt(X&& x);
template <Operand X>
[[gnu::always_inline]] constexpr auto sin(X&& x);
template <Operand X>
[[gnu::always_inline]] constexpr auto cos(X&& x);
template <Operand X>
[[gnu::always_inline]] constexpr auto sinh(X&& x);
template <Operand X>
[[gnu::always_inline]] constexpr auto cosh(X&& x);
template <Operand X>
[[gnu::always_inline]] constexpr auto sigmoid(X&& x);
template <Operand X>
[[gnu::always_inline]] constexpr auto erfc(X&& x);
template <Operand A, Operand B>
[[gnu::always_inline]] constexpr auto hypot(A&& a, B&& b);

// ---------------------------------------- elementary functions ----------------------------------------

/// y = eˣ,   ∂y/∂x = y
inline constexpr Elementwise exp_rule{"exp", [](auto x) { return math::exp(x); },
                                      [](auto y, auto) { return y; }};

/// y = 2ˣ,   ∂y/∂x = y ln 2
inline constexpr Elementwise exp2_rule{"exp2", [](auto x) { return math::exp2(x); },
                                       [](auto y, auto) { return std::numbers::ln2 * y; }};

/// y = eˣ - 1,   ∂y/∂x = eˣ
inline constexpr Elementwise expm1_rule{"expm1", [](auto x) { return math::expm1(x); },
                                        [](auto, auto x) { return exp(x); }};

/// y = ln x,   ∂y/∂x = 1 / x
inline constexpr Elementwise log_rule{"log", [](auto x) { return math::log(x); },
                                      [](auto, auto x) { return 1 / x; }};

/// y = ln(1 + x),   ∂y/∂x = 1 / (1 + x)
inline constexpr Elementwise log1p_rule{"log1p", [](auto x) { return math::log1p(x); },
                                        [](auto, auto x) { return 1 / (1 + x); }};

/// y = log₂ x,   ∂y/∂x = 1 / (x ln 2)
inline constexpr Elementwise log2_rule{"log2", [](auto x) { return math::log2(x); },
                                       [](auto, auto x) { return std::numbers::log2e / x; }};

/// y = log₁₀ x,   ∂y/∂x = 1 / (x ln 10)
inline constexpr Elementwise log10_rule{"log10", [](auto x) { return math::log10(x); },
                                        [](auto, auto x) { return std::numbers::log10e / x; }};

/// y = ∛x,   ∂y/∂x = 1 / (3 y²), infinite at 0
inline constexpr Elementwise cbrt_rule{"cbrt", [](auto x) { return math::cbrt(x); },
                                       [](auto y, auto) { return 1 / (3 * y * y); }};

/// y = √x,   ∂y/∂x = 1 / (2 y), infinite at 0
inline constexpr Elementwise sqrt_rule{"sqrt", [](auto x) { return math::sqrt(x); },
                                       [](auto y, auto) { return 0.5f / y; }};

/// y = sin x,   ∂y/∂x = cos x
inline constexpr Elementwise sin_rule{"sin", [](auto x) { return math::sin(x); },
                                      [](auto, auto x) { return cos(x); }};

/// y = cos x,   ∂y/∂x = -sin x
inline constexpr Elementwise cos_rule{"cos", [](auto x) { return math::cos(x); },
                                      [](auto, auto x) { return -sin(x); }};

/// y = tan x,   ∂y/∂x = 1 + y²
inline constexpr Elementwise tan_rule{"tan", [](auto x) { return math::tan(x); },
                                      [](auto y, auto) { return 1 + y * y; }};

/// y = arcsin x,   ∂y/∂x = 1 / √(1 - x²), infinite at ±1
inline constexpr Elementwise asin_rule{"asin", [](auto x) { return math::asin(x); },
                                       [](auto, auto x) { return 1 / sqrt((1 - x) * (1 + x)); }};

/// y = arccos x,   ∂y/∂x = -1 / √(1 - x²), infinite at ±1
inline constexpr Elementwise acos_rule{"acos", [](auto x) { return math::acos(x); },
                                       [](auto, auto x) { return -1 / sqrt((1 - x) * (1 + x)); }};

/// y = arctan x,   ∂y/∂x = 1 / (1 + x²)
inline constexpr Elementwise atan_rule{"atan", [](auto x) { return math::atan(x); },
                                       [](auto, auto x) { return 1 / (1 + x * x); }};

/// y = sinh x,   ∂y/∂x = cosh x
inline constexpr Elementwise sinh_rule{"sinh", [](auto x) { return math::sinh(x); },
                                       [](auto, auto x) { return cosh(x); }};

/// y = cosh x,   ∂y/∂x = sinh x
inline constexpr Elementwise cosh_rule{"cosh", [](auto x) { return math::cosh(x); },
                                       [](auto, auto x) { return sinh(x); }};

/// y = tanh x,   ∂y/∂x = 1 - y²
inline constexpr Elementwise tanh_rule{"tanh", [](auto x) { return math::tanh(x); },
                                       [](auto y, auto) { return (1 - y) * (1 + y); }};

/// y = arsinh x,   ∂y/∂x = 1 / √(1 + x²)
inline constexpr Elementwise asinh_rule{"asinh", [](auto x) { return math::asinh(x); },
                                        [](auto, auto x) { return 1 / hypot(x, 1); }};

/// y = arcosh x, x ≥ 1,   ∂y/∂x = 1 / √(x² - 1), infinite at 1
inline constexpr Elementwise acosh_rule{"acosh", [](auto x) { return math::acosh(x); },
                                        [](auto, auto x) { return 1 / (sqrt(x - 1) * sqrt(x + 1)); }};

/// y = artanh x, |x| ≤ 1,   ∂y/∂x = 1 / (1 - x²), infinite at ±1
inline constexpr Elementwise atanh_rule{"atanh", [](auto x) { return math::atanh(x); },
                                        [](auto, auto x) { return 1 / ((1 - x) * (1 + x)); }};

/// y = erf x = 2/√π ∫₀ˣ e^(-t²) dt,   ∂y/∂x = 2/√π e^(-x²)
inline constexpr Elementwise erf_rule{"erf", [](auto x) { return math::erf(x); },
                                      [](auto, auto x) { return detail::two_over_sqrt_pi * exp(-x * x); }};

/// y = 1 - erf x,   ∂y/∂x = -2/√π e^(-x²)
inline constexpr Elementwise erfc_rule{"erfc", [](auto x) { return math::erfc(x); },
                                       [](auto, auto x) { return -detail::two_over_sqrt_pi * exp(-x * x); }};

template <Operand X>
[[gnu::always_inline]] constexpr auto exp(X&& x)
{
    return exp_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto exp2(X&& x)
{
    return exp2_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto expm1(X&& x)
{
    return expm1_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto log(X&& x)
{
    return log_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto log1p(X&& x)
{
    return log1p_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto log2(X&& x)
{
    return log2_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto log10(X&& x)
{
    return log10_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto cbrt(X&& x)
{
    return cbrt_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto sqrt(X&& x)
{
    return sqrt_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto sin(X&& x)
{
    return sin_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto cos(X&& x)
{
    return cos_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto tan(X&& x)
{
    return tan_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto asin(X&& x)
{
    return asin_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto acos(X&& x)
{
    return acos_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto atan(X&& x)
{
    return atan_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto sinh(X&& x)
{
    return sinh_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto cosh(X&& x)
{
    return cosh_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto tanh(X&& x)
{
    return tanh_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto asinh(X&& x)
{
    return asinh_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto acosh(X&& x)
{
    return acosh_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto atanh(X&& x)
{
    return atanh_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto erf(X&& x)
{
    return erf_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto erfc(X&& x)
{
    return erfc_rule(std::forward<X>(x));
}

namespace detail {

/// a / (a² + b²) without squares, which overflow or vanish long before the quotient does: with the smaller
/// number's quotient by the larger one, r, it is 1 / (a + b r) or r / (a r + b). 0 at the origin, and at
/// infinity, the other number for which 2 a = a.
inline constexpr auto over_squares = [](const auto& a, const auto& b) {
    return where(abs(a) < abs(b), a / b / (a * (a / b) + b),
                 where(2 * a == a, constant_like(a, 0), 1 / (a + b * (b / a))));
};

}  // namespace detail

/// y = the angle of the point (x, y_coordinate) in (-π, π],   ∂/∂y = x / (x² + y²),   ∂/∂x = -y / (x² + y²),
/// 0 at the origin, where there is no derivative
inline constexpr Elementwise atan2_rule{"atan2", [](auto y, auto x) { return math::atan2(y, x); },
                                        [](auto, auto y, auto x) { return detail::over_squares(x, y); },
                                        [](auto, auto y, auto x) { return -detail::over_squares(y, x); }};

template <Operand Y, Operand X>
[[gnu::always_inline]] constexpr auto atan2(Y&& y, X&& x)
{
    return atan2_rule(std::forward<Y>(y), std::forward<X>(x));
}

/// y = √(a² + b²), without squares that overflow or vanish,   ∂y/∂a = a / y,   ∂y/∂b = b / y, 0 at the
/// origin, where there is no derivative
inline constexpr Elementwise hypot_rule{
    "hypot", [](auto a, auto b) { return math::hypot(a, b); },
    [](auto y, auto a, auto) { return where(y == 0, constant_like(a, 0), a / y); },
    [](auto y, auto, auto b) { return where(y == 0, constant_like(b, 0), b / y); }};

template <Operand A, Operand B>
[[gnu::always_inline]] constexpr auto hypot(A&& a, B&& b)
{
    return hypot_rule(std::forward<A>(a), std::forward<B>(b));
}

// ---------------------------------------- activations -------------------------------------------------

/// y = 1 / (1 + e⁻ˣ), which is e^-|x| / (1 + e^-|x|) for x < 0,   ∂y/∂x = y (1 - y)
inline constexpr Elementwise sigmoid_rule{"sigmoid",
                                          [](auto x) {
                                              const auto e = math::exp(-math::abs(x));
                                              return math::select(x < 0, e, decltype(x)(1)) / (1 + e);
                                          },
                                          [](auto y, auto) { return y * (1 - y); }};

/// y = ln(1 / (1 + e⁻ˣ)) = min(x, 0) - ln(1 + e^-|x|),   ∂y/∂x = 1 / (1 + eˣ)
inline constexpr Elementwise log_sigmoid_rule{
    "log_sigmoid",
    [](auto x) { return math::select(x < 0, x, decltype(x)(0)) - math::log1p(math::exp(-math::abs(x))); },
    [](auto, auto x) { return sigmoid(-x); }};

/// y = ln(1 + eˣ) = max(x, 0) + ln(1 + e^-|x|),   ∂y/∂x = 1 / (1 + e⁻ˣ)
inline constexpr Elementwise softplus_rule{
    "softplus",
    [](auto x) { return math::select(x > 0, x, decltype(x)(0)) + math::log1p(math::exp(-math::abs(x))); },
    [](auto, auto x) { return sigmoid(x); }};

/// y = max(x, 0), NaN of NaN,   ∂y/∂x = 1 if x > 0, else 0 (0 at 0)
// By y, which is positive where x is: what follows keeps y anyway, and x need not be kept.
inline constexpr Elementwise relu_rule{
    "relu", [](auto x) { return math::select(x < 0, decltype(x)(0), x); },
    [](auto y, auto) { return where(y > 0, constant_like(y, 1), constant_like(y, 0)); }};

/// y = x Φ(x), Φ the standard normal distribution,   ∂y/∂x = Φ(x) + x φ(x)   (Hendrycks and Gimpel 2016)
inline constexpr Elementwise gelu_rule{"gelu", [](auto x) { return math::gelu(x); },
                                       [](auto, auto x) {
                                           return 0.5f * erfc(x * -detail::sqrt_half) +
                                                  chain_product(
                                                      x, detail::one_over_sqrt_two_pi * exp(-0.5f * x * x));
                                       }};

/// y = x / (1 + e⁻ˣ), also called swish,   ∂y/∂x = s + y (1 - s), s = 1 / (1 + e⁻ˣ)   (Elfwing et al. 2018)
inline constexpr Elementwise silu_rule{"silu", [](auto x) { return math::silu(x); },
                                       [](auto y, auto x) { return sigmoid(x) + y * sigmoid(-x); }};

template <Operand X>
[[gnu::always_inline]] constexpr auto sigmoid(X&& x)
{
    return sigmoid_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto log_sigmoid(X&& x)
{
    return log_sigmoid_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto softplus(X&& x)
{
    return softplus_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto relu(X&& x)
{
    return relu_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto gelu(X&& x)
{
    return gelu_rule(std::forward<X>(x));
}
template <Operand X>
[[gnu::always_inline]] constexpr auto silu(X&& x)
{
    return silu_rule(std::forward<X>(x));
}

/// y = x if x > 0, else slope x,   ∂y/∂x = 1 if x > 0, else slope (slope at 0)
inline constexpr Elementwise leaky_relu_rule{
    "leaky_relu", [](auto x, auto slope) { return math::select(x > 0, x, slope * x); },
    [](auto, auto x, auto slope) { return where(x > 0, constant_like(x, 1), slope); },
    [](auto, auto x, auto) { return where(x > 0, constant_like(x, 0), x); }};

/// y = x if x > 0, else α (eˣ - 1),   ∂y/∂x = 1 if x > 0, else y + α   (Clevert et al. 2015)
inline constexpr Elementwise elu_rule{
    "elu", [](auto x, auto alpha) { return math::select(x > 0, x, alpha * math::expm1(x)); },
    [](auto y, auto x, auto alpha) { return where(x > 0, constant_like(x, 1), y + alpha); },
    [](auto, auto x, auto) { return where(x > 0, constant_like(x, 0), expm1(x)); }};

template <Operand X, Operand S = double>
[[gnu::always_inline]] constexpr auto leaky_relu(X&& x, S&& slope = 0.01)
{
    return leaky_relu_rule(std::forward<X>(x), std::forward<S>(slope));
}
template <Operand X, Operand A = double>
[[gnu::always_inline]] constexpr auto elu(X&& x, A&& alpha = 1.0)
{
    return elu_rule(std::forward<X>(x), std::forward<A>(alpha));
}

}  // namespace autodiff
