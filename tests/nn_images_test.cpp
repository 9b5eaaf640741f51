// The layers for images, and those that behave differently in training.

#include <autodiff/error.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/transforms/checkpoint.hpp>
#include <autodiff/transforms/gradient.hpp>
#include <nn/nn.hpp>

#include "support/derivatives.hpp"
#include "support/errors.hpp"

using namespace autodiff;
using autodiff::tests::check_equal;
using autodiff::tests::error_text;
using autodiff::tests::whole_numbers;

BOOST_AUTO_TEST_CASE(a_network_for_images_names_its_parameters_and_learns)
{
    nn::Sequential model{nn::Conv2d<>{1, 3, 3, {.padding = 1}},
                         nn::BatchNorm<>{3},
                         nn::Relu{},
                         nn::MaxPool2d{2},
                         nn::Conv2d<>{3, 4, 2},
                         nn::Relu{},
                         nn::AvgPool2d{2},
                         nn::Flatten{},
                         nn::Dropout{0.2},
                         nn::Linear<>{4, 2}};
    nn::initialize(model, nn::Key(1), {.weights = nn::he_normal});
    std::string names;
    for (const auto& [name, tensor] : model.parameters()) names += name + ' ';
    BOOST_TEST(names == "0.weight 0.bias 1.weight 1.bias 4.weight 4.bias 9.weight 9.bias ");
    std::string state;
    for (const auto& [name, tensor] : model.parameters().state) state += name + ' ';
    BOOST_TEST(state == "1.running_mean 1.running_variance ");

    const Tensor<> x = whole_numbers({6, 1, 6, 6}, 11);
    const IndexArray labels(Shape{6}, {0, 1, 0, 1, 0, 1});
    nn::Adam adam{{.learning_rate = 0.02}};
    const auto loss = [&] { return nn::cross_entropy(model(x), labels); };
    const double before = loss().item();
    for (std::uint64_t step = 0; step < 60; ++step) {
        const nn::TrainingMode training(fold_in(Key(2), step));
        const auto [value, gradients] = value_and_gradient(loss, model.parameters());
        adam.step(model.parameters(), gradients);
    }
    BOOST_TEST(loss().item() < 0.3 * before);
}

BOOST_AUTO_TEST_CASE(convolutions_of_groups_have_smaller_weights_and_no_bias_if_not_wanted)
{
    nn::Conv2d<> convolution{4, 6, {3, 1}, {.groups = 2}, nn::Bias::no};
    BOOST_TEST(convolution.weight.shape() == Shape({6, 2, 3, 1}));
    BOOST_TEST(convolution.parameters().size() == 1U);
    BOOST_TEST(error_text<DomainError>([&] {
                   convolution(Tensor<>::ones({1, 4, 3, 3}));
               }).find("conv2d: the weight of shape (6, 2, 3, 1) has no value yet") == 0);
    BOOST_TEST(error_text<ShapeError>([] { nn::Conv2d<>(4, 5, 3, {.groups = 2}); }) ==
               "conv2d: 4 channels and 5 filters must be multiples of the 2 groups");
}

// The figures are those of PyTorch 1.13 (Debian's python3-torch): torch.nn.BatchNorm2d(2) with weight (1, 2)
// and bias (0.5, -1), one step forwards and backwards, then eval().
BOOST_AUTO_TEST_CASE(batch_normalization_is_that_of_pytorch_in_training_and_afterwards)
{
    nn::BatchNorm<> layer(2);
    layer.weight = Tensor<>{1, 2};
    layer.bias = Tensor<>{0.5, -1};
    const Tensor<> x = whole_numbers({2, 2, 1, 3}), y_bar = whole_numbers({2, 2, 1, 3}, 11);
    const auto weighted = [&](const auto& v) { return sum(layer(v) * y_bar); };
    {
        const nn::TrainingMode training{Key(1)};
        check_equal(gradient(weighted, x), Shape{2, 2, 1, 3},
                    {-1.988356879426008, -0.8056271258027163, 0.37710262782057513, 3.169623262762989,
                     -2.1130836494125327, -3.169611468865334, 0.9941784397130038, 2.6968508349338465,
                     -1.274147897238702, 3.169611468865334, 2.1130836494125327, -3.169623262762989},
                    1e-14);
    }
    check_equal(layer.running_mean, Tensor<>{-0.03333333333333333, 0.05}, 1e-15);
    check_equal(layer.running_variance, Tensor<>{1.4466666666666668, 1.33}, 1e-15);
    check_equal(layer(x), Shape{2, 2, 1, 3},
                {-1.9665107550659096, 0.5277136039895046, 3.021937963044919, -2.8209240904342323,
                 2.381716167949288, -4.555137509895406, 1.3591217236746427, -1.9665107550659096,
                 0.5277136039895046, 4.115929587410462, -2.8209240904342323, 2.381716167949288},
                1e-14);
    const nn::TrainingMode training{Key(1)};
    const auto [value, gradients] = value_and_gradient([&] { return weighted(x); }, layer.parameters());
    check_equal(gradients[0], Tensor<>{2.030256676222604, -11.357800843517403}, 1e-14);
    check_equal(gradients[1], Tensor<>{10, 9}, 1e-15);
}

