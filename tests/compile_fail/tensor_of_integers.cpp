// Only floating-point numbers have derivatives.
// expect: Tensor<T> is for double and float; labels and indices are an IndexArray, truth values a BoolArray

#include <autodiff/tensor.hpp>

using namespace autodiff;

#ifdef CONTROL
Tensor<float> counts() { return {1, 2, 3}; }
#else
Tensor<int> counts() { return {1, 2, 3}; }
#endif
