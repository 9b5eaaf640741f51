#pragma once

// The definitions of math::vector::evaluate, shared by vector_math_{sse2,avx2,avx512}.cpp. Each of those
// files is compiled for its instruction set and says the letter of that set in the vector ABI and its lanes;
// glibc's libmvec then has the functions as _ZGV<letter>N<lanes>v_<name>.

#include <autodiff/numbers/math.hpp>

// A macro, because the names of another library's functions have to be pasted together.
#if defined(ADJOINT_HAS_LIBMVEC)

#define ADJOINT_PASTE(letter, width, arguments, name) _ZGV##letter##N##width##arguments##_##name
#define ADJOINT_SYMBOL(letter, width, arguments, name) ADJOINT_PASTE(letter, width, arguments, name)

#define ADJOINT_UNARY(tag, T, width, name)                                                                   \
    extern "C" Batch<T, width>::Vector ADJOINT_SYMBOL(ADJOINT_ISA, width, v, name)(Batch<T, width>::Vector); \
    template <>                                                                                              \
    void evaluate<tag, T, width>(const T* x, T* y)                                                           \
    {                                                                                                        \
        using B = Batch<T, width>;                                                                           \
        B::of(ADJOINT_SYMBOL(ADJOINT_ISA, width, v, name)(B::load(x).lanes)).store(y);                       \
    }

#define ADJOINT_BINARY(tag, T, width, name)                                                               \
    extern "C" Batch<T, width>::Vector ADJOINT_SYMBOL(ADJOINT_ISA, width, vv, name)(                      \
        Batch<T, width>::Vector, Batch<T, width>::Vector);                                                \
    template <>                                                                                           \
    void evaluate<tag, T, width>(const T* a, const T* b, T* y)                                            \
    {                                                                                                     \
        using B = Batch<T, width>;                                                                        \
        B::of(ADJOINT_SYMBOL(ADJOINT_ISA, width, vv, name)(B::load(a).lanes, B::load(b).lanes)).store(y); \
    }

#else

#define ADJOINT_UNARY(tag, T, width, name)                      \
    template <>                                                 \
    void evaluate<tag, T, width>(const T* x, T* y)              \
    {                                                           \
        for (int i = 0; i < width; ++i) y[i] = std::name(x[i]); \
    }

#define ADJOINT_BINARY(tag, T, width, name)                           \
    template <>                                                       \
    void evaluate<tag, T, width>(const T* a, const T* b, T* y)        \
    {                                                                 \
        for (int i = 0; i < width; ++i) y[i] = std::name(a[i], b[i]); \
    }

#endif

namespace autodiff::math::vector {

ADJOINT_UNARY(Exp2, double, ADJOINT_LANES_DOUBLE, exp2)
ADJOINT_UNARY(Exp2, float, ADJOINT_LANES_FLOAT, exp2f)
ADJOINT_UNARY(Expm1, double, ADJOINT_LANES_DOUBLE, expm1)
ADJOINT_UNARY(Expm1, float, ADJOINT_LANES_FLOAT, expm1f)
ADJOINT_UNARY(Log, double, ADJOINT_LANES_DOUBLE, log)
ADJOINT_UNARY(Log, float, ADJOINT_LANES_FLOAT, logf)
ADJOINT_UNARY(Log1p, double, ADJOINT_LANES_DOUBLE, log1p)
ADJOINT_UNARY(Log1p, float, ADJOINT_LANES_FLOAT, log1pf)
ADJOINT_UNARY(Log2, double, ADJOINT_LANES_DOUBLE, log2)
ADJOINT_UNARY(Log2, float, ADJOINT_LANES_FLOAT, log2f)
ADJOINT_UNARY(Log10, double, ADJOINT_LANES_DOUBLE, log10)
ADJOINT_UNARY(Log10, float, ADJOINT_LANES_FLOAT, log10f)
ADJOINT_UNARY(Cbrt, double, ADJOINT_LANES_DOUBLE, cbrt)
ADJOINT_UNARY(Cbrt, float, ADJOINT_LANES_FLOAT, cbrtf)
ADJOINT_UNARY(Sin, double, ADJOINT_LANES_DOUBLE, sin)
ADJOINT_UNARY(Sin, float, ADJOINT_LANES_FLOAT, sinf)
ADJOINT_UNARY(Cos, double, ADJOINT_LANES_DOUBLE, cos)
ADJOINT_UNARY(Cos, float, ADJOINT_LANES_FLOAT, cosf)
ADJOINT_UNARY(Tan, double, ADJOINT_LANES_DOUBLE, tan)
ADJOINT_UNARY(Tan, float, ADJOINT_LANES_FLOAT, tanf)
ADJOINT_UNARY(Asin, double, ADJOINT_LANES_DOUBLE, asin)
ADJOINT_UNARY(Asin, float, ADJOINT_LANES_FLOAT, asinf)
ADJOINT_UNARY(Acos, double, ADJOINT_LANES_DOUBLE, acos)
ADJOINT_UNARY(Acos, float, ADJOINT_LANES_FLOAT, acosf)
ADJOINT_UNARY(Atan, double, ADJOINT_LANES_DOUBLE, atan)
ADJOINT_UNARY(Atan, float, ADJOINT_LANES_FLOAT, atanf)
ADJOINT_UNARY(Sinh, double, ADJOINT_LANES_DOUBLE, sinh)
ADJOINT_UNARY(Sinh, float, ADJOINT_LANES_FLOAT, sinhf)
ADJOINT_UNARY(Cosh, double, ADJOINT_LANES_DOUBLE, cosh)
ADJOINT_UNARY(Cosh, float, ADJOINT_LANES_FLOAT, coshf)
ADJOINT_UNARY(Tanh, double, ADJOINT_LANES_DOUBLE, tanh)
ADJOINT_UNARY(Tanh, float, ADJOINT_LANES_FLOAT, tanhf)
ADJOINT_UNARY(Asinh, double, ADJOINT_LANES_DOUBLE, asinh)
ADJOINT_UNARY(Asinh, float, ADJOINT_LANES_FLOAT, asinhf)
ADJOINT_UNARY(Acosh, double, ADJOINT_LANES_DOUBLE, acosh)
ADJOINT_UNARY(Acosh, float, ADJOINT_LANES_FLOAT, acoshf)
ADJOINT_UNARY(Atanh, double, ADJOINT_LANES_DOUBLE, atanh)
ADJOINT_UNARY(Atanh, float, ADJOINT_LANES_FLOAT, atanhf)
ADJOINT_UNARY(Erf, double, ADJOINT_LANES_DOUBLE, erf)
ADJOINT_UNARY(Erf, float, ADJOINT_LANES_FLOAT, erff)
ADJOINT_UNARY(Erfc, double, ADJOINT_LANES_DOUBLE, erfc)
ADJOINT_UNARY(Erfc, float, ADJOINT_LANES_FLOAT, erfcf)
ADJOINT_BINARY(Pow, double, ADJOINT_LANES_DOUBLE, pow)
ADJOINT_BINARY(Pow, float, ADJOINT_LANES_FLOAT, powf)
ADJOINT_BINARY(Atan2, double, ADJOINT_LANES_DOUBLE, atan2)
ADJOINT_BINARY(Atan2, float, ADJOINT_LANES_FLOAT, atan2f)
ADJOINT_BINARY(Hypot, double, ADJOINT_LANES_DOUBLE, hypot)
ADJOINT_BINARY(Hypot, float, ADJOINT_LANES_FLOAT, hypotf)

}  // namespace autodiff::math::vector
