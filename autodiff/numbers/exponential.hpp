#pragma once

// e^x and, with fused multiply-adds, tanh x on batches, inlined into the kernels that use them: at most
// 1.1 ulp and 2.5 ulp from the exact value (tests/exponential_test.cpp). A call of a vector library costs as
// much as the whole function.
//
// x = n ln 2 + r with an integer n and |r| <= ln 2 / 2;  e^r = 1 + r + r² q(r);  e^x = 2ⁿ e^r   (Cody and
// Waite 1980)

#include <autodiff/numbers/instructions.hpp>

#include <array>
#include <limits>

namespace autodiff::math {

namespace detail {

/// A number as the sum of two.
template <class T>
struct Parts {
    T high, low;
};

/// Where multiply-adds are not fused, the high part of ln 2 has so few digits that n times it is exact.
template <class T>
struct Exponential;

template <>
struct Exponential<float> {
    static constexpr float lowest = -150, highest = 89;   // 2^150 e^x is 0 below, e^x infinite above
    static constexpr float round_to_integer = 0x1.8p23F;  // when added
    static constexpr float log2_e = 0x1.715476p0F;
    static constexpr Parts<float> ln_2{0x1.62e43p-1F, -0x1.05c61p-29F};
    static constexpr Parts<float> ln_2_short{0x1.62e4p-1F, 0x1.7f7d1cp-20F};
    static constexpr std::array<float, 5> q{0x1.6d1110p-10F, 0x1.120b6ep-7F, 0x1.555520p-5F, 0x1.5554dep-3F,
                                            0x1p-1F};
    static constexpr float tanh_is_one = 10;
    static constexpr int mantissa_bits = 23, bias = 127;
};

template <>
struct Exponential<double> {
    static constexpr double lowest = -1400, highest = 710;
    static constexpr double round_to_integer = 0x1.8p52;
    static constexpr double log2_e = 0x1.71547652b82fep0;
    static constexpr Parts<double> ln_2{0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
    static constexpr Parts<double> ln_2_short{0x1.62e42feep-1, 0x1.a39ef35793c76p-33};
    static constexpr std::array<double, 10> q{
        0x1.af38a9b0ec855p-26, 0x1.289185613a3d6p-22, 0x1.71de0dae63bb3p-19, 0x1.a019b90d2ae7ap-16,
        0x1.a01a01a7c41d5p-13, 0x1.6c16c1788bd90p-10, 0x1.11111111109b3p-7,  0x1.5555555553d63p-5,
        0x1.5555555555556p-3,  0x1.0000000000001p-1};
    static constexpr double tanh_is_one = 20;
    static constexpr int mantissa_bits = 52, bias = 1023;
};

/// ((q₀ r + q₁) r + …) + q_I, where e^r = 1 + r + r² q
template <std::size_t I, class T, int N>
[[gnu::always_inline]] inline Batch<T, N> exponential_polynomial(const Batch<T, N>& r)
{
    const Batch<T, N> coefficient(Exponential<T>::q[I]);
    if constexpr (I == 0) return coefficient;
    else return multiply_add(exponential_polynomial<I - 1>(r), r, coefficient);
}
template <class T>
inline constexpr std::size_t exponential_degree = Exponential<T>::q.size() - 1;

/// x, or a sum of which x is all but a rest, as n ln 2 + r; and e^r - 1.
template <class T, int N>
struct Reduced {
    using B = Batch<T, N>;
    using Constants = Exponential<T>;
    using Integers = typename Mask<T, N>::Vector;
    Integers n;
    B expm1_r;

