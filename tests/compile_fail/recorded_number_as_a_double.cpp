// A recorded number does not turn into a double: its derivative would be lost.
// expect: cannot convert
// expect: no viable conversion

#include <autodiff/transforms/gradient.hpp>

using namespace autodiff;

double slope(double x)
{
    return gradient(
        [](const auto& v) {
#ifdef CONTROL
            const auto y = v * v;
#else
            const double y = v * v;
#endif
            return y + v;
        },
        x);
}
