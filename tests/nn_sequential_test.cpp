// Models of parts in a row, and fitting them.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "support/errors.hpp"

using namespace autodiff;

namespace {

const Tensor<> xor_x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
const Tensor<> xor_y(Shape{4, 1}, {0, 1, 1, 0});

}  // namespace

BOOST_AUTO_TEST_CASE(a_sequential_model_applies_its_parts_in_order)
{
    const nn::Linear<> first{2, 3, nn::Key(1)}, second{3, 1, nn::Key(2)};
    const nn::Sequential model{first, nn::Tanh{}, second, [](const auto& x) { return 2 * x; }};
    BOOST_TEST(model(xor_x).to_vector() == (2 * second(tanh(first(xor_x)))).to_vector());
    BOOST_TEST(model.part<2>().outputs() == 1);
    BOOST_TEST(nn::Sequential<>{}(xor_x).to_vector() == xor_x.to_vector());
}

BOOST_AUTO_TEST_CASE(a_sequential_model_is_a_part_of_others)
{
    nn::Sequential block{nn::Linear<>{2, 2, nn::Key(1)}, nn::Relu{}};
    nn::Sequential model{block, block, nn::Linear<>{2, 1, nn::Key(2)}};
    BOOST_TEST(model.parameters().size() == 6u);
    BOOST_TEST((model(xor_x).shape() == Shape{4, 1}));
}

BOOST_AUTO_TEST_CASE(fit_takes_the_steps_of_a_loop_written_by_hand)
{
    nn::Sequential model{nn::Linear<>{2, 4, nn::Key(1)}, nn::Sigmoid{}, nn::Linear<>{4, 1, nn::Key(2)},
                         nn::Sigmoid{}};
    auto copy = model;

    auto training = nn::compile(model, nn::Sgd{{.learning_rate = 0.5, .momentum = 0.9}}, nn::mse);
    int calls = 0;
    const nn::History history =
        training.fit(xor_x, xor_y, {.epochs = 20, .after_epoch = [&](const nn::EpochResult& result) {
                                        BOOST_TEST(result.epoch == ++calls);
                                    }});
    nn::Sgd sgd{{.learning_rate = 0.5, .momentum = 0.9}};
    for (std::size_t epoch = 0; epoch < 20; ++epoch) {
        const auto [loss, gradients] =
            value_and_gradient([&] { return nn::mse(copy(xor_x), xor_y); }, copy.parameters());
        BOOST_TEST(loss.item() == history[epoch].training_loss);
        sgd.step(copy.parameters(), gradients);
    }
    BOOST_TEST(calls == 20);
    BOOST_TEST(history.back().training_loss < history.front().training_loss);
    BOOST_TEST(training.predict(xor_x).to_vector() == copy(xor_x).to_vector());
    BOOST_TEST(training.evaluate(xor_x, xor_y) == nn::mse(copy(xor_x), xor_y).item());
}

BOOST_AUTO_TEST_CASE(fit_takes_integer_labels_and_losses_of_ones_own)
{
    nn::Sequential model{nn::Linear<>{2, 8, nn::Key(1)}, nn::Tanh{}, nn::Linear<>{8, 2, nn::Key(2)}};
    const IndexArray labels(Shape{4}, {0, 1, 1, 0});
    auto training = nn::compile(model, nn::Sgd{{.learning_rate = 1}}, nn::cross_entropy);
    BOOST_TEST(training.fit(xor_x, labels, {.epochs = 500}).back().training_loss < 0.01);

    nn::Sequential line{nn::Linear<>{1, 1, nn::Key(1)}};
    const auto absolute = [](const Tensor<>& p, const Tensor<>& t) { return sum(abs(p - t)); };
    const Tensor<> x(Shape{2, 1}, {0, 1});
    auto other = nn::compile(line, nn::Sgd{{.learning_rate = 0.001}}, absolute);
    BOOST_TEST(other.fit(x, 3 * x, {.epochs = 5000}).back().training_loss < 0.01);
}
