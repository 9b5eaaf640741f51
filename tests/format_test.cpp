// Printing. The expected texts of arrays without a format specification are NumPy's own.

#include <support/derivatives.hpp>

#include <autodiff/autodiff.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <limits>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

template <class X>
std::string printed(const X& x)
{
    return fmt::format("{}", x);
}

}  // namespace

BOOST_AUTO_TEST_CASE(elements_are_aligned_at_the_decimal_point)
{
    BOOST_TEST(printed(Tensor<>{{0.5, 0.0625}, {1, 2}}) ==
               "[[0.5    0.0625]\n"
               " [1.     2.    ]]");
    BOOST_TEST(printed(Tensor<>{1, -20, 300}) == "[  1. -20. 300.]");
    BOOST_TEST(printed(Tensor<>{0, -0.0}) == "[ 0. -0.]");
}

BOOST_AUTO_TEST_CASE(numbers_are_as_short_as_they_can_be_read_back_up_to_eight_digits)
{
    BOOST_TEST(printed(Tensor<>{0.1 + 0.2, 1.0 / 3}) == "[0.3        0.33333333]");
    BOOST_TEST(printed(Tensor<float>{0.1f, 0.25f}) == "[0.1  0.25]");
    BOOST_TEST(printed(Tensor<>{123456.789}) == "[123456.789]");
}

BOOST_AUTO_TEST_CASE(numbers_of_very_different_sizes_have_exponents)
{
    BOOST_TEST(printed(Tensor<>{1e10, 1.25, 0}) == "[1.00e+10 1.25e+00 0.00e+00]");
    BOOST_TEST(printed(Tensor<>{1e-5, 1}) == "[1.e-05 1.e+00]");
    BOOST_TEST(printed(Tensor<>{1e-300, 1e10}) == "[1.e-300 1.e+010]");
    BOOST_TEST(printed(Tensor<>{99999999.0}) == "[99999999.]");
    BOOST_TEST(printed(Tensor<>{100000000.0}) == "[1.e+08]");
}

BOOST_AUTO_TEST_CASE(infinity_and_nan_are_words)
{
    BOOST_TEST(printed(Tensor<>{1.5, -2, not_a_number, inf, -inf}) == "[ 1.5 -2.   nan  inf -inf]");
    BOOST_TEST(printed(Tensor<>{not_a_number, inf}) == "[nan inf]");
}

BOOST_AUTO_TEST_CASE(blocks_are_nested_in_brackets)
{
    BOOST_TEST(printed(reshape(arange(24), Shape{2, 3, 4})) ==
               "[[[ 0.  1.  2.  3.]\n"
               "  [ 4.  5.  6.  7.]\n"
               "  [ 8.  9. 10. 11.]]\n"
               "\n"
               " [[12. 13. 14. 15.]\n"
               "  [16. 17. 18. 19.]\n"
               "  [20. 21. 22. 23.]]]");
    BOOST_TEST(printed(Tensor<>::zeros(Shape{1, 1, 1, 1})) == "[[[[0.]]]]");
    BOOST_TEST(printed(Tensor<>::zeros(Shape{2, 0})) == "[]");
}

BOOST_AUTO_TEST_CASE(long_rows_are_wrapped_at_75_columns)
{
    BOOST_TEST(printed(linspace(0, 1, 12)) ==
               "[0.         0.09090909 0.18181818 0.27272727 0.36363636 0.45454545\n"
               " 0.54545455 0.63636364 0.72727273 0.81818182 0.90909091 1.        ]");
    BOOST_TEST(printed(reshape(arange(50), Shape{2, 25})) ==
               "[[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.\n"
               "  18. 19. 20. 21. 22. 23. 24.]\n"
               " [25. 26. 27. 28. 29. 30. 31. 32. 33. 34. 35. 36. 37. 38. 39. 40. 41. 42.\n"
               "  43. 44. 45. 46. 47. 48. 49.]]");
}

