#pragma once

// Derivatives by central differences, extrapolated to step 0: what the derivatives of this library are tested
// against.

#include <autodiff/transforms/differences.hpp>

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

/// g'(0), from values of g in [-step, step], where g must be smooth; as check_gradient has it.
inline Difference central_difference(const std::function<double(double)>& g, double step)
{
    const auto [value, error] = richardson_derivative(g, step);
    return {value, error};
}

inline std::vector<double> values_of(const std::vector<Difference>& differences)
{
    std::vector<double> values;
    for (const Difference& difference : differences) values.push_back(difference.value);
    return values;
}

}  // namespace autodiff::tests
