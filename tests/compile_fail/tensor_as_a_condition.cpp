// A comparison of tensors has an answer for each element, and none as a whole.
// expect: could not convert
// expect: is not contextually convertible to

#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/tensor.hpp>

using namespace autodiff;

Tensor<> positive_part(const Tensor<>& x)
{
#ifdef CONTROL
    return where(x > 0, x, 0);
#else
    if (x > 0) return x;
    return Tensor<>(0.0);
#endif
}
