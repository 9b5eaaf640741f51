// A gradient is that of one number.
// expect: gradient needs a function that returns one number; for several use jacobian or vjp

#include <autodiff/transforms/gradient.hpp>

#include <vector>

using namespace autodiff;

std::vector<double> slope(const std::vector<double>& x)
{
#ifdef CONTROL
    return gradient([](const auto& v) { return v[0] * v[1]; }, x);
#else
    return gradient([](const auto& v) { return std::vector{v[1], v[0]}; }, x);
#endif
}
