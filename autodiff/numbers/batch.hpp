#pragma once

// Batch<T, N>: N numbers computed at once. It is written with the compiler's vector extension, so one source
// serves SSE2, AVX2 and AVX-512: an operation becomes the instructions of the function it is inlined into,
// and for_instruction_set() calls a kernel compiled for the best set this machine has.
//
// The copy constructor is user-provided on purpose: a Batch that is not inlined then travels through memory,
// the same way for every instruction set, so that differently compiled functions can call each other. It is
// aligned on purpose, too: a vector's own alignment depends on the instruction set of the function.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace autodiff {

/// The integer with as many bits as T: what a comparison of batches has in each lane.
template <class T>
using SameSizeInteger = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;

/// The result of comparing batches: in each lane all bits set (true) or none.
template <class T, int N>
struct alignas(N * sizeof(T)) Mask {
    /// A vector of N integers, as compilers have them (gnu::vector_size).
    using Vector [[gnu::vector_size(N * sizeof(T))]] = SameSizeInteger<T>;
    Vector lanes;  ///< -1, all bits set, or 0

    Mask() : lanes{} {}
    Mask(const Mask& other) : lanes(other.lanes) {}
    Mask& operator=(const Mask& other)
    {
        lanes = other.lanes;
        return *this;
    }
    /// Of lanes that are -1 or 0 each.
    [[gnu::always_inline]] static Mask of(const Vector& lanes)
    {
        Mask mask;
        mask.lanes = lanes;
        return mask;
    }
    friend Mask operator&&(const Mask& a, const Mask& b) { return of(a.lanes & b.lanes); }
    friend Mask operator||(const Mask& a, const Mask& b) { return of(a.lanes | b.lanes); }
    friend Mask operator!(const Mask& a) { return of(~a.lanes); }
};

/// N numbers that are computed with at once, lane by lane.
template <class T, int N>
struct alignas(N * sizeof(T)) Batch {
    /// A vector of N numbers, as compilers have them (gnu::vector_size).
    using Vector [[gnu::vector_size(N * sizeof(T))]] = T;
    static constexpr int size = N;  ///< N
    Vector lanes;                   ///< the numbers; lanes[i] is one of them

    [[gnu::always_inline]] Batch() : lanes{} {}
    [[gnu::always_inline]] Batch(const Batch& other) : lanes(other.lanes) {}
    [[gnu::always_inline]] Batch& operator=(const Batch& other)
    {
        lanes = other.lanes;
        return *this;
    }
    /// The same number in every lane, converted to T first. 0 + x loses the sign of -0, which x - 0 keeps;
    /// but written so for all x, g++ 12 warns of lanes that might not be initialized.
    template <class Number>
        requires std::is_arithmetic_v<Number>
    [[gnu::always_inline]] Batch(Number value) : lanes(Vector{} + static_cast<T>(value))
    {
        if (value == 0) lanes = static_cast<T>(value) - Vector{};
    }
    /// Of these numbers.
    [[gnu::always_inline]] static Batch of(const Vector& lanes)
    {
        Batch batch;
        batch.lanes = lanes;
        return batch;
    }
    /// The N numbers from `source` on, which may lie anywhere.
    [[gnu::always_inline]] static Batch load(const T* source)
    {
        Batch batch;
        std::memcpy(&batch.lanes, source, sizeof(Vector));
        return batch;
    }
    /// To `target` and the N - 1 places after it, which may lie anywhere.
    [[gnu::always_inline]] void store(T* target) const { std::memcpy(target, &lanes, sizeof(Vector)); }

