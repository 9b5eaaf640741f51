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

/// g'(0) by extrapolated central differences (Ridders 1982), from values of g in [-first_step, first_step],
/// where g must be smooth. The first step should be a sizeable part of the scale on which g varies.
///
/// The central difference D(h) = (g(h) - g(-h)) / 2h differs from g'(0) by a series in h², so that
/// (r² D(h/r) - D(h)) / (r² - 1) is right to h⁴, and so on (Richardson's extrapolation). The tableau
///
///     D(h)
///     D(h/r)     to h⁴
///     D(h/r²)    to h⁴     to h⁶
///
/// gets better downwards until rounding, which grows like ε |g| / h, takes over. Each entry is judged by how
/// far it is from the two that it was made of and from the one below it, and by its rounding; the best one is
/// returned, with that judgement as its error. Without the one below, two entries that agree by chance would
/// pass for exact: where g oscillates within the first step, rows that have not begun to converge lie in the
/// same tableau as those that have.
template <class G>
NumericDerivative richardson_derivative(G&& g, double first_step)
{
    constexpr std::size_t rows = 12;
    constexpr double ratio = 1.7, ratio_squared = ratio * ratio;
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    // Rows of the tableau, and by how much each entry changed, rounding included.
    std::array<double, rows> before{}, now{}, changes_before{}, changes_now{};
    NumericDerivative best{0, std::numeric_limits<double>::infinity()};
    double h = first_step;
    for (std::size_t row = 0; row < rows; ++row, h /= ratio) {
        const double above = g(h), below = g(-h);
        now[0] = (above - below) / (2 * h);
        if (row == 0) best.value = now[0];
        const double rounding = epsilon * std::max(std::abs(above), std::abs(below)) / h;
        double power = ratio_squared;
        for (std::size_t order = 1; order <= row; ++order, power *= ratio_squared) {
            now[order] = (power * now[order - 1] - before[order - 1]) / (power - 1);
            changes_now[order] = rounding + std::max(std::abs(now[order] - now[order - 1]),
                                                     std::abs(now[order] - before[order - 1]));
            if (order == row || std::isnan(now[order])) continue;  // nothing is above it, or below
            const double error = std::max(changes_before[order], std::abs(now[order] - before[order]));
            if (error < best.error) best = {before[order], error};
        }
        if (rounding > best.error) break;  // as it is of every entry that follows
        before = now;
        changes_before = changes_now;
    }
    return best;
}

}  // namespace autodiff
