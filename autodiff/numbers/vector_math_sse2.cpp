#define ADJOINT_ISA b
#define ADJOINT_LANES_DOUBLE 2
#define ADJOINT_LANES_FLOAT 4
#include <autodiff/numbers/vector_math_definitions.hpp>