    template <class... Rest>
    [[gnu::always_inline]] explicit Reduced(const B& x, const Rest&... rest)
    {
        const B magic(Constants::round_to_integer);
        constexpr auto ln_2 = has_fused_multiply_add<T, N> ? Constants::ln_2 : Constants::ln_2_short;
        const B shifted = multiply_add(x, B(Constants::log2_e), magic);
        const B whole = shifted - magic;
        const B r = (multiply_add(whole, B(-ln_2.low), multiply_add(whole, B(-ln_2.high), x)) + ... + rest);
        n = reinterpret_cast<Integers>(shifted.lanes) - reinterpret_cast<Integers>(magic.lanes);
        expm1_r = multiply_add(r * r, exponential_polynomial<exponential_degree<T>>(r), r);
    }
    /// 2ᵏ, for an exponent of normal numbers.
    [[gnu::always_inline]] static B power_of_two(const Integers& k)
    {
        return B::of(reinterpret_cast<typename B::Vector>((k + Constants::bias) << Constants::mantissa_bits));
    }
};

/// x within the arguments at which eˣ is neither 0 nor infinite, or just beyond; NaN stays.
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> bounded_exponent(const Batch<T, N>& x)
{
    using B = Batch<T, N>;
    return smaller(B(Exponential<T>::highest), larger(B(Exponential<T>::lowest), x));
}

}  // namespace detail

/// eˣ = (1 + expm1_r) 2ᵏ 2ˡ, in two powers because 2ⁿ may be outside the normal numbers where eˣ is still
/// within the numbers there are. The exponent may have a rest, x + rest.
template <class T, int N>
class FactoredExponential {
    using B = Batch<T, N>;

public:
    template <class... Rest>
    [[gnu::always_inline]] explicit FactoredExponential(const B& x, const Rest&... rest)
    {
        using Reduced = detail::Reduced<T, N>;
        const Reduced reduced(detail::bounded_exponent(x), rest...);
        const auto half = reduced.n >> 1;
        expm1_r_ = reduced.expm1_r;
        power_ = Reduced::power_of_two(half);
        other_power_ = Reduced::power_of_two(reduced.n - half);
    }
    /// eˣ.
    [[gnu::always_inline]] B value() const { return (expm1_r_ + B(1)) * power_ * other_power_; }
    /// What with_last_power() makes a eˣ of. What eˣ is to be multiplied with goes in here, so that only the
    /// last product can be denormal, and is rounded as such once.
    [[gnu::always_inline]] B times(const B& a) const { return multiply_add(expm1_r_, a, a) * power_; }
    /// y 2ˡ: a eˣ for y = times(a).
    [[gnu::always_inline]] B with_last_power(const B& y) const { return y * other_power_; }

private:
    B expm1_r_, power_, other_power_;
};

/// The same, with the same bits, where one instruction multiplies by 2ⁿ, whatever comes out.
template <class T, int N>
    requires has_scaling<T, N>
class FactoredExponential<T, N> {
    using B = Batch<T, N>;
    using Constants = detail::Exponential<T>;

public:
    template <class... Rest>
    [[gnu::always_inline]] explicit FactoredExponential(const B& exponent, const Rest&... rest)
    {
        const B x = detail::bounded_exponent(exponent), magic(Constants::round_to_integer);
        constexpr auto ln_2 = Constants::ln_2;
        n_ = multiply_add(x, B(Constants::log2_e), magic) - magic;
        const B r = (multiply_add(n_, B(-ln_2.low), multiply_add(n_, B(-ln_2.high), x)) + ... + rest);
        expm1_r_ = multiply_add(r * r, detail::exponential_polynomial<detail::exponential_degree<T>>(r), r);
    }
    [[gnu::always_inline]] B value() const { return with_last_power(expm1_r_ + B(1)); }
    [[gnu::always_inline]] B times(const B& a) const { return multiply_add(expm1_r_, a, a); }
    [[gnu::always_inline]] B with_last_power(const B& y) const { return scaled(y, n_); }

private:
    B n_, expm1_r_;
};

template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> exp(const Batch<T, N>& x)
{
    return FactoredExponential<T, N>(x).value();
}

/// tanh |x| = t / (t + 2) with t = e^(2|x|) - 1
template <class T, int N>
    requires has_fused_multiply_add<T, N>
[[gnu::always_inline]] inline Batch<T, N> tanh(const Batch<T, N>& x)
{
    using B = Batch<T, N>;
    using Integers = typename Mask<T, N>::Vector;
    constexpr auto sign_bit = std::numeric_limits<SameSizeInteger<T>>::min();
    const Integers sign = reinterpret_cast<Integers>(x.lanes) & sign_bit;
    const B size = B::of(reinterpret_cast<typename B::Vector>(reinterpret_cast<Integers>(x.lanes) ^ sign));
    const B one_from(detail::Exponential<T>::tanh_is_one);
    const B bounded = smaller(one_from, size);
    const detail::Reduced<T, N> reduced(bounded + bounded);
    const B factor = detail::Reduced<T, N>::power_of_two(reduced.n);
    const B t = fma(factor, reduced.expm1_r, factor - B(1));
    const B y = t / (t + B(2));
    return B::of(reinterpret_cast<typename B::Vector>(reinterpret_cast<Integers>(y.lanes) | sign));
}

}  // namespace autodiff::math
