#pragma once

// The quantile of the standard normal distribution, in IEEE additions, multiplications, divisions and square
// roots alone, so that its bits are the same everywhere (those of std::log are not).

namespace autodiff::kernels {

/// ln x for a positive, normal x, within 3 ulp: x = 2ᵉ m, ln m = 2 artanh((m - 1) / (m + 1)) by its series.
double portable_log(double x);

/// The z with Φ(z) = p for p in (0, 1), to a relative 1e-15 (Wichura 1988, algorithm AS 241, PPND16).
double normal_quantile(double p);

}  // namespace autodiff::kernels
