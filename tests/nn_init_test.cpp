// Starting weights: their spread, their distribution and that a key decides them.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "support/errors.hpp"

#include <algorithm>
#include <cmath>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

struct Moments {
    double mean, deviation, smallest, largest;
};

Moments moments_of(const Tensor<>& x)
{
    const auto values = x.to_vector();
    const double n = static_cast<double>(values.size());
    double sum = 0, squares = 0;
    for (double value : values) {
        sum += value;
        squares += value * value;
    }
    const auto [smallest, largest] = std::ranges::minmax(values);
    return {sum / n, std::sqrt(squares / n - sum * sum / n / n), smallest, largest};
}

// Of 40,000 numbers the mean lies within 5 σ/200, the deviation within 5 % of its own.
constexpr Index outputs = 100, inputs = 400;
void require_moments(const nn::Initializer& draw, double deviation)
{
    const Moments m = moments_of(draw(nn::Key(7), {outputs, inputs}));
    BOOST_TEST_CONTEXT(draw.name)
    {
        BOOST_TEST(std::abs(m.mean) < 5 * deviation / 200);
        BOOST_TEST(std::abs(m.deviation / deviation - 1) < 0.05);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(fans_follow_from_the_shape)
{
    BOOST_TEST(nn::fans({3, 5}).in == 5);
    BOOST_TEST(nn::fans({3, 5}).out == 3);
    // A convolution (outputs, inputs, 2, 4): each neuron reads inputs · 8 numbers.
    BOOST_TEST(nn::fans({3, 5, 2, 4}).in == 40);
    BOOST_TEST(nn::fans({3, 5, 2, 4}).out == 24);
    BOOST_TEST(error_text<ShapeError>([] { nn::fans({3}); }) ==
               "fans: shape (3,) has no fan-in and fan-out; a weight is (outputs, inputs, …). Draw it with "
               "nn::uniform(a), "
               "nn::normal(s) or nn::zeros");
}

BOOST_AUTO_TEST_CASE(initialisers_have_the_spread_of_their_papers)
{
    require_moments(nn::glorot_uniform, std::sqrt(2.0 / (inputs + outputs)));
    require_moments(nn::glorot_normal, std::sqrt(2.0 / (inputs + outputs)));
    require_moments(nn::he_uniform, std::sqrt(2.0 / inputs));
    require_moments(nn::he_normal, std::sqrt(2.0 / inputs));
    require_moments(nn::lecun_uniform, std::sqrt(1.0 / inputs));
    require_moments(nn::lecun_normal, std::sqrt(1.0 / inputs));
    require_moments(nn::uniform(0.3), 0.3 / std::sqrt(3.0));
    require_moments(nn::normal(0.3), 0.3);
}

BOOST_AUTO_TEST_CASE(uniform_initialisers_fill_their_interval_and_stay_in_it)
{
    const double glorot = std::sqrt(6.0 / (inputs + outputs));
    for (const auto& [draw, half_width] : {std::pair{nn::glorot_uniform, glorot},
                                           {nn::he_uniform, std::sqrt(6.0 / inputs)},
                                           {nn::lecun_uniform, std::sqrt(3.0 / inputs)},
                                           {nn::uniform(2), 2.0}}) {
        const Moments m = moments_of(draw(nn::Key(7), {outputs, inputs}));
        BOOST_TEST_CONTEXT(draw.name)
        {
            BOOST_TEST(std::abs(draw.spread({outputs, inputs}) / half_width - 1) < 1e-15);  // two roundings
            BOOST_TEST(m.smallest >= -half_width * (1 + 1e-15));
            BOOST_TEST(m.largest <= half_width * (1 + 1e-15));
            BOOST_TEST(m.smallest < -0.999 * half_width);
            BOOST_TEST(m.largest > 0.999 * half_width);
        }
    }
}

BOOST_AUTO_TEST_CASE(normal_initialisers_are_normal)
{
    // Of 40,000 normal numbers 68.27 % lie within one deviation and 95.45 % within two; five standard errors
    // are 1.2 %.
    const auto values = nn::normal(1)(nn::Key(3), {outputs, inputs}).to_vector();
    const auto within = [&](double bound) {
        return static_cast<double>(
                   std::ranges::count_if(values, [&](double v) { return std::abs(v) < bound; })) /
               static_cast<double>(values.size());
    };
    BOOST_TEST(std::abs(within(1) - 0.6827) < 0.012);
    BOOST_TEST(std::abs(within(2) - 0.9545) < 0.012);
}

BOOST_AUTO_TEST_CASE(the_key_decides_the_numbers)
{
    const Shape shape{4, 5};
    BOOST_TEST(nn::glorot_uniform(nn::Key(1), shape).to_vector() ==
               nn::glorot_uniform(nn::Key(1), shape).to_vector());
    BOOST_TEST(nn::glorot_uniform(nn::Key(1), shape).to_vector() !=
               nn::glorot_uniform(nn::Key(2), shape).to_vector());
}

BOOST_AUTO_TEST_CASE(initialize_draws_weights_and_biases_and_leaves_the_rest)
{
    struct Model {
        nn::Linear<> a{3, 3}, b{3, 3};
        Tensor<> scale{1.0, 1.0};
        Tensor<> bias{5.0};
        auto parameters() { return nn::parameters("a", a, "b", b, "scale", scale, "bias", bias); }
    } model;
    nn::initialize(model, nn::Key(1));
    BOOST_TEST(model.a.weight.to_vector() != model.b.weight.to_vector());
    BOOST_TEST(model.a.bias.to_vector() == std::vector<double>(3, 0.0));
    BOOST_TEST(model.scale.to_vector() == std::vector<double>(2, 1.0));
    BOOST_TEST(model.bias.item() == 0.0);

    nn::initialize(model, nn::Key(1), {.weights = nn::zeros, .biases = nn::uniform(1)});
    BOOST_TEST(model.a.weight.to_vector() == std::vector<double>(9, 0.0));
    BOOST_TEST(model.a.bias(0) != 0.0);
    BOOST_TEST(error_text<ShapeError>([&] {
                   nn::initialize(model, nn::Key(1), {.biases = nn::he_normal});
               }).find("fans") == 0u);
}

BOOST_AUTO_TEST_CASE(float_weights_are_drawn_too)
{
    const auto weight = nn::he_uniform.operator()<float>(nn::Key(1), {8, 6});
    BOOST_TEST(std::ranges::all_of(weight.to_vector(), [](float w) { return std::abs(w) <= 1.0001f; }));
}

BOOST_AUTO_TEST_CASE(a_layer_without_weights_says_so)
{
    const nn::Linear<> layer{2, 3};
    BOOST_TEST(error_text<DomainError>([&] { layer(Tensor<>{1.0, 2.0}); }) ==
               "linear: the weight of shape (3, 2) has no value yet; draw it with nn::initialize(model, "
               "nn::Key(seed)), or "
               "give the layer a key");
    const nn::Linear<> single{1, 1};
    BOOST_CHECK_THROW(single(Tensor<>{1.0}), DomainError);
    // A weight that has become NaN is not an unset one: the NaN goes on to be seen in the loss.
    const nn::Linear<> diverged{Tensor<>{{std::nan("")}}, Tensor<>{0.0}};
    BOOST_TEST(std::isnan(diverged(Tensor<>{1.0}).item()));
}
