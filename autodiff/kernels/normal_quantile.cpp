#include <autodiff/kernels/normal_quantile.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace autodiff::kernels {

namespace {

/// Σ c_i xⁱ
template <std::size_t N>
double polynomial(const std::array<double, N>& c, double x)
{
    double value = c[N - 1];
    for (std::size_t i = N - 1; i-- > 0;) value = value * x + c[i];
    return value;
}

struct Rational {
    std::array<double, 8> numerator, denominator;

    double operator()(double x) const { return polynomial(numerator, x) / polynomial(denominator, x); }
};

// clang-format off
constexpr Rational centre{
    {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
     4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1.0,                      4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
     2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3}};
constexpr Rational tail{
    {1.42343711074968357734e0,  4.63033784615654529590e0,  5.76949722146069140550e0,  3.64784832476320460504e0,
     1.27045825245236838258e0,  2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0,                       2.05319162663775882187e0,  1.67638483018380384940e0,  6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}};
constexpr Rational far_tail{
    {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,  2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0,                       5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}};
// clang-format on

}  // namespace

double portable_log(double x)
{
    // ln 2 with its last 21 bits cleared, so that its product with an exponent is exact, and the rest.
    constexpr double ln2_high = 0x1.62e42fee00000p-1;
    constexpr double ln2_low = 0x1.a39ef35793c76p-33;
    constexpr std::array<double, 12> artanh{1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11,
                                            1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23};
    // m in [√½, √2): the bits above those of √½ carry into the exponent.
    constexpr std::uint64_t bits_of_sqrt_half = 0x3fe6a09e667f3bcd;
    constexpr std::uint64_t bits_of_one = 0x3ff0000000000000;
    const std::uint64_t shifted = std::bit_cast<std::uint64_t>(x) + (bits_of_one - bits_of_sqrt_half);
    const auto exponent = static_cast<double>(static_cast<int>(shifted >> 52) - 1023);
    const double m = std::bit_cast<double>((shifted & 0x000fffffffffffff) + bits_of_sqrt_half);
    const double s = (m - 1) / (m + 1);
    return exponent * ln2_high + (2 * s * polynomial(artanh, s * s) + exponent * ln2_low);
}

double normal_quantile(double p)
{
    const double q = p - 0.5;
    if (std::abs(q) <= 0.425) return q * centre(0.180625 - q * q);
    const double r = std::sqrt(-portable_log(q < 0 ? p : 1 - p));
    const double z = r <= 5 ? tail(r - 1.6) : far_tail(r - 5);
    return q < 0 ? -z : z;
}

}  // namespace autodiff::kernels
