// An element read from a tensor is a plain number: what is computed from it has no derivative.
// expect: the function must return a Tensor of the arguments' number type; item() and x(i) are plain numbers
// without a derivative

#include <autodiff/autodiff.hpp>

using namespace autodiff;

Tensor<> slope(const Tensor<>& x)
{
#ifdef CONTROL
    return gradient([](const Tensor<>& v) { return select(v, 0) * select(v, 1); }, x);
#else
    return gradient([](const Tensor<>& v) { return v(0) * v(1); }, x);
#endif
}
