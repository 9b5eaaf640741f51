#define ADJOINT_ISA d
#define ADJOINT_LANES_DOUBLE 4
#define ADJOINT_LANES_FLOAT 8
#include <autodiff/numbers/vector_math_definitions.hpp>