BOOST_AUTO_TEST_CASE(batch_normalization_refuses_what_has_no_variance)
{
    const nn::BatchNorm<> layer(3);
    BOOST_TEST(error_text<ShapeError>([&] { layer(Tensor<>::ones({2, 4})); }) ==
               "batch_norm: x has shape (2, 4), the weight (3,); axis 1 of x must have its channels");
    const nn::TrainingMode training{Key(1)};
    BOOST_TEST(
        error_text<DomainError>([&] { layer(Tensor<>::ones({1, 3})); }) ==
        "batch_norm: in training a channel needs two elements or more, to have a variance; x has shape "
        "(1, 3)");
}

BOOST_AUTO_TEST_CASE(a_batch_normalization_of_nothing_has_derivatives_of_any_order)
{
    const Tensor<> nothing = Tensor<>::zeros({0, 0, 2}), none = Tensor<>::zeros({0});
    const auto total = [&](const Tensor<>& x) { return sum(batch_norm(x, none, none, 0.1).y); };
    BOOST_TEST(gradient(total, nothing).shape() == nothing.shape());
    BOOST_TEST(gradient([&](const Tensor<>& x) { return sum(gradient(total, x)); }, nothing).shape() ==
               nothing.shape());
}

BOOST_AUTO_TEST_CASE(dropout_keeps_the_mean_in_training_and_everything_afterwards)
{
    const nn::Dropout dropout{0.25};
    const Tensor<> x = Tensor<>::ones({100, 100});
    check_equal(dropout(x), x);
    const nn::TrainingMode training{Key(3)};
    const Tensor<> y = dropout(x);
    Index dropped = 0;
    for (const double v : y.to_vector()) {
        BOOST_TEST((v == 0 || v == 1 / 0.75));
        dropped += v == 0 ? 1 : 0;
    }
    // 2500 expected; its standard deviation is √(10000 · 0.25 · 0.75) = 43.
    BOOST_TEST(std::abs(dropped - 2500) < 5 * 43);
    BOOST_TEST((dropout(x).to_vector() != y.to_vector()));  // the next draw is another one
    const nn::TrainingMode again{Key(3)};
    BOOST_TEST((dropout(x).to_vector() == y.to_vector()));
    BOOST_TEST(error_text<DomainError>([&] { nn::Dropout{1}(x); }) ==
               "dropout: rate is 1; it must be at least 0 and below 1");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_drops_the_same_elements_when_it_computes_again)
{
    const nn::Dropout dropout;
    const Tensor<> x = Tensor<>::ones({50});
    const auto through = [&](bool checkpointed) {
        const nn::TrainingMode training{Key(4)};
        return gradient(
            [&](const auto& v) {
                const auto f = [&](const auto& u) { return dropout(dropout(u)) * u; };
                const auto first = checkpointed ? checkpoint(f, v) : f(v);
                return sum(dropout(first));
            },
            x);
    };
    check_equal(through(true), through(false));

    // The sweep comes after the mode has ended.
    const auto in_a_mode_of_its_own = [&](const auto& v) {
        const nn::TrainingMode training{Key(4)};
        return sum(checkpoint([&](const auto& u) { return dropout(u); }, v));
    };
    const nn::TrainingMode training{Key(4)};
    check_equal(gradient(in_a_mode_of_its_own, x),
                gradient([&](const auto& v) { return sum(dropout(v)); }, x));
}

BOOST_AUTO_TEST_CASE(running_means_move_once_under_a_checkpoint)
{
    const nn::BatchNorm<> layer(2), plain(2);
    const Tensor<> x = whole_numbers({3, 2});
    const nn::TrainingMode training{Key(1)};
    gradient([&](const auto& v) { return sum(checkpoint([&](const auto& u) { return layer(u); }, v)); }, x);
    plain(x);
    check_equal(layer.running_mean, plain.running_mean);
    check_equal(layer.running_variance, plain.running_variance);
}

BOOST_AUTO_TEST_CASE(an_embedding_looks_rows_up_and_learns_those_it_looked_up)
{
    nn::Embedding<> embedding(4, 2);
    BOOST_TEST(error_text<DomainError>([&] { embedding(IndexArray(Shape{1}, {0})); }).find("embedding: ") ==
               0);
    embedding.weight = Tensor<>{{0, 1}, {2, 3}, {4, 5}, {6, 7}};
    const IndexArray words(Shape{2, 2}, {3, 1, 1, 0});
    check_equal(embedding(words), Tensor<>{{{6, 7}, {2, 3}}, {{2, 3}, {0, 1}}});
    const auto [value, gradients] =
        value_and_gradient([&] { return sum(embedding(words)); }, embedding.parameters());
    check_equal(gradients[0], Tensor<>{{1, 1}, {2, 2}, {0, 0}, {1, 1}});
    for (const Index outside : {-1, 4})
        BOOST_TEST(error_text<IndexError>([&] { embedding(IndexArray(Shape{1}, {outside})); }) ==
                   "embedding: index " + std::to_string(outside) + " is not one of 4, 0 to 3");
}

BOOST_AUTO_TEST_CASE(flattening_keeps_samples_apart)
{
    BOOST_TEST(nn::Flatten{}(Tensor<>::ones({2, 3, 4})).shape() == Shape({2, 12}));
    BOOST_TEST(nn::Flatten{}(Tensor<>::ones({5})).shape() == Shape({5, 1}));
    BOOST_TEST(nn::Flatten{}(Tensor<>::ones({0, 3})).shape() == Shape({0, 3}));
    BOOST_TEST(nn::Flatten{}(Tensor<>::ones({0, 3, 4})).shape() == Shape({0, 12}));
    BOOST_TEST(error_text<ShapeError>([] { nn::Flatten{}(Tensor<>(1)); }) ==
               "flatten: a single number has no axis of samples");
}
