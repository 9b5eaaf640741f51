#pragma once

// Where a function is measured. Within each interval of its domain: points drawn uniformly, and points of
// every size down to the denormal numbers. Besides, the neighbourhoods of points at which something happens
// to the function or to an algorithm for it: a zero, a pole, an overflow.

#include <support/random.hpp>

#include <cstddef>
#include <vector>

namespace autodiff::tests {

struct Range {
    double low, high;
};

struct Points {
    std::vector<Range> ranges;
    /// Each is approached from both sides, in steps of one number and geometrically.
    std::vector<double> around;
    /// Whether the points are rounded to whole numbers.
    bool whole = false;
};

/// `count` numbers from the ranges, then the neighbourhoods, all within the ranges, rounded to T.
template <class T>
std::vector<T> numbers(const Points& points, std::size_t count, Random& random);

extern template std::vector<double> numbers(const Points&, std::size_t, Random&);
extern template std::vector<float> numbers(const Points&, std::size_t, Random&);

/// k step + offset for k from -count to count.
std::vector<double> multiples(double step, double offset, int count);

}  // namespace autodiff::tests
