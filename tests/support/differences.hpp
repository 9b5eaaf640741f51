#pragma once

// Derivatives by central differences, extrapolated to step 0: what the derivatives of this library are tested
// against.

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

namespace autodiff::tests {

/// A derivative and how far from the truth it may be.
struct Difference {
    double value = 0;
    double error = 0;

    /// Whether it says anything of the derivative: to six digits of itself. Where every step is longer than
    /// the waves of a function, however steep, differences of its values are small, and alike; so to six
    /// digits of what the derivative is said to be would not do.
    bool is_known() const { return error <= 1e-6 * std::max(1.0, std::abs(value)); }
};

/// g'(0) by Ridders' method (1982; Numerical Recipes, 5.7), from values of g in [-step, step], where g must
/// be smooth.
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
Difference central_difference(const std::function<double(double)>& g, double step);

inline std::vector<double> values_of(const std::vector<Difference>& differences)
{
    std::vector<double> values;
    for (const Difference& difference : differences) values.push_back(difference.value);
    return values;
}

}  // namespace autodiff::tests
