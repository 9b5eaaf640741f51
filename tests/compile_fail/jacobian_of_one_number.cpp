// A Jacobian of numbers is that of several results.
// expect: vjp and jacobian need a function that returns a container of numbers; for one number use gradient

#include <autodiff/transforms/jacobian.hpp>

#include <vector>

using namespace autodiff;

auto matrix(const std::vector<double>& x)
{
#ifdef CONTROL
    return jacobian([](const auto& v) { return std::vector{v[0] * v[1]}; }, x);
#else
    return jacobian([](const auto& v) { return v[0] * v[1]; }, x);
#endif
}
