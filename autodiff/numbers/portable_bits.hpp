#pragma once

// Whether tensors have the same bits on every machine, whatever vectors its processor has. Not by default: it
// is for reproducing a result elsewhere, and slow.
//
//     set_portable_bits(true);        or ADJOINT_PORTABLE_BITS=1 in the environment
//
// Every kernel then takes one path: vectors of 16 bytes, products and factorisations in loops of the
// library's own, one multiplication and one addition at a time. Functions come from glibc's vector library
// even where one number is needed: the bits of its scalar functions depend on whether the processor has fused
// multiply-adds. docs/determinism.md says what is promised.

#include <autodiff/numbers/math.hpp>

namespace autodiff {

/// Whether results are to have the same bits on every instruction set. @see set_portable_bits
bool portable_bits();
/// Asks for them, for all threads; to be called between computations. Products in bfloat16
/// (set_matmul_precision) are then in float.
void set_portable_bits(bool portable);

/// Functions of one number that decides a tensor's bits.
namespace portable {

/// f of a number: by f of a batch, where bits are to be portable.
template <class T, class... More>
T evaluate(const auto& f, T x, More... more)
{
    if (!portable_bits()) return f(x, more...);
    using B = Batch<T, lanes_of<T, 16>>;
    return f(B(x), B(more)...).lanes[0];
}

template <std::floating_point T>
T log(T x)
{
    return evaluate([](const auto& a) { return math::log(a); }, x);
}
template <std::floating_point T>
T cos(T x)
{
    return evaluate([](const auto& a) { return math::cos(a); }, x);
}
template <std::floating_point T>
T pow(T a, T b)
{
    return evaluate([](const auto& base, const auto& power) { return math::pow(base, power); }, a, b);
}

}  // namespace portable

}  // namespace autodiff
