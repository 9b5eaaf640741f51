#pragma once

// gelu and silu, which are products with an exponential that becomes small, within 4 ulp as far as there are
// numbers: the exponential stays in factors until all else is multiplied in.

#include <autodiff/numbers/math.hpp>

#include <array>

namespace autodiff::math {

namespace detail {

/// Of the polynomial p of gelu(), highest power first: least squares of its relative error up to a = `end`,
/// from where on the tail is 0, each coefficient rounded before the higher ones are fitted. `split` halves
/// the digits of a number.
template <class T>
struct NormalTail;

template <>
struct NormalTail<float> {
    static constexpr float end = 15, centre = 2, split = 0x1p12F + 1;
    static constexpr std::array<float, 12> p{-0x1.ca2242p-15F, -0x1.17d858p-13F, 0x1.ea86aap-14F,
                                             0x1.a833cep-11F,  0x1.b4097p-11F,   -0x1.faf67p-10F,
                                             -0x1.b97598p-8F,  -0x1.f1db74p-12F, 0x1.2cce66p-5F,
                                             0x1.d7d37p-6F,    -0x1.535bb2p-2F,  0x1.5845dcp-1F};
};
template <>
struct NormalTail<double> {
    static constexpr double end = 40, centre = 2, split = 0x1p27 + 1;
    static constexpr std::array<double, 29> p{
        0x1.ff104cdec88c7p-27,  0x1.75d712197c5cdp-25,  -0x1.540a979255ebdp-25, -0x1.10cf9e9617731p-22,
        -0x1.46cc774048f6bp-23, 0x1.dbef573606d8ep-22,  0x1.8fe114f3af6bbp-21,  0x1.3d80768b6cf3dp-22,
        -0x1.aa5d920192eb7p-22, -0x1.6d1aa10af50e6p-20, -0x1.77dcc5b34eda3p-19, -0x1.7e1a85d367be1p-19,
        0x1.056e9d64ebe7dp-19,  0x1.a5a71eea7798dp-17,  0x1.6c99a58876e38p-16,  0x1.44ece699a36f8p-17,
        -0x1.82636c3471b4cp-15, -0x1.0d980bc02cea5p-13, -0x1.e53f510276585p-14, 0x1.b217e198a9a39p-13,
        0x1.b1b0c07a5cca0p-11,  0x1.9ba0c632dd721p-11,  -0x1.ff79b9bb4fe84p-10, -0x1.b8b937f7bdb40p-8,
        -0x1.ec6870c1f5dd1p-12, 0x1.2ccbfbf0c64c7p-5,   0x1.d7d0e2393f55bp-6,   -0x1.535bafa73c584p-2,
        0x1.5845dcad2a54ep-1};
};

/// a b - product, where `product` is a b rounded; without fused multiply-adds by halves of the digits
/// (Dekker 1971).
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> rest_of_product(const Batch<T, N>& a, const Batch<T, N>& b,
                                                          const Batch<T, N>& product)
{
    if constexpr (has_fused_multiply_add<T, N>) return fma(a, b, -product);
    else {
        const auto high_digits = [](const Batch<T, N>& x) {
            const Batch<T, N> scaled = NormalTail<T>::split * x;
            return scaled - (scaled - x);
        };
        const Batch<T, N> a_high = high_digits(a), b_high = high_digits(b);
        const Batch<T, N> a_low = a - a_high, b_low = b - b_high;
        return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    }
}

/// ((p₀ u + p₁) u + …) + p_I
template <std::size_t I, class T, int N>
[[gnu::always_inline]] inline Batch<T, N> tail_polynomial(const Batch<T, N>& u)
{
    const Batch<T, N> coefficient(NormalTail<T>::p[I]);
    if constexpr (I == 0) return coefficient;
    else return multiply_add(tail_polynomial<I - 1>(u), u, coefficient);
}

}  // namespace detail

/// x / (1 + e⁻ˣ) = x e^-|x| / (1 + e^-|x|) for x < 0
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> silu(const Batch<T, N>& x)
{
    using B = Batch<T, N>;
    const FactoredExponential<T, N> e(-abs(x));
    const B lowest(detail::Exponential<T>::lowest);
    const B bounded = larger(lowest, x);  // for 0, not NaN, of -infinity
    return math::select(x < 0, e.with_last_power(e.times(bounded)), x) / (1 + e.value());
}

/// x Φ(x). The tail is Φ(-a) = e^(-a²/2) p(u) / (a + c) with u = (a - c) / (a + c), for a = |x|: what is left
/// beside the exponential varies little (as in Shepherd and Laframboise 1981). It is the absolute error of
/// a²/2 that matters, which is why the exponent has a rest.
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> gelu(const Batch<T, N>& x)
{
    using B = Batch<T, N>;
    using Constants = detail::NormalTail<T>;
    constexpr T c = Constants::centre;
    const B size = abs(x);
    const B a = smaller(B(Constants::end), size);

    // 1 / (a + c) = r (1 + δ), of which δ is what was rounded away in the sum and in the quotient.
    const B sum = a + c;
    const B lost = math::select(a > c, (a - sum) + c, (c - sum) + a);
    const B r = 1 / sum;
    const B product = r * sum;
    const B delta = (1 - product) - detail::rest_of_product(r, sum, product) - r * lost;
    // u = 1 - 2 c / (a + c)
    const B twice = -2 * c * r;
    const B u = multiply_add(twice, delta, 1 + twice);

    const B square = a * a;
    const B rest = detail::rest_of_product(a, a, square);
    const FactoredExponential<T, N> e(-0.5f * square, delta - 0.5f * rest);
    const B tail = e.times(detail::tail_polynomial<Constants::p.size() - 1>(u) * r);
    return math::select(x < 0, e.with_last_power(-a * tail), x * (1 - e.with_last_power(tail)));
}

/// A plain number goes through the smallest batch.
template <std::floating_point T>
T silu(T x)
{
    const Batch<T, lanes_of<T, 16>> batch(x);
    return silu(batch).lanes[0];
}
template <std::floating_point T>
T gelu(T x)
{
    const Batch<T, lanes_of<T, 16>> batch(x);
    return gelu(batch).lanes[0];
}

}  // namespace autodiff::math
