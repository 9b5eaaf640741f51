// Convolutions and transposed convolutions: values and gradients against the definition and PyTorch's, for
// every layout, option and number of threads, and what is refused.

#include <autodiff/error.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/convolution.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/random.hpp>
#include <autodiff/transforms/vjp.hpp>

#include "support/derivatives.hpp"
#include "support/errors.hpp"
#include "support/threads.hpp"

using namespace autodiff;
using autodiff::tests::check_equal;
using autodiff::tests::error_text;
using autodiff::tests::Threads;
using autodiff::tests::whole_numbers;

namespace {

/// The sum of the definition, as it stands.
template <class T>
Tensor<double> by_definition(const Tensor<T>& x, const Tensor<T>& w, const ConvolutionOptions& o,
                             RowsColumns size)
{
    const Index channels = w.size(1), filters = w.size(0);
    Array<double> y = Array<double>::uninitialized({x.size(0), filters, size.rows, size.columns});
    const auto element = [&](Index n, Index f, Index i, Index j) {
        double sum = 0;
        for (Index c = 0; c < channels; ++c)
            for (Index u = 0; u < w.size(2); ++u)
                for (Index v = 0; v < w.size(3); ++v) {
                    const Index row = i * o.stride.rows + u * o.dilation.rows - o.padding.rows;
                    const Index column = j * o.stride.columns + v * o.dilation.columns - o.padding.columns;
                    if (row < 0 || row >= x.size(2) || column < 0 || column >= x.size(3)) continue;
                    const Index channel = f * o.groups / filters * channels + c;
                    sum +=
                        static_cast<double>(x(n, channel, row, column)) * static_cast<double>(w(f, c, u, v));
                }
        return sum;
    };
    for (Index n = 0, k = 0; n < x.size(0); ++n)
        for (Index f = 0; f < filters; ++f)
            for (Index i = 0; i < size.rows; ++i)
                for (Index j = 0; j < size.columns; ++j) y.writable()[k++] = element(n, f, i, j);
    return y;
}

const ConvolutionOptions uneven{.stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}, .groups = 2};

}  // namespace

// The figures are those of PyTorch 1.13 (Debian's python3-torch), exact in whole numbers:
//   y = torch.nn.functional.conv2d(x, w, b, stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2)
//   (y * y_bar).sum().backward()
BOOST_AUTO_TEST_CASE(stride_padding_dilation_and_groups_mean_what_they_mean_to_pytorch)
{
    const auto convolution = [](const auto& x, const auto& w, const auto& b) {
        return conv2d(x, w, b, uneven);
    };
    const auto [y, pullback] =
        vjp(convolution, whole_numbers({1, 4, 5, 4}), whole_numbers({2, 2, 2, 3}, 5), Tensor<>{1, -2});
    check_equal(y, Shape{1, 2, 3, 4},
                {-8, 13, -6, -4, 11, -5, -6, 9, -5, 0, 9, -4, 1, -1, 2, 1, 3, -18, -2, 8, -18, 17, 8, -10});
    const auto [x_bar, w_bar, b_bar] = pullback(whole_numbers(y.shape(), 11));
    check_equal(
        x_bar, Shape{1, 4, 5, 4},
        {6,   6,  6,   -6,  -12, -21, 4,   -2,  6,   6,   2,   -10, -15, 9,  2,   -4,  6,  -5,  -2,  -3,
         6,   -6, -9,  -18, 4,   -2,  -10, -13, 2,   -10, -12, -21, 2,   -4, -11, 8,   -2, -3,  -15, 9,
         -18, 6,  0,   -6,  -13, 6,   6,   -5,  -21, 3,   -2,  -8,  8,   5,  -5,  -5,  9,  0,   -4,  -10,
         0,   -6, -12, 7,   6,   -5,  -10, -11, -2,  -8,  -13, 6,   -5,  -5, -3,  -15, -4, -10, 8,   5});
    check_equal(w_bar, Shape{2, 2, 2, 3}, {-19, -34, -2, 30, 36,  -11, 26,  11, -2, -36, 21,  -2,
                                           25,  29,  -5, 5,  -44, 13,  -12, -2, 1,  -2,  -26, 3});
    check_equal(b_bar, sum(whole_numbers(y.shape(), 11), {0, 2, 3}));
}

// torch.nn.functional.conv_transpose2d(y, w, stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2,
//                                      output_padding=(1, 1))
BOOST_AUTO_TEST_CASE(the_transposed_convolution_is_that_of_pytorch)
{
    check_equal(conv_transpose2d(whole_numbers({1, 2, 2, 3}), whole_numbers({2, 2, 2, 3}, 5), uneven, {1, 1}),
                Shape{1, 4, 3, 4},
                {6, 0, 6,  0, 6,  0,  2,  -4, -1, -2, 5,  -6, 6,  0, -9, 0,  2,  -4, 3,   2, 5,  -6, 6,  0,
                 0, 0, -2, 6, -1, -1, -1, 1,  -6, 0,  -6, 2,  -2, 6, 1,  -3, -1, 1,  -11, 3, -6, 2,  -1, -1});
}

