#include <support/differences.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace autodiff::tests {

Difference central_difference(const std::function<double(double)>& g, double step)
{
    constexpr std::size_t rows = 12;
    constexpr double ratio = 1.7, ratio_squared = ratio * ratio;
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    // Rows of the tableau, and by how much each entry changed, rounding included.
    std::array<double, rows> before{}, now{}, changes_before{}, changes_now{};
    Difference best{0, std::numeric_limits<double>::infinity()};
    double h = step;
    for (std::size_t row = 0; row < rows; ++row, h /= ratio) {
        const double above = g(h), below = g(-h);
        now[0] = (above - below) / (2 * h);
        const double rounding = epsilon * std::max(std::abs(above), std::abs(below)) / h;
        double power = ratio_squared;
        for (std::size_t order = 1; order <= row; ++order, power *= ratio_squared) {
            now[order] = (power * now[order - 1] - before[order - 1]) / (power - 1);
            changes_now[order] = rounding + std::max(std::abs(now[order] - now[order - 1]),
                                                     std::abs(now[order] - before[order - 1]));
            if (order == row) continue;  // with nothing above it
            const double error = std::max(changes_before[order], std::abs(now[order] - before[order]));
            if (error < best.error) best = {before[order], error};
        }
        if (rounding > best.error) break;  // as it is of every entry that follows
        before = now;
        changes_before = changes_now;
    }
    return best;
}

}  // namespace autodiff::tests
