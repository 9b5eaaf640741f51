// Layers on tensors against neurons on numbers, and activations on both.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "support/errors.hpp"

#include <cmath>
#include <limits>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

std::vector<double> row_of(const Tensor<>& x, Index i)
{
    std::vector<double> row;
    for (Index j = 0; j < x.size(1); ++j) row.push_back(x(i, j));
    return row;
}

std::vector<double> numbers_of(const nn::Linear<>& layer)
{
    auto numbers = layer.weight.to_vector();
    for (double bias : layer.bias.to_vector()) numbers.push_back(bias);
    return numbers;
}

nn::Linear<> random_layer(Index inputs, Index outputs)
{
    nn::Linear<> layer{inputs, outputs, nn::Key(5)};
    layer.bias = normal(nn::Key(6), {outputs});
    return layer;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_neuron_is_a_weighted_sum_and_a_bias)
{
    const nn::Neuron neuron{{0.5, 0.7, 0.3}, 0.1};
    BOOST_TEST(neuron(std::vector{0.8, 0.6, 0.9}) == 0.8 * 0.5 + 0.6 * 0.7 + 0.9 * 0.3 + 0.1);
    BOOST_TEST(nn::Neuron<>{}(std::vector<double>{}) == 0.0);
    BOOST_TEST(error_text<ShapeError>([&] { neuron(std::vector{1.0}); }) ==
               "neuron: 1 inputs for 3 weights; there must be one for each");
    BOOST_TEST(error_text<ShapeError>([&] { nn::Layer<>(2, 2, std::vector{1.0}); }) ==
               "layer: 1 numbers for 2 inputs and 2 outputs; it has 4 weights and 2 biases");
}

