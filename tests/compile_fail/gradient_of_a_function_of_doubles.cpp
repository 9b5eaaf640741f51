// A function is recorded by calling it with recorded numbers; one that takes doubles cannot be.
// expect: the function cannot be called with recorded numbers; give it a parameter for each argument, of type
// `const auto&`

#include <autodiff/transforms/gradient.hpp>

using namespace autodiff;

double slope(double x)
{
#ifdef CONTROL
    return gradient([](const auto& v) { return v * v; }, x);
#else
    return gradient([](double v) { return v * v; }, x);
#endif
}
