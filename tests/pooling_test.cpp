// max_pool2d and avg_pool2d: PyTorch's values and gradients, ties, NaN, padding, and what is refused.

#include <autodiff/error.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/pooling.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/transforms/gradient.hpp>

#include "support/derivatives.hpp"
#include "support/errors.hpp"

#include <limits>

using namespace autodiff;
using autodiff::tests::check_equal;
using autodiff::tests::error_text;
using autodiff::tests::whole_numbers;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Tensor<> gradient_of_max(const Tensor<>& x, RowsColumns window, const PoolingOptions& options = {})
{
    return gradient([&](const auto& v) { return sum(max_pool2d(v, window, options)); }, x);
}

}  // namespace

// The figures are those of PyTorch 1.13 (Debian's python3-torch):
//   max_pool2d(x, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2))
//   avg_pool2d(x, (3, 2), stride=(2, 2), padding=(1, 1))
BOOST_AUTO_TEST_CASE(pooling_is_that_of_pytorch)
{
    const Tensor<> x = whole_numbers({1, 1, 5, 6}, 13);
    check_equal(max_pool2d(x, {3, 2}, {.stride = {2, 1}, .padding = {1, 0}, .dilation = {1, 2}}),
                Shape{1, 1, 3, 4}, {8, 6, 9, 6, 8, 8, 8, 9, 5, 8, 5, 8});
    check_equal(avg_pool2d(x, {3, 2}, {.stride = 2, .padding = 1}) * 6.0, Shape{1, 1, 3, 4},
                {-1, 16, 14, 3, 8, 17, 14, 14, 3, 11, 9, 7}, 1e-15);
}

BOOST_AUTO_TEST_CASE(the_window_moves_by_its_own_size_and_leaves_out_what_is_left_over)
{
    check_equal(max_pool2d(Tensor<>{{1, 2, 3, 4, 9}, {5, 6, 7, 8, 9}, {9, 9, 9, 9, 9}}, 2), Tensor<>{{6, 8}});
}

BOOST_AUTO_TEST_CASE(of_equal_elements_the_first_has_the_gradient)
{
    check_equal(gradient_of_max(Tensor<>{{0, 0, 1, 2}, {0, 0, 2, 2}}, 2),
                Tensor<>{{1, 0, 0, 1}, {0, 0, 0, 0}});
    const double low = -infinity;
    check_equal(max_pool2d(Tensor<>{{low, low}, {low, low}}, 2), Tensor<>{{low}});
    check_equal(gradient_of_max(Tensor<>{{low, low}, {low, low}}, 2), Tensor<>{{1, 0}, {0, 0}});
}

BOOST_AUTO_TEST_CASE(padding_is_never_the_largest)
{
    const PoolingOptions padded{.stride = 1, .padding = 1};
    check_equal(max_pool2d(Tensor<>{{-5}}, 2, padded), Tensor<>{{-5, -5}, {-5, -5}});
    check_equal(gradient_of_max(Tensor<>{{-infinity}}, 2, padded), Tensor<>{{4}});
}

BOOST_AUTO_TEST_CASE(a_nan_is_the_largest)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const Tensor<>& x :
         {Tensor<>{{nan, 1}, {2, 3}}, Tensor<>{{1, nan}, {3, 2}}, Tensor<>{{1, 3}, {2, nan}}})
        check_equal(max_pool2d(x, 2), Tensor<>{{nan}});
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused)
{
    const Tensor<> x = Tensor<>::ones({2, 3});
    BOOST_TEST(
        error_text<ShapeError>([&] { max_pool2d(x, 3); }) ==
        "max_pool2d: a window of 3 with dilation 1 does not fit into axis 0 of shape (2, 3) with padding 0");
    BOOST_TEST(error_text<ShapeError>([] { avg_pool2d(Tensor<>{1, 2}, 1); }) ==
               "avg_pool2d: x has shape (2,); it must be (…, rows, columns)");
    BOOST_TEST(error_text<DomainError>([&] { max_pool2d(x, 0); }) ==
               "max_pool2d: window is (0, 0); it must be at least 1 and at most 2147483647");
    BOOST_TEST(
        error_text<DomainError>([&] { max_pool2d(x, 2, {.padding = 2}); }) ==
        "max_pool2d: padding (2, 2) is more than half of the window (2, 2); some windows would see nothing "
        "else");
    BOOST_TEST(error_text<ShapeError>([] {
                   max_pool2d(Tensor<>::ones({4, 1}), {2, 1},
                              {.stride = 1, .padding = {1, 0}, .dilation = {5, 1}});
               }) == "max_pool2d: with dilation 5, window 0 of x (4, 1) sees only padding");
}
