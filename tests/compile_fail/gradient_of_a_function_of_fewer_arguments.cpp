// A function of one number has no gradient with respect to two.
// expect: the function cannot be called with recorded numbers; give it a parameter for each argument, of type
// `const auto&`

#include <autodiff/transforms/gradient.hpp>

using namespace autodiff;

auto slope(double x, double y)
{
#ifdef CONTROL
    return gradient([](const auto& v, const auto& w) { return v * w; }, x, y);
#else
    return gradient([](const auto& v) { return v * v; }, x, y);
#endif
}
