// What a partial needs beside y and x is an argument of the op, so that it has a derivative, too.
// expect: a partial may use y and the arguments only; make what it captures an argument, or leave the
// partials out

#include <autodiff/transforms/gradient.hpp>

using namespace autodiff;

Tensor<> scaled(const Tensor<>& x, double factor)
{
#ifdef CONTROL
    const auto op = elementwise("scaled", [factor](auto v) { return factor * v; });
#else
    const auto op = elementwise(
        "scaled", [factor](auto v) { return factor * v; }, [factor](auto, auto) { return factor; });
#endif
    return op(x);
}
