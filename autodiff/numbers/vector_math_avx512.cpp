#define ADJOINT_ISA e
#define ADJOINT_LANES_DOUBLE 8
#define ADJOINT_LANES_FLOAT 16
#include <autodiff/numbers/vector_math_definitions.hpp>
