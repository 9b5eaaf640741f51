// The layer LayerNorm: values and gradients of PyTorch's, and what does not fit.

#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/transforms/vjp.hpp>
#include <nn/layer_norm.hpp>

#include "support/derivatives.hpp"
#include "support/errors.hpp"

using namespace autodiff;
using autodiff::tests::check_equal;
using autodiff::tests::error_text;

// The figures are those of PyTorch 1.13 (Debian's python3-torch):
//   y = torch.nn.functional.layer_norm(x, (3,), weight, bias); (y * y_bar).sum().backward()
BOOST_AUTO_TEST_CASE(the_layer_and_its_gradients_are_those_of_pytorch)
{
    const Tensor<> x{{1, 2, 4}, {0, -1, 3}}, y_bar{{1, 2, 3}, {4, 5, 6}};
    const auto norm = [](const auto& a, const auto& weight, const auto& bias) {
        nn::LayerNorm<> layer(3);
        layer.weight = weight;
        layer.bias = bias;
        return layer(a);
    };
    const auto [y, pullback] = vjp(norm, x, Tensor<>{1, 2, 3}, Tensor<>{0.5, 0, -1});
    check_equal(y,
                Tensor<>{{-0.5690415314502979, -0.5345207657251492, 3.0089057429386155},
                         {0.1077684085854142, -1.9611579570729289, 3.1184317098531498}},
                1e-14);
    const auto [x_bar, weight_bar, bias_bar] = pullback(y_bar);
    check_equal(x_bar,
                Tensor<>{{-0.1145583267646473, 0.1718057054557696, -0.0572473786911198},
                         {-2.8964829952524300, 2.1723507058189835, 0.7241322894334452}},
                1e-13);
    check_equal(weight_bar, Tensor<>{-2.6379678971086413, -5.4374156584074713, 12.2457691626449154}, 1e-13);
    check_equal(bias_bar, Tensor<>{5, 7, 9});
}

BOOST_AUTO_TEST_CASE(a_new_layer_gives_rows_of_mean_0_and_variance_1)
{
    nn::LayerNorm<> layer(5, 1e-12);
    const Tensor<> x{{1, 2, 3, 4, 50}, {-1e6, 0, 1e6, 2e6, 3e6}};
    const Tensor<> y = layer(x);
    check_equal(mean(y, {1}), Tensor<>{0, 0}, 1e-14);
    check_equal(mean(y * y, {1}), Tensor<>{1, 1}, 1e-12);
    BOOST_TEST(layer.parameters()[0].name == "weight");
    BOOST_TEST(layer.parameters()[1].name == "bias");
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused)
{
    const nn::LayerNorm<> layer(3);
    BOOST_TEST(error_text<ShapeError>([&] { layer(Tensor<>::ones({2, 4})); }) ==
               "layer_norm: x has shape (2, 4), scale (3,), shift (3,); they must be (…, n), (n), (n)");
    BOOST_TEST(error_text<DomainError>([] {
                   layer_norm(Tensor<>::ones({2, 0}), Tensor<>::ones({0}), Tensor<>::ones({0}));
               }) == "layer_norm: rows of no elements, in shape (2, 0), have no mean");
    BOOST_TEST(error_text<DomainError>([] { nn::LayerNorm<>(3, 0)(Tensor<>::ones({3})); }) ==
               "layer_norm: epsilon is 0; it must be above 0");
}
