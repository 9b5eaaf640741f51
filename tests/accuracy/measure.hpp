#pragma once

// The error of a function, in units in the last place (ulp) of the exact value. One ulp is the distance of
// two neighbouring numbers of T of the exact value's binary order of magnitude, among the denormal numbers
// their distance. An infinite result counts as the power of two after the largest number, which an exact
// value beyond it counts as, too: so the largest number instead of infinity is wrong by 1 ulp. NaN for a
// number, and a number for NaN, is an infinite error.

#include <accuracy/functions.hpp>

#include <vector>

namespace autodiff::tests {

struct WorstError {
    double ulps = 0;
    /// Where it occurs.
    std::vector<double> at;
};

template <class T>
double error_in_ulps(T y, long double exact);

/// Of the function's tensor kernel, at `count` random points and those around landmarks.
template <class T>
WorstError worst_error(const MeasuredFunction& function, std::size_t count);

extern template double error_in_ulps(double, long double);
extern template double error_in_ulps(float, long double);
extern template WorstError worst_error<double>(const MeasuredFunction&, std::size_t);
extern template WorstError worst_error<float>(const MeasuredFunction&, std::size_t);

}  // namespace autodiff::tests
