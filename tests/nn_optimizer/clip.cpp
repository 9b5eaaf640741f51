// Clipping gradients, in place.

#include <autodiff/ops/reduce.hpp>
#include <autodiff/transforms/gradient.hpp>
#include <nn/clip.hpp>

#include "support/errors.hpp"

#include <cmath>
#include <limits>

using namespace autodiff;
using autodiff::tests::error_text;

BOOST_AUTO_TEST_CASE(gradients_are_clipped_by_value)
{
    const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    const Tensor<> kept{-3.0, 0.5, 2.0};
    std::vector<Tensor<>> gradients{kept, Tensor<>{{infinity}, {-infinity}, {nan}}};
    nn::clip_by_value(gradients, 1.5);
    BOOST_TEST(gradients[0].to_vector() == (std::vector{-1.5, 0.5, 1.5}));
    BOOST_TEST(gradients[1](0, 0) == 1.5);
    BOOST_TEST(gradients[1](1, 0) == -1.5);
    BOOST_TEST(std::isnan(gradients[1](2, 0)));
    BOOST_TEST(kept(0) == -3.0);
    BOOST_TEST(error_text<DomainError>([&] { nn::clip_by_value(gradients, -1); }) ==
               "clip_by_value: limit is -1; it must not be negative");
}

BOOST_AUTO_TEST_CASE(gradients_are_clipped_by_their_global_norm)
{
    const Tensor<> kept{3.0, -4.0};
    std::vector<Tensor<>> gradients{kept, Tensor<>{{12.0}}, Tensor<>()};
    BOOST_TEST(nn::clip_by_global_norm(gradients, 26) == 13.0);
    BOOST_TEST(same_block(gradients[0].array(), kept.array()));
    BOOST_TEST(nn::clip_by_global_norm(gradients, 2) == 13.0);
    BOOST_TEST(gradients[0](1) == -4 * (2 / (13 + 1e-6)));
    BOOST_TEST(gradients[1](0, 0) == 12 * (2 / (13 + 1e-6)));
    BOOST_TEST(kept(0) == 3.0);

    // No overflow between: each length fits into float, the length of all does not.
    std::vector<Tensor<float>> large(4, Tensor<float>::filled({2}, 2e38f));
    BOOST_TEST(std::abs(nn::clip_by_global_norm(large, 1) / (2e38 * std::sqrt(8)) - 1) < 1e-7);
    for (float number : large[3].to_vector()) BOOST_TEST(std::abs(number * std::sqrt(8) - 1) < 1e-6);
    std::vector<Tensor<>> small{Tensor<>{3e-200}, Tensor<>{4e-200}};
    BOOST_TEST(std::abs(nn::clip_by_global_norm(small, 1) / 5e-200 - 1) < 1e-15);

    std::vector<Tensor<>> none, broken{Tensor<>{std::nan("")}, Tensor<>{1.0}};
    BOOST_TEST(nn::clip_by_global_norm(none, 1) == 0);
    BOOST_TEST(std::isnan(nn::clip_by_global_norm(broken, 1)));
    BOOST_TEST(std::isnan(broken[1](0)));
    BOOST_TEST(error_text<DomainError>([&] { nn::clip_by_global_norm(broken, std::nan("")); }) ==
               "clip_by_global_norm: max_norm is nan; it must not be negative");
}

BOOST_AUTO_TEST_CASE(gradients_are_not_clipped_while_recorded)
{
    const auto clip = [](const Tensor<>& x) {
        std::vector<Tensor<>> gradients{x};
        nn::clip_by_value(gradients, 1);
        return sum(x);
    };
    BOOST_TEST(error_text<RecordingError>([&] { gradient(clip, Tensor<>{1.0}); }) ==
               "clip_by_value: a gradient is being recorded; clip after value_and_gradient has returned");
}
