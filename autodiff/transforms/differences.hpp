#pragma once

// Numerical derivatives, to check the others against.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace autodiff {

/// A numerical derivative with an estimate of its error.
struct NumericDerivative {
    double value = 0;  ///< of the derivative
    double error = 0;  ///< estimated, absolute; infinite if there is no estimate
};

/// g'(0) by central differences with shrinking steps, extrapolated to step 0 (Ridders 1982): the tableau
/// entry with the smallest estimated error. The first step should be a sizeable part of the scale on which g
/// varies.
template <class G>
NumericDerivative richardson_derivative(G&& g, double first_step)
{
    constexpr std::size_t rows = 10;
    constexpr double shrink = 1.4;
    std::array<std::array<double, rows>, rows> a{};
    NumericDerivative best{0, std::numeric_limits<double>::infinity()};
    double step = first_step;
    for (std::size_t i = 0; i < rows; ++i, step /= shrink) {
        a[0][i] = (g(step) - g(-step)) / (2 * step);
        if (i == 0) best.value = a[0][0];
        double factor = shrink * shrink;
        for (std::size_t j = 1; j <= i; ++j, factor *= shrink * shrink) {
            a[j][i] = (a[j - 1][i] * factor - a[j - 1][i - 1]) / (factor - 1);
            const double error =
                std::max(std::abs(a[j][i] - a[j - 1][i]), std::abs(a[j][i] - a[j - 1][i - 1]));
            if (error < best.error) best = {a[j][i], error};
        }
    }
    return best;
}

}  // namespace autodiff
