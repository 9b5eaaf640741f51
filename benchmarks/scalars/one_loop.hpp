#pragma once

// Rosenbrock's function, Speelpenning's product and log_sum_exp: one loop each, a statement or three a turn.

#include "workload.hpp"

#include <autodiff/transforms/arrays.hpp>
#include <autodiff/transforms/scoped.hpp>

#include <cmath>

namespace scalars {

/// f = Σ 100 (xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)²
struct Rosenbrock {
    static constexpr const char* name = "rosenbrock";
    Numbers point = uniform(1000, -1, 1);

    template <class X>
    X operator()(const std::vector<X>& x) const
    {
        X f = 0.0;
        for (std::size_t i = 0; i + 1 < x.size(); ++i) {
            const X a = x[i + 1] - x[i] * x[i];
            const X b = 1.0 - x[i];
            f += 100.0 * a * a + b * b;
        }
        return f;
    }

    double hand(const Numbers& x, Numbers& x_bar) const
    {
        double f = 0, from_the_left = 0;
        const std::size_t last = x.size() - 1;
        for (std::size_t i = 0; i < last; ++i) {
            const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
            f += 100 * a * a + b * b;
            x_bar[i] = from_the_left - 400 * a * x[i] - 2 * b;
            from_the_left = 200 * a;
        }
        x_bar[last] = from_the_left;
        return f;
    }
};

/// One term, as an elementwise op.
inline constexpr auto rosenbrock_term = autodiff::elementwise("rosenbrock_term", [](auto x, auto next) {
    const auto a = next - x * x, b = 1.0 - x;
    return 100.0 * a * a + b * b;
});

template <class X>
X structured(const Rosenbrock&, const std::vector<X>& x)
{
    const std::span<const X> all(x);
    return sum(autodiff::map(rosenbrock_term, all.first(x.size() - 1), all.last(x.size() - 1)));
}

/// f = Π xᵢ
struct Speelpenning {
    static constexpr const char* name = "speelpenning";
    Numbers point = uniform(1000, 0.9, 1.1);

    template <class X>
    X operator()(const std::vector<X>& x) const
    {
        X product = 1.0;
        for (const X& factor : x) product *= factor;
        return product;
    }

    /// The product of the others: of those before, times those after.
    double hand(const Numbers& x, Numbers& x_bar) const
    {
        double before = 1, after = 1;
        for (std::size_t i = 0; i < x.size(); ++i) {
            x_bar[i] = before;
            before *= x[i];
        }
        for (std::size_t i = x.size(); i-- > 0;) {
            x_bar[i] *= after;
            after *= x[i];
        }
        return before;
    }
};

template <class X>
X structured(const Speelpenning&, const std::vector<X>& x)
{
    return autodiff::prod(x);
}

/// f = log Σ exp xᵢ
struct LogSumExp {
    static constexpr const char* name = "log_sum_exp";
    Numbers point = uniform(1000, -1, 1);

    template <class X>
    X operator()(const std::vector<X>& x) const
    {
        using std::exp, std::log;
        X sum = 0.0;
        for (const X& term : x) sum += exp(term);
        return log(sum);
    }

    double hand(const Numbers& x, Numbers& x_bar) const
    {
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += x_bar[i] = std::exp(x[i]);
        const double scale = 1 / sum;
        for (double& adjoint : x_bar) adjoint *= scale;
        return std::log(sum);
    }
};

template <class X>
X structured(const LogSumExp&, const std::vector<X>& x)
{
    return autodiff::logsumexp(x);
}

}  // namespace scalars
