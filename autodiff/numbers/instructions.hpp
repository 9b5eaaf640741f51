#pragma once

// Operations on batches that are one instruction each, but which compilers do not make of the operators of
// vectors: a b + c, 2ⁿ y, the larger and the smaller of two.
//
// Each becomes part of the kernel that for_instruction_set() compiles for its instruction set. clang inlines
// it there because the sets agree. g++ has to be forced to, and then refuses where a function on the way was
// not inlined; so only the library's own kernels (ADJOINT_KERNELS) use it, and others go lane by lane, of
// which g++ makes the instruction for a b + c.

#include <autodiff/numbers/batch.hpp>

namespace autodiff::math {

/// Whether batches of this size are computed where there are fused multiply-adds: with AVX2 or AVX-512.
template <class T, int N>
inline constexpr bool has_fused_multiply_add =
#if defined(__x86_64__)
    N * sizeof(T) >= 32;
#else
    false;
#endif

#if defined(__x86_64__) && defined(__clang__)
#define ADJOINT_INSTRUCTION(set) [[gnu::target(set)]] inline
#elif defined(__x86_64__) && defined(ADJOINT_KERNELS) && defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
#define ADJOINT_INSTRUCTION(set) [[gnu::always_inline]] inline
#endif

/// Whether 2ⁿ y is one instruction for batches of this size: with AVX-512.
template <class T, int N>
inline constexpr bool has_scaling =
#if defined(ADJOINT_INSTRUCTION)
    N * sizeof(T) == 64;
#else
    false;
#endif

/// b where a is smaller or either is NaN, else a.
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> larger(const Batch<T, N>& a, const Batch<T, N>& b)
{
    return select(a > b, a, b);
}
/// b where a is larger or either is NaN, else a.
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> smaller(const Batch<T, N>& a, const Batch<T, N>& b)
{
    return select(a < b, a, b);
}

/// a b + c, rounded once.
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> fma(const Batch<T, N>& a, const Batch<T, N>& b,
                                              const Batch<T, N>& c)
{
    Batch<T, N> y;
    for (int i = 0; i < N; ++i) {
        if constexpr (sizeof(T) == sizeof(double))
            y.lanes[i] = __builtin_fma(a.lanes[i], b.lanes[i], c.lanes[i]);
        else y.lanes[i] = __builtin_fmaf(a.lanes[i], b.lanes[i], c.lanes[i]);
    }
    return y;
}

#if defined(ADJOINT_INSTRUCTION)

/// g++ knows what is built in for a set from the first function on that is compiled for it.
[[gnu::target("avx512f,avx2,fma")]] inline void declare_instructions() {}

/// The mask of instructions for AVX-512 that are to work on every lane.
inline constexpr unsigned char all_8_lanes = 0xff;
inline constexpr unsigned short all_16_lanes = 0xffff;

using Floats8 = Batch<float, 8>;
using Floats16 = Batch<float, 16>;
using Doubles4 = Batch<double, 4>;
using Doubles8 = Batch<double, 8>;

ADJOINT_INSTRUCTION("avx2,fma") Floats8 fma(const Floats8& a, const Floats8& b, const Floats8& c)
{
    return Floats8::of(__builtin_ia32_vfmaddps256(a.lanes, b.lanes, c.lanes));
}
ADJOINT_INSTRUCTION("avx2,fma") Doubles4 fma(const Doubles4& a, const Doubles4& b, const Doubles4& c)
{
    return Doubles4::of(__builtin_ia32_vfmaddpd256(a.lanes, b.lanes, c.lanes));
}
ADJOINT_INSTRUCTION("avx512f") Floats16 fma(const Floats16& a, const Floats16& b, const Floats16& c)
{
    return Floats16::of(__builtin_ia32_vfmaddps512_mask(a.lanes, b.lanes, c.lanes, all_16_lanes, 4));
}
ADJOINT_INSTRUCTION("avx512f") Doubles8 fma(const Doubles8& a, const Doubles8& b, const Doubles8& c)
{
    return Doubles8::of(__builtin_ia32_vfmaddpd512_mask(a.lanes, b.lanes, c.lanes, all_8_lanes, 4));
}

/// 2ⁿ y for whole numbers n, rounded once.
ADJOINT_INSTRUCTION("avx512f") Floats16 scaled(const Floats16& y, const Floats16& n)
{
    return Floats16::of(__builtin_ia32_scalefps512_mask(y.lanes, n.lanes, y.lanes, all_16_lanes, 4));
}
ADJOINT_INSTRUCTION("avx512f") Doubles8 scaled(const Doubles8& y, const Doubles8& n)
{
    return Doubles8::of(__builtin_ia32_scalefpd512_mask(y.lanes, n.lanes, y.lanes, all_8_lanes, 4));
}

#if !defined(__clang__)  // which makes the instruction of select()
ADJOINT_INSTRUCTION("avx512f") Floats16 larger(const Floats16& a, const Floats16& b)
{
    return Floats16::of(__builtin_ia32_maxps512_mask(a.lanes, b.lanes, a.lanes, all_16_lanes, 4));
}
ADJOINT_INSTRUCTION("avx512f") Doubles8 larger(const Doubles8& a, const Doubles8& b)
{
    return Doubles8::of(__builtin_ia32_maxpd512_mask(a.lanes, b.lanes, a.lanes, all_8_lanes, 4));
}
ADJOINT_INSTRUCTION("avx512f") Floats16 smaller(const Floats16& a, const Floats16& b)
{
    return Floats16::of(__builtin_ia32_minps512_mask(a.lanes, b.lanes, a.lanes, all_16_lanes, 4));
}
ADJOINT_INSTRUCTION("avx512f") Doubles8 smaller(const Doubles8& a, const Doubles8& b)
{
    return Doubles8::of(__builtin_ia32_minpd512_mask(a.lanes, b.lanes, a.lanes, all_8_lanes, 4));
}
#endif

#undef ADJOINT_INSTRUCTION
#endif

/// a b + c, rounded once where one instruction does that.
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> multiply_add(const Batch<T, N>& a, const Batch<T, N>& b,
                                                       const Batch<T, N>& c)
{
    if constexpr (has_fused_multiply_add<T, N>) return fma(a, b, c);
    else return a * b + c;
}

}  // namespace autodiff::math
