// The differences that derivatives are tested against: their error is what they say it is.

#include <support/differences.hpp>
#include <support/random.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace autodiff::tests;

namespace {

/// a sin(ω₀ t + φ₀) + sin(b sin(ω₁ t + φ₁)) for random numbers, of frequencies below a limit, and its
/// derivative at 0.
struct Oscillation {
    double a, b;
    double frequency[2], phase[2];

    Oscillation(double limit, Random& random) : a(random.uniform(0, 10)), b(random.uniform(0, 9))
    {
        for (double& omega : frequency) omega = random.uniform(0, limit);
        for (double& phi : phase) phi = random.uniform(0, 6.3);
    }
    double operator()(double t) const
    {
        return a * std::sin(frequency[0] * t + phase[0]) +
               std::sin(b * std::sin(frequency[1] * t + phase[1]));
    }
    double derivative() const
    {
        return a * frequency[0] * std::cos(phase[0]) +
               std::cos(b * std::sin(phase[1])) * b * frequency[1] * std::cos(phase[1]);
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_error_of_a_difference_is_no_less_than_it_says_where_steps_are_longer_than_waves)
{
    Random random(1);
    constexpr double first_step = 0.02;
    std::size_t usable = 0;
    for (const double limit : {1.0, 30.0, 100.0, 300.0, 1000.0, 3000.0, 1e5, 1e7, 1e9})
        for (int i = 0; i < 20'000; ++i) {
            const Oscillation g(limit, random);
            const Difference difference = central_difference(g, first_step);
            const double scale = std::max(1.0, std::abs(g.derivative()));
            if (!difference.is_known()) continue;  // as random programs do
            ++usable;
            // 3 and 1e-9 as random programs allow.
            const double apart = std::abs(difference.value - g.derivative());
            BOOST_TEST(apart <= 3 * difference.error + 1e-9 * scale,
                       fmt::format("{:.17g} ± {:.1e} is {:.1e} from {:.17g}", difference.value,
                                   difference.error, apart, g.derivative()));
        }
    // It must not say that it knows nothing, either: of waves of three steps and more it knows all.
    BOOST_TEST(usable > 95'000U);
}

BOOST_AUTO_TEST_CASE(the_difference_of_a_smooth_function_is_exact_to_rounding)
{
    for (const double at : {-1.0, 0.0, 0.3, 2.0}) {
        const Difference difference = central_difference([at](double t) { return std::sin(at + t); }, 0.02);
        // ε |g| / h for a step of some hundredths.
        BOOST_TEST(std::abs(difference.value - std::cos(at)) < 1e-12);
        BOOST_TEST(difference.error < 1e-12);
    }
}

// Steps end at some 6e-5.
BOOST_AUTO_TEST_CASE(the_difference_across_a_kink_is_known_to_be_inaccurate)
{
    const Difference difference = central_difference([](double t) { return std::abs(t - 1e-5); }, 0.02);
    BOOST_TEST(!difference.is_known());
}

BOOST_AUTO_TEST_CASE(a_difference_is_not_known_where_no_shorter_step_has_a_value)
{
    const auto g = [](double t) { return std::abs(t) < 0.005 ? std::nan("") : std::sin(t); };
    BOOST_TEST(!central_difference(g, 0.02).is_known());
}
