#include <accuracy/points.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace autodiff::tests {

namespace {

/// Uniform in the exponent, then in the significand, of either sign that the range has.
double of_any_size(const Range& range, double smallest, Random& random)
{
    const bool negative = range.low < 0 && (range.high <= 0 || random.below(2) == 0);
    const double far = negative ? -range.low : range.high;
    const double near = std::max({smallest, negative ? -range.high : range.low});
    const double size = std::exp2(random.uniform(std::log2(near), std::log2(far)));
    return negative ? -size : size;
}

template <class T>
void add_neighbours(std::vector<T>& numbers, double point)
{
    const T centre = static_cast<T>(point);
    numbers.push_back(centre);
    for (const T side : {-std::numeric_limits<T>::infinity(), std::numeric_limits<T>::infinity()}) {
        T x = centre;
        for (int step = 0; step < 8; ++step) numbers.push_back(x = std::nextafter(x, side));
        const double sign = side < 0 ? -1 : 1;
        for (int k = 1; k < std::numeric_limits<T>::digits; ++k)
            numbers.push_back(static_cast<T>(point + sign * std::ldexp(std::max(std::fabs(point), 1.0), -k)));
    }
}

}  // namespace

template <class T>
std::vector<T> numbers(const Points& points, std::size_t count, Random& random)
{
    using Limits = std::numeric_limits<T>;
    constexpr double largest = Limits::max();
    std::vector<Range> ranges;
    for (const Range& range : points.ranges)
        ranges.push_back(
            {std::clamp(range.low, -largest, largest), std::clamp(range.high, -largest, largest)});

    std::vector<T> result;
    for (std::size_t i = 0; i < count; ++i) {
        const Range& range = ranges[random.below(ranges.size())];
        result.push_back(static_cast<T>(random.below(2) == 0
                                            ? of_any_size(range, Limits::denorm_min(), random)
                                            : random.uniform(range.low / 2, range.high / 2) * 2));
    }
    for (const double point : points.around)
        if (std::fabs(point) <= largest) add_neighbours(result, point);
    if (points.whole)
        for (T& x : result) x = std::round(x);
    std::erase_if(result, [&](T x) {
        return std::ranges::none_of(ranges, [&](const Range& r) { return r.low <= x && x <= r.high; });
    });
    return result;
}

template std::vector<double> numbers(const Points&, std::size_t, Random&);
template std::vector<float> numbers(const Points&, std::size_t, Random&);

std::vector<double> multiples(double step, double offset, int count)
{
    std::vector<double> result;
    for (int k = -count; k <= count; ++k) result.push_back(k * step + offset);
    return result;
}

}  // namespace autodiff::tests
