// The functions of autodiff/numbers/exponential.hpp against the standard library in a higher precision: over
// their whole domain, in units in the last place, for each size of batch.

#include <autodiff/numbers/math.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

using namespace autodiff;

namespace {

/// |y - exact| in units in the last place of T at `exact`.
template <class T>
double ulps(T y, long double exact)
{
    const T rounded = static_cast<T>(exact);
    if (std::isinf(rounded) || std::isnan(rounded))
        return y == rounded || (std::isnan(y) && std::isnan(rounded)) ? 0 : 1e9;
    const T next = std::nextafter(std::fabs(rounded), std::numeric_limits<T>::infinity());
    const long double unit = static_cast<long double>(next) - static_cast<long double>(std::fabs(rounded));
    return static_cast<double>(std::fabs(static_cast<long double>(y) - exact) / unit);
}

/// The worst error of `function` on batches, over points of every size from `smallest` to `largest`, of both
/// signs.
template <class T>
double worst_error(auto function, auto exact, double smallest, double largest)
{
    double worst = 0;
    for_instruction_set([&](auto bytes) {
        constexpr int lanes = lanes_of<T, bytes()>;
        const double step = 1 + 4e-5;
        T x[lanes], y[lanes];
        for (double size = smallest; size < largest;) {
            for (int i = 0; i < lanes; ++i) {
                x[i] = static_cast<T>(i % 2 == 0 ? size : -size);
                if (i % 2 == 1) size *= step;
            }
            function(Batch<T, lanes>::load(x)).store(y);
            for (int i = 0; i < lanes; ++i)
                worst = std::max(worst, ulps(y[i], exact(static_cast<long double>(x[i]))));
        }
    });
    return worst;
}

constexpr auto batch_exp = [](const auto& x) { return math::exp(x); };
constexpr auto batch_tanh = [](const auto& x) { return math::tanh(x); };
constexpr auto exact_exp = [](long double x) { return std::exp(x); };
constexpr auto exact_tanh = [](long double x) { return std::tanh(x); };

template <class T>
T at(auto function, T point)
{
    T result{};
    for_instruction_set([&](auto bytes) {
        constexpr int lanes = lanes_of<T, bytes()>;
        T x[lanes], y[lanes];
        std::fill_n(x, lanes, point);  // a batch made of one -0 would hold +0
        function(Batch<T, lanes>::load(x)).store(y);
        result = y[lanes - 1];
    });
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(exp_is_within_1_1_ulp_and_tanh_within_2_5)
{
    const double exp_float = worst_error<float>(batch_exp, exact_exp, 1e-30, 110);
    const double exp_double = worst_error<double>(batch_exp, exact_exp, 1e-30, 750);
    const double tanh_float = worst_error<float>(batch_tanh, exact_tanh, 1e-44, 20);
    const double tanh_double = worst_error<double>(batch_tanh, exact_tanh, 1e-300, 30);
    BOOST_TEST_MESSAGE("ulp: exp " << exp_float << " " << exp_double << ", tanh " << tanh_float << " "
                                   << tanh_double);
    BOOST_TEST(exp_float <= 1.1);
    BOOST_TEST(exp_double <= 1.1);
    // Where the machine has no fused multiply-adds, glibc's vector library computes tanh: at most 4 ulp.
    const bool fused = instruction_set() != InstructionSet::sse2;
    BOOST_TEST(tanh_float <= (fused ? 2.5 : 4));
    BOOST_TEST(tanh_double <= (fused ? 2.5 : 4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(special_values, T, decltype(std::tuple<float, double>()))
{
    constexpr T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
    BOOST_TEST(at<T>(batch_exp, 0) == 1);
    BOOST_TEST(at<T>(batch_exp, -infinity) == 0);
    BOOST_TEST(at<T>(batch_exp, infinity) == infinity);
    BOOST_TEST(std::isnan(at<T>(batch_exp, nan)));
    BOOST_TEST(at<T>(batch_tanh, infinity) == 1);
    BOOST_TEST(at<T>(batch_tanh, -infinity) == -1);
    BOOST_TEST(std::signbit(at<T>(batch_tanh, T(-0.0))));
    BOOST_TEST(std::isnan(at<T>(batch_tanh, nan)));
}
