#include <support/op_checks.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff::tests {

namespace {

constexpr double largest_step = 0.25;

struct Draw {
    double value, step;
};

// Away from the ends of the interval, and a float, so that float and double start from the same numbers.
Draw draw(const Domain& domain, Random& random)
{
    const Interval interval = domain.intervals[random.below(domain.intervals.size())];
    const double margin = 0.1 * (interval.high - interval.low);
    const double value = static_cast<float>(random.uniform(interval.low + margin, interval.high - margin));
    double step = 0.9 * std::min({value - interval.low, interval.high - value, largest_step});
    if (domain.separation > 0) step = std::min(step, 0.4 * domain.separation);
    return {value, step};
}

}  // namespace

Sample sample(const Domain& domain, const Shape& shape, Random& random)
{
    Sample result;
    while (static_cast<Index>(result.values.size()) < shape.element_count()) {
        const auto [value, step] = draw(domain, random);
        const bool apart = std::ranges::all_of(result.values, [&, drawn = value](double other) {
            return std::abs(drawn - other) >= domain.separation;
        });
        if (!apart) continue;
        result.values.push_back(value);
        result.steps.push_back(step);
    }
    if (domain.prepare) domain.prepare(result.values, shape);
    return result;
}

}  // namespace autodiff::tests
