// Variables of two gradients, one within the other, do not mix: pass them on as arguments.
// expect: these two kinds of number do not mix
#include <autodiff/transforms/gradient.hpp>

double slope()
{
    const auto f = [](const auto& x) {
#ifndef CONTROL
        return autodiff::gradient([&](const auto& y) { return x * y; }, 2.0) * x;
#else
        return autodiff::gradient([](const auto& y) { return 3 * y; }, 2.0) * x;
#endif
    };
    return autodiff::gradient(f, 3.0);
}
