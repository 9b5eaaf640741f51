// Numbers of different types do not mix.
// expect: these two kinds of number do not mix

#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/tensor.hpp>

using namespace autodiff;

#ifdef CONTROL
using Second = Tensor<double>;
#else
using Second = Tensor<float>;
#endif

Tensor<double> product(const Tensor<double>& a, const Second& b) { return a * b; }