BOOST_AUTO_TEST_CASE(layer_and_linear_agree_to_the_last_bit_where_a_product_is_a_plain_loop)
{
    // Both add the products in order, then the bias, so they round alike.
    const nn::Linear<> linear = random_layer(2, 4);
    const nn::Layer layer(2, 4, numbers_of(linear));
    const Tensor<> x = normal(nn::Key(1), {7, 2});
    const Tensor<> y = linear(x);
    for (Index i = 0; i < 7; ++i) {
        BOOST_TEST(layer(row_of(x, i)) == row_of(y, i), boost::test_tools::per_element());
        BOOST_TEST(linear(Tensor<>(Shape{2}, row_of(x, i))).to_vector() == row_of(y, i),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(layer_and_linear_agree_to_rounding_at_any_size)
{
    const Index inputs = 50;
    const nn::Linear<> linear = random_layer(inputs, 20);
    const nn::Layer layer(inputs, 20, numbers_of(linear));
    const Tensor<> x = normal(nn::Key(1), {30, inputs});
    const Tensor<> y = linear(x);
    for (Index i = 0; i < 30; ++i) {
        const auto sums = layer(row_of(x, i));
        for (std::size_t j = 0; j < sums.size(); ++j) {
            // A large product adds in another order; any order is off by at most inputs · ε Σ |w x|.
            double size = 0;
            for (Index k = 0; k < inputs; ++k)
                size += std::abs(linear.weight(static_cast<Index>(j), k) * x(i, k));
            const double bound = static_cast<double>(inputs) * std::numeric_limits<double>::epsilon() * size;
            BOOST_TEST(std::abs(sums[j] - y(i, static_cast<Index>(j))) <= bound);
        }
    }
}

BOOST_AUTO_TEST_CASE(gradients_of_layer_and_linear_agree)
{
    nn::Linear<> linear = random_layer(3, 2);
    const Tensor<> x = normal(nn::Key(1), {1, 3});
    const auto by_tensors = gradient([&] { return sum(square(sigmoid(linear(x)))); }, linear.parameters());
    const auto by_numbers = gradient(
        [&](const auto& numbers) {
            const nn::Layer layer(3, 2, numbers);
            const auto y = nn::Sigmoid{}(layer(row_of(x, 0)));
            return y[0] * y[0] + y[1] * y[1];
        },
        numbers_of(linear));
    auto expected = by_tensors[0].to_vector();
    for (double value : by_tensors[1].to_vector()) expected.push_back(value);
    for (std::size_t i = 0; i < expected.size(); ++i)
        BOOST_TEST(std::abs(by_numbers[i] - expected[i]) < 1e-15);  // a few roundings of numbers below 1
}

BOOST_AUTO_TEST_CASE(linear_takes_any_leading_axes)
{
    const nn::Linear<> layer = random_layer(3, 2);
    const Tensor<> x = normal(nn::Key(1), {2, 4, 3});
    BOOST_TEST((layer(x).shape() == Shape{2, 4, 2}));
    BOOST_TEST(layer(x).to_vector() == layer(reshape(x, {8, 3})).to_vector());
    BOOST_TEST((layer(Tensor<>::zeros({0, 3})).shape() == Shape{0, 2}));
}

BOOST_AUTO_TEST_CASE(linear_works_without_a_bias_and_in_float)
{
    nn::Linear<> layer{2, 2, nn::Bias::no};
    BOOST_TEST(layer.parameters().size() == 1u);
    nn::initialize(layer, nn::Key(1));
    BOOST_TEST(layer(Tensor<>{1.0, 0.0})(1) == layer.weight(1, 0));

    const nn::Linear<float> single{2, 1, nn::Key(1)};
    BOOST_TEST((single(Tensor<float>::ones({3, 2})).shape() == Shape{3, 1}));
}

BOOST_AUTO_TEST_CASE(linear_rejects_shapes_that_do_not_fit)
{
    const nn::Linear<> layer{3, 2, nn::Key(1)};
    BOOST_TEST(error_text<ShapeError>([&] { layer(Tensor<>{{1.0, 2.0}}); }) ==
               "linear: the input has shape (1, 2), the weight (2, 3); their last axes must be equal");
    BOOST_CHECK_THROW(layer(Tensor<>(1.0)), ShapeError);
    BOOST_TEST(error_text<ShapeError>([] { nn::Linear<>(Tensor<>::ones({2, 3}), Tensor<>::ones({3})); }) ==
               "linear: a weight of shape (2, 3) and a bias of shape (3,); they must be (outputs, inputs), "
               "(outputs)");
}

BOOST_AUTO_TEST_CASE(the_gradient_of_linear_is_right)
{
    const Tensor<> x = normal(nn::Key(1), {4, 3}), w = normal(nn::Key(2), {2, 3}),
                   b = normal(nn::Key(3), {2});
    const auto report =
        check_gradient([](const Tensor<>& input, const Tensor<>& weight,
                          const Tensor<>& bias) { return tanh(nn::Linear<>{weight, bias}(input)); },
                       x, w, b);
    BOOST_TEST(report.compared == 12u + 6u + 2u);
}

BOOST_AUTO_TEST_CASE(activations_are_the_ops_of_their_name_on_every_kind_of_number)
{
    const auto require = [](auto activation, auto op) {
        const std::vector<double> x{-2.0, -0.5, 0.0, 1.5};
        const auto on_vector = activation(x);
        const auto on_tensor = activation(Tensor<>(Shape{4}, x));
        for (std::size_t i = 0; i < x.size(); ++i) {
            BOOST_TEST(on_vector[i] == op(x[i]));
            BOOST_TEST(activation(x[i]) == op(x[i]));
            // Vectorised functions may round differently from scalar ones, by units in the last place.
            BOOST_TEST(std::abs(on_tensor(static_cast<Index>(i)) - op(x[i])) < 1e-15);
            BOOST_TEST(gradient(activation, x[i]) == gradient(op, x[i]));
        }
    };
    require(nn::Sigmoid{}, [](const auto& x) { return sigmoid(x); });
    require(nn::Tanh{}, [](const auto& x) { return tanh(x); });
    require(nn::Relu{}, [](const auto& x) { return relu(x); });
    require(nn::LeakyRelu{0.2}, [](const auto& x) { return leaky_relu(x, 0.2); });
    require(nn::Elu{1.5}, [](const auto& x) { return elu(x, 1.5); });
    require(nn::Softplus{}, [](const auto& x) { return softplus(x); });
    require(nn::Gelu{}, [](const auto& x) { return gelu(x); });
    require(nn::Silu{}, [](const auto& x) { return silu(x); });
}

BOOST_AUTO_TEST_CASE(softmax_gives_probabilities)
{
    const Tensor<> x = normal(nn::Key(1), {3, 4});
    const Tensor<> rows = sum(nn::Softmax{}(x), {1}), columns = sum(nn::Softmax{0}(x), {0});
    for (double total : rows.to_vector()) BOOST_TEST(std::abs(total - 1) < 1e-15);
    for (double total : columns.to_vector()) BOOST_TEST(std::abs(total - 1) < 1e-15);
    BOOST_TEST(nn::LogSoftmax{}(x).to_vector() == log_softmax(x).to_vector());
    nn::Sequential model{nn::Linear<>{4, 2, nn::Key(2)}, nn::Softmax{}};
    BOOST_TEST(model.parameters().size() == 2u);
}