    // -0.0 - a would be wrong for NaN signs only; 0 - a would be wrong for a zero.
    [[gnu::always_inline]] friend Batch operator-(const Batch& a) { return of(-a.lanes); }
    [[gnu::always_inline]] friend Batch operator+(const Batch& a, const Batch& b)
    {
        return of(a.lanes + b.lanes);
    }
    [[gnu::always_inline]] friend Batch operator-(const Batch& a, const Batch& b)
    {
        return of(a.lanes - b.lanes);
    }
    [[gnu::always_inline]] friend Batch operator*(const Batch& a, const Batch& b)
    {
        return of(a.lanes * b.lanes);
    }
    [[gnu::always_inline]] friend Batch operator/(const Batch& a, const Batch& b)
    {
        return of(a.lanes / b.lanes);
    }
    /// What comparisons return.
    using Compared = Mask<T, N>;
    [[gnu::always_inline]] friend Compared operator<(const Batch& a, const Batch& b)
    {
        return Compared::of(a.lanes < b.lanes);
    }
    [[gnu::always_inline]] friend Compared operator<=(const Batch& a, const Batch& b)
    {
        return Compared::of(a.lanes <= b.lanes);
    }
    [[gnu::always_inline]] friend Compared operator>(const Batch& a, const Batch& b)
    {
        return Compared::of(a.lanes > b.lanes);
    }
    [[gnu::always_inline]] friend Compared operator>=(const Batch& a, const Batch& b)
    {
        return Compared::of(a.lanes >= b.lanes);
    }
    [[gnu::always_inline]] friend Compared operator==(const Batch& a, const Batch& b)
    {
        return Compared::of(a.lanes == b.lanes);
    }
    [[gnu::always_inline]] friend Compared operator!=(const Batch& a, const Batch& b)
    {
        return Compared::of(a.lanes != b.lanes);
    }
};

/// In each lane a where the mask is set, else b.
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> select(const Mask<T, N>& mask, const Batch<T, N>& a,
                                                 const Batch<T, N>& b)
{
    return Batch<T, N>::of(mask.lanes ? a.lanes : b.lanes);
}

/// Whether the mask is set in any lane.
template <class T, int N>
[[gnu::always_inline]] inline bool any(const Mask<T, N>& mask)
{
    SameSizeInteger<T> bits = 0;
    for (int lane = 0; lane < N; ++lane) bits |= mask.lanes[lane];
    return bits != 0;
}

/// Whether X is a Batch.
template <class X>
inline constexpr bool is_batch = false;
template <class T, int N>
inline constexpr bool is_batch<Batch<T, N>> = true;

// ---------------------------------------------------------------------------------------------------------

/// What the vectors of kernels are made for.
enum class InstructionSet {
    sse2,   ///< 16 bytes; on other machines than x86-64, what they have
    avx2,   ///< 32 bytes, and FMA
    avx512  ///< 64 bytes: AVX-512 F, DQ, BW and VL
};

/// The best set this machine has, or a lesser one chosen by the environment variable ADJOINT_INSTRUCTION_SET
/// (sse2, avx2 or avx512).
InstructionSet instruction_set();

/// Lanes of a batch of T in vectors of `Bytes` bytes.
template <class T, int Bytes>
inline constexpr int lanes_of = Bytes / static_cast<int>(sizeof(T));

namespace detail {

// `flatten` inlines everything the kernel calls, so that its batches become this function's instructions.
#if defined(__x86_64__)
template <class Kernel>
[[gnu::target("avx512f,avx512dq,avx512bw,avx512vl,fma"), gnu::flatten, gnu::noinline]] void run_avx512(
    const Kernel& kernel)
{
    kernel(std::integral_constant<int, 64>{});
}
template <class Kernel>
[[gnu::target("avx2,fma"), gnu::flatten, gnu::noinline]] void run_avx2(const Kernel& kernel)
{
    kernel(std::integral_constant<int, 32>{});
}
#endif
template <class Kernel>
[[gnu::flatten, gnu::noinline]] void run_baseline(const Kernel& kernel)
{
    kernel(std::integral_constant<int, 16>{});
}

}  // namespace detail

/// Calls kernel(std::integral_constant<int, BYTES>) compiled for the best instruction set, BYTES being the
/// width of its vectors.
template <class Kernel>
void for_instruction_set(const Kernel& kernel)
{
#if defined(__x86_64__)
    switch (instruction_set()) {
        case InstructionSet::avx512: return detail::run_avx512(kernel);
        case InstructionSet::avx2: return detail::run_avx2(kernel);
        case InstructionSet::sse2: break;
    }
#endif
    detail::run_baseline(kernel);
}

}  // namespace autodiff
