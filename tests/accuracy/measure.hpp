#pragma once

// The error of a function, in units in the last place (ulp) of the exact value. One ulp is the distance of
// two neighbouring numbers of T of the exact value's binary order of magnitude, among the denormal numbers
// their distance. An infinite result counts as the power of two after the largest number, which an exact
// value beyond it counts as, too: so the largest number instead of infinity is wrong by 1 ulp. NaN for a
// number, and a number for NaN, is an infinite error.

#include <accuracy/functions.hpp>
#include <accuracy/ops.hpp>

#include <vector>

namespace autodiff::tests {

struct WorstError {
    double ulps = 0;
    /// Where it occurs.
    std::vector<double> at;
};

template <class T>
double error_in_ulps(T y, long double exact);
/// In ulp of `size` in place of the exact value.
template <class T>
double error_in_ulps(T y, long double exact, long double size);

/// Of the function on X, tensors (its kernel) or scalars that are recorded, at `count` random points and
/// those around landmarks.
template <class X>
WorstError worst_error(const MeasuredFunction& function, std::size_t count);

/// Of the op on tensors, whose arguments are drawn until they have `count` elements, and once at least.
template <class T>
double worst_error(const MeasuredOp& op, std::size_t count);

extern template double error_in_ulps(double, long double);
extern template double error_in_ulps(float, long double);
extern template WorstError worst_error<Tensor<double>>(const MeasuredFunction&, std::size_t);
extern template WorstError worst_error<Tensor<float>>(const MeasuredFunction&, std::size_t);
extern template WorstError worst_error<Scalar<double>>(const MeasuredFunction&, std::size_t);
extern template WorstError worst_error<Scalar<float>>(const MeasuredFunction&, std::size_t);
extern template double worst_error<double>(const MeasuredOp&, std::size_t);
extern template double worst_error<float>(const MeasuredOp&, std::size_t);

}  // namespace autodiff::tests