// Sizes at which rows of the output are cut into blocks and samples into chunks, and none comes out even.
BOOST_AUTO_TEST_CASE_TEMPLATE(large_images_agree_with_the_definition, T,
                              decltype(std::tuple<double, float>()))
{
    const Tensor<T> x = uniform<T>(Key(1), {3, 34, 61, 67}, T{-1}, T{1});
    const auto check = [&](const Shape& of_w, const ConvolutionOptions& options, RowsColumns size) {
        const Tensor<T> w = uniform<T>(Key(2), of_w, T{-1}, T{1});
        const Tensor<T> y = conv2d(x, w, options);
        const Tensor<double> expected = by_definition(x, w, options, size);
        BOOST_TEST_REQUIRE(y.shape() == expected.shape());
        double worst = 0;
        for (Index i = 0; i < y.size(); ++i)
            worst = std::max(worst,
                             std::abs(static_cast<double>(y.array().data()[i]) - expected.array().data()[i]));
        // Sums of up to 306 products: as many roundings by half an ε, of partial sums below 40.
        BOOST_TEST(worst < 306 * 20 * std::numeric_limits<T>::epsilon());
    };
    check({6, 34, 3, 3}, {.padding = 1}, {61, 67});
    check({5, 34, 1, 1}, {}, {61, 67});
    check({34, 1, 3, 3}, {.padding = {1, 0}, .groups = 34}, {61, 65});
    check({40, 17, 5, 2}, {.stride = {3, 2}, .padding = {2, 5}, .dilation = {2, 3}, .groups = 2}, {19, 37});
}

