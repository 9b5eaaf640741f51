// Values are immutable: no element of a tensor can be written.
// expect: lvalue required as left operand of assignment
// expect: expression is not assignable

#include <autodiff/autodiff.hpp>

using namespace autodiff;

Tensor<> with_first_element(Tensor<> x, double value)
{
#ifdef CONTROL
    x = concatenate({Tensor<>{value}, slice(x, Slice{.start = 1}, 0)});
#else
    x(0) = value;
#endif
    return x;
}