BOOST_AUTO_TEST_CASE(more_than_a_thousand_elements_are_summarised)
{
    BOOST_TEST(printed(arange(1001)) == "[   0.    1.    2. ...  998.  999. 1000.]");
    BOOST_TEST(printed(reshape(arange(1200), Shape{30, 40})) ==
               "[[0.000e+00 1.000e+00 2.000e+00 ... 3.700e+01 3.800e+01 3.900e+01]\n"
               " [4.000e+01 4.100e+01 4.200e+01 ... 7.700e+01 7.800e+01 7.900e+01]\n"
               " [8.000e+01 8.100e+01 8.200e+01 ... 1.170e+02 1.180e+02 1.190e+02]\n"
               " ...\n"
               " [1.080e+03 1.081e+03 1.082e+03 ... 1.117e+03 1.118e+03 1.119e+03]\n"
               " [1.120e+03 1.121e+03 1.122e+03 ... 1.157e+03 1.158e+03 1.159e+03]\n"
               " [1.160e+03 1.161e+03 1.162e+03 ... 1.197e+03 1.198e+03 1.199e+03]]");
    BOOST_TEST(printed(arange(1000)).find("...") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_single_number_is_printed_without_brackets)
{
    BOOST_TEST(printed(Tensor<>(1.0)) == "1.0");
    BOOST_TEST(printed(Tensor<>(0.1 + 0.2)) == "0.30000000000000004");
    BOOST_TEST(printed(Tensor<>(-inf)) == "-inf");
    BOOST_TEST(printed(Tensor<>(1e300)) == "1e+300");
    BOOST_TEST(printed(IndexArray(Index{7})) == "7");
    BOOST_TEST(printed(BoolArray(true)) == "True");
}

BOOST_AUTO_TEST_CASE(integers_and_truth_values_are_aligned_at_the_right)
{
    BOOST_TEST(printed(IndexArray(Shape{2, 2}, {1, -20, 300, 4})) ==
               "[[  1 -20]\n"
               " [300   4]]");
    BOOST_TEST(printed(Tensor<>{1, 2} < Tensor<>{2, 1}) == "[ True False]");
    BOOST_TEST(printed(BoolArray(Shape{2}, {false, false})) == "[False False]");
}

BOOST_AUTO_TEST_CASE(a_specification_is_that_of_an_element)
{
    const Tensor<> x{{0.5, 12.0625}, {1, -2}};
    BOOST_TEST(fmt::format("{:.2f}", x) ==
               "[[ 0.50 12.06]\n"
               " [ 1.00 -2.00]]");
    BOOST_TEST(fmt::format("{:+.0e}", x) ==
               "[[+5e-01 +1e+01]\n"
               " [+1e+00 -2e+00]]");
    BOOST_TEST(fmt::format("{:8.1f}", Tensor<>{1, 2}) == "[     1.0      2.0]");
    BOOST_TEST(fmt::format("{:03}", IndexArray(Shape{2}, {1, 20})) == "[001 020]");
    BOOST_TEST(fmt::format("{:d}", BoolArray(Shape{2}, {true, false})) == "[1 0]");
    BOOST_TEST(fmt::format("{:.3f}", Tensor<>(0.5)) == "0.500");
    BOOST_TEST(fmt::format("{:.1f} and {}", Tensor<>{1}, 2) == "[1.0] and 2");
    BOOST_TEST(to_string(x.array(), ".1f") ==
               "[[ 0.5 12.1]\n"
               " [ 1.0 -2.0]]");
}

BOOST_AUTO_TEST_CASE(views_are_printed_in_their_own_order)
{
    const Tensor<> x{{1, 2, 3}, {4, 5, 6}};
    BOOST_TEST(printed(transpose(x)) ==
               "[[1. 4.]\n"
               " [2. 5.]\n"
               " [3. 6.]]");
    BOOST_TEST(printed(flip(x, {1})) ==
               "[[3. 2. 1.]\n"
               " [6. 5. 4.]]");
    BOOST_TEST(printed(broadcast_to(Tensor<>(2.0), Shape{3})) == "[2. 2. 2.]");
}

BOOST_AUTO_TEST_CASE(scalars_are_printed_like_the_numbers_they_hold)
{
    BOOST_TEST(printed(Scalar<>(0.25)) == printed(0.25));
    BOOST_TEST(printed(Scalar<>(1.0)) == printed(1.0));
    BOOST_TEST(printed(Scalar<float>(0.1f)) == "0.1");
    BOOST_TEST(fmt::format("{:>8.3f}|", Scalar<>(0.25)) == "   0.250|");
    BOOST_TEST(printed(Scalar<Scalar<double>>(2.5)) == "2.5");
}

BOOST_AUTO_TEST_CASE(dual_numbers_are_printed_as_sums)
{
    BOOST_TEST(printed(Dual<double>(1.5, 2)) == "1.5 + 2ε");
    BOOST_TEST(printed(Dual<double>(1.5, -2)) == "1.5 - 2ε");
    BOOST_TEST(fmt::format("{:.2f}", Dual<double>(1.5, 2)) == "1.50 + 2.00ε");
    BOOST_TEST(printed(Dual<Dual<double>>({1, 2}, {3, 4})) == "(1 + 2ε) + (3 + 4ε)ε");
    BOOST_TEST(printed(Scalar<Dual<double>>(Dual<double>(1, 2))) == "1 + 2ε");
    BOOST_TEST(printed(Dual<Scalar<double>>(Scalar<>(1.0), Scalar<>(2.0))) == "1 + 2ε");
}

BOOST_AUTO_TEST_CASE(tensors_within_a_gradient_can_be_printed)
{
    std::string text;
    gradient(
        [&](const Tensor<>& x) {
            text = fmt::format("{:.1f}", 2 * x);
            return sum(x);
        },
        Tensor<>{1, 2});
    BOOST_TEST(text == "[2.0 4.0]");
}