// Floats may go through oneDNN, which has pullbacks of its own; doubles never do.
BOOST_AUTO_TEST_CASE(pullbacks_of_floats_agree_with_those_of_doubles)
{
    const auto to_double = [](const Tensor<float>& x) {
        const std::vector<float> values = x.to_vector();
        return Tensor<double>(x.shape(), std::vector<double>(values.begin(), values.end()));
    };
    const auto check = [&](const Shape& of_x, const Shape& of_w, const ConvolutionOptions& options) {
        const auto f = [&](const auto& x, const auto& w) { return conv2d(x, w, options); };
        const auto x = uniform<float>(Key(1), of_x, -1, 1), w = uniform<float>(Key(2), of_w, -1, 1);
        const auto [y, pullback] = vjp(f, x, w);
        const auto [y2, pullback2] = vjp(f, to_double(x), to_double(w));
        const auto y_bar = uniform<float>(Key(3), y.shape(), -1, 1);
        const auto [x_bar, w_bar] = pullback(y_bar);
        const auto [x_bar2, w_bar2] = pullback2(to_double(y_bar));
        // Up to 10 thousand products below 1 in a sum that is in the hundreds.
        check_equal(to_double(y), y2, 1e-5);
        check_equal(to_double(x_bar), x_bar2, 1e-5);
        check_equal(to_double(w_bar), w_bar2, 1e-5);
    };
    check({9, 17, 12, 11}, {20, 17, 3, 3}, {.padding = 1});
    check({3, 48, 13, 10}, {36, 24, 2, 3},
          {.stride = {2, 1}, .padding = {0, 2}, .dilation = {3, 2}, .groups = 2});
    check({2, 20, 9, 9}, {20, 1, 3, 3}, {.stride = 2, .padding = 1, .groups = 20});
    check({2, 3, 9, 9}, {5, 3, 3, 3}, {});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(results_are_the_same_to_the_last_bit_for_any_number_of_threads, T,
                              decltype(std::tuple<double, float>()))
{
    const auto check = [](Index channels, Index filters) {
        const Tensor<T> x = normal<T>(Key(1), {37, channels, 23, 19}),
                        w = normal<T>(Key(2), {filters, channels, 3, 5});
        const auto all_of = [&] {
            const auto [y, pullback] =
                vjp([](const auto& a, const auto& b) { return conv2d(a, b, {.padding = 1}); }, x, w);
            const auto [x_bar, w_bar] = pullback(square(y));
            return std::array{y.to_vector(), x_bar.to_vector(), w_bar.to_vector()};
        };
        const auto alone = [&] {
            const Threads one(1);
            return all_of();
        }();
        for (const int count : {2, 3, 7}) {
            const Threads several(count);
            BOOST_TEST((all_of() == alone));
        }
    };
    check(6, 10);
    check(17, 18);
}

BOOST_AUTO_TEST_CASE(arguments_of_any_layout_give_the_same)
{
    const Tensor<> x = whole_numbers({2, 3, 4, 5}), w = whole_numbers({2, 3, 2, 2}, 5);
    const Tensor<> turned = permute(permute(x, {0, 2, 3, 1}) + 0.0, {0, 3, 1, 2});
    BOOST_TEST(!turned.array().is_contiguous());
    check_equal(conv2d(turned, w), conv2d(x, w));
}

BOOST_AUTO_TEST_CASE(an_image_padded_beyond_what_can_be_counted_is_refused)
{
    constexpr Index most = 2147483647;
    BOOST_TEST(error_text<LimitError>([] {
                   conv2d(Tensor<>::ones({1, 1, 2, 2}), Tensor<>::ones({1, 1, 1, 1}),
                          {.stride = most, .padding = most});
               }).find("conv2d") == 0);
}

// oneDNN has no such sizes.
BOOST_AUTO_TEST_CASE(output_padding_beyond_the_stride_goes_with_many_channels_as_with_few)
{
    const ConvolutionOptions options{.stride = 1, .dilation = 3};
    const auto y = Tensor<float>::ones({1, 16, 4, 4}), w = Tensor<float>::ones({16, 16, 2, 2});
    const auto x = conv_transpose2d(y, w, options, 2);
    BOOST_TEST(x.shape() == Shape({1, 16, 9, 9}));
    BOOST_TEST(sum(x).item() == 16 * 16 * 4 * 16);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused)
{
    const Tensor<> x = Tensor<>::ones({2, 4, 5, 5});
    const auto conv2d_error = [&](const Shape& w, const ConvolutionOptions& options = {}) {
        return error_text<Error>([&] { conv2d(x, Tensor<>::ones(w), options); });
    };
    BOOST_TEST(
        conv2d_error({6, 3, 3, 3}) ==
        "conv2d: x has shape (2, 4, 5, 5), w (6, 3, 3, 3), groups 1; they must be (samples, channels, rows, "
        "columns) and (filters, channels / groups, rows, columns), with filters a multiple of groups");
    BOOST_TEST(conv2d_error({3, 2, 3, 3}, {.groups = 2}).find("groups 2") != std::string::npos);
    BOOST_TEST(conv2d_error({6, 4, 3, 3}, {.dilation = {1, 3}}) ==
               "conv2d: a window of 3 with dilation 3 does not fit into axis 3 of shape (2, 4, 5, 5) with "
               "padding 0");
    BOOST_TEST(conv2d_error({6, 4, 0, 3}).find("a window of 0") != std::string::npos);
    BOOST_TEST(conv2d_error({6, 4, 3, 3}, {.stride = {1, 0}}) ==
               "conv2d: stride is (1, 0); it must be at least 1 and at most 2147483647");
    BOOST_TEST(conv2d_error({6, 4, 3, 3}, {.padding = -1}).find("padding is (-1, -1)") != std::string::npos);
    BOOST_TEST(conv2d_error({6, 4, 3, 3}, {.groups = 0}) == "conv2d: groups is 0; it must be at least 1");
    BOOST_TEST(error_text<ShapeError>([&] {
                   conv2d(x, Tensor<>::ones({6, 4, 3, 3}), Tensor<>::ones({4}));
               }) == "conv2d: the bias has shape (4,); w (6, 4, 3, 3) needs one number a filter, (6,)");
    BOOST_TEST(error_text<ShapeError>([&] {
                   conv_transpose2d(x, Tensor<>::ones({3, 4, 3, 3}));
               }).find("conv_transpose2d: y has shape (2, 4, 5, 5), w (3, 4, 3, 3)") == 0);
    BOOST_TEST(error_text<DomainError>([&] {
                   conv_transpose2d(x, Tensor<>::ones({4, 1, 3, 3}), {.stride = 2}, 2);
               }).find("output_padding is 2; it must be at least 0 and below the stride 2") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(groups_and_margins_that_cannot_be_counted_are_refused)
{
    const Tensor<> w = Tensor<>::ones({2, 2, 1, 1});
    BOOST_TEST(error_text<LimitError>([&] {
                   conv2d(Tensor<>::ones({1, 2, 3, 3}), w, {.groups = Index{1} << 62});
               }) == "conv2d: 2 x 4611686018427387904 elements exceed what a 64-bit size can count");
    const Tensor<> high = broadcast_to(Tensor<>(1), Shape{1, 1, std::numeric_limits<Index>::max(), 1});
    BOOST_TEST(error_text<LimitError>([&] { conv2d(high, Tensor<>::ones({1, 1, 1, 1}), {.padding = 1}); }) ==
               "conv2d: 9223372036854775807 + 2 elements exceed what a 64-bit size can count");
}
