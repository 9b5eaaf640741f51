#pragma once

#include "workload.hpp"

#include <autodiff/transforms/arrays.hpp>

#include <array>
#include <cmath>
#include <numbers>

namespace scalars {

/// The price of 500 European calls, S N(d₁) - K exp(-rT) N(d₂), with respect to spot S, strike K, rate r,
/// volatility σ and maturity T of each.
struct BlackScholes {
    static constexpr const char* name = "black_scholes";
    Numbers point = portfolio();

    template <class X>
    static X normal_cdf(const X& x)
    {
        using std::erfc;
        return 0.5 * erfc(-x * (1 / std::numbers::sqrt2));
    }

    template <class X>
    X operator()(const std::vector<X>& x) const
    {
        using std::exp, std::log, std::sqrt;
        X total = 0.0;
        for (std::size_t i = 0; i < x.size(); i += 5) {
            const X &spot = x[i], &strike = x[i + 1], &rate = x[i + 2];
            const X &volatility = x[i + 3], &maturity = x[i + 4];
            const X deviation = volatility * sqrt(maturity);
            const X d1 = (log(spot / strike) + (rate + 0.5 * volatility * volatility) * maturity) / deviation;
            const X d2 = d1 - deviation;
            total += spot * normal_cdf(d1) - strike * exp(-rate * maturity) * normal_cdf(d2);
        }
        return total;
    }

    /// The Greeks: ∂d₁ and ∂d₂ meet in the vega, because S N'(d₁) = K exp(-rT) N'(d₂).
    double hand(const Numbers& x, Numbers& x_bar) const
    {
        constexpr double density_at_zero = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
        double total = 0;
        for (std::size_t i = 0; i < x.size(); i += 5) {
            const double spot = x[i], strike = x[i + 1], rate = x[i + 2], volatility = x[i + 3],
                         maturity = x[i + 4];
            const double root = std::sqrt(maturity), deviation = volatility * root;
            const double d1 =
                (std::log(spot / strike) + (rate + 0.5 * volatility * volatility) * maturity) / deviation;
            const double delta = normal_cdf(d1);
            const double discounted = std::exp(-rate * maturity) * normal_cdf(d1 - deviation);
            const double vega = spot * density_at_zero * std::exp(-0.5 * d1 * d1) * root;
            total += spot * delta - strike * discounted;
            x_bar[i] = delta;
            x_bar[i + 1] = -discounted;
            x_bar[i + 2] = strike * maturity * discounted;
            x_bar[i + 3] = vega;
            x_bar[i + 4] = vega * volatility / (2 * maturity) + rate * strike * discounted;
        }
        return total;
    }

private:
    static Numbers portfolio()
    {
        constexpr double low[] = {90, 90, 0.01, 0.1, 0.5}, high[] = {110, 110, 0.05, 0.4, 2};
        Numbers x = uniform(5 * 500, 0, 1);
        for (std::size_t i = 0; i < x.size(); ++i) x[i] = low[i % 5] + x[i] * (high[i % 5] - low[i % 5]);
        return x;
    }
};

/// One option's price, as an elementwise op.
inline constexpr auto black_scholes_price = autodiff::elementwise(
    "black_scholes", [](auto spot, auto strike, auto rate, auto volatility, auto maturity) {
        const auto normal_cdf = [](const auto& x) { return 0.5 * erfc(-x * (1 / std::numbers::sqrt2)); };
        const auto deviation = volatility * sqrt(maturity);
        const auto d1 = (log(spot / strike) + (rate + 0.5 * volatility * volatility) * maturity) / deviation;
        return spot * normal_cdf(d1) - strike * exp(-rate * maturity) * normal_cdf(d1 - deviation);
    });

template <class X>
X structured(const BlackScholes&, const std::vector<X>& x)
{
    std::array<std::vector<X>, 5> columns;
    for (std::size_t i = 0; i < x.size(); ++i) columns[i % 5].push_back(x[i]);
    return sum(
        autodiff::map(black_scholes_price, columns[0], columns[1], columns[2], columns[3], columns[4]));
}

}  // namespace scalars
