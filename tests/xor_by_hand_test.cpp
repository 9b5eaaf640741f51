// The gradients of the XOR network four ways, over thousands of training steps: derived by hand in plain C++,
// by the library on numbers, on tensors, and by forward mode.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "../examples/support/xor_by_hand.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace autodiff;

namespace {

/// Gradients are sums of a dozen products of numbers up to about 10; each way rounds in its own order.
constexpr double tolerance = 1e-12;

const Tensor<> inputs{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
const Tensor<> targets(Shape{4, 1}, {0, 1, 1, 0});

struct Network {
    nn::Linear<> hidden, output;

    explicit Network(Index width) : hidden{2, width}, output{width, 1} {}
    Tensor<> operator()(const Tensor<>& x) const { return sigmoid(output(sigmoid(hidden(x)))); }
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};

// The same network on numbers of any kind, in the order of its parameters.
const auto loss_of_numbers = [](const auto& numbers) {
    const std::size_t width = (numbers.size() - 1) / 4;
    const std::span all(numbers);
    const nn::Layer hidden(2, width, all.first(3 * width)), output(width, 1, all.last(width + 1));
    std::decay_t<decltype(numbers[0])> loss{};
    for (const auto& [x, target] : by_hand::xor_samples) {
        const auto h = nn::Sigmoid{}(hidden(std::vector<double>{x[0], x[1]}));
        loss += square(sigmoid(output(h).front()) - target) / 4;
    }
    return loss;
};

std::vector<double> flattened(const std::vector<Tensor<>>& tensors)
{
    std::vector<double> numbers;
    for (const auto& tensor : tensors)
        for (double number : tensor.to_vector()) numbers.push_back(number);
    return numbers;
}

std::vector<double> flattened(const Parameters<>& parameters)
{
    std::vector<Tensor<>> tensors;
    for (const auto& parameter : parameters) tensors.push_back(*parameter.tensor);
    return flattened(tensors);
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b)
{
    BOOST_REQUIRE(a.size() == b.size());
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

Network trained_network(Index width, std::uint64_t seed)
{
    Network model(width);
    nn::initialize(model, nn::Key(seed), {.weights = nn::normal(1), .biases = nn::normal(1)});
    return model;
}

}  // namespace

BOOST_AUTO_TEST_CASE(hand_scalar_and_tensor_gradients_agree_over_thousands_of_steps)
{
    for (const auto& [width, seed] : {std::pair{2, 1}, {2, 2}, {3, 1}, {4, 1}, {8, 1}}) {
        Network model = trained_network(width, static_cast<std::uint64_t>(seed));
        const auto parameters = model.parameters();
        nn::Sgd sgd{{.learning_rate = 2}};
        double scalars_worst = 0, tensors_worst = 0, losses_worst = 0;
        for (int step = 0; step < 3000; ++step) {
            const auto numbers = flattened(parameters);
            const auto hand = by_hand::backpropagate(by_hand::unflattened(numbers), by_hand::xor_samples);
            const auto expected = by_hand::flattened(hand.gradient);
            const auto scalars = value_and_gradient(loss_of_numbers, numbers);
            const auto tensors =
                value_and_gradient([&] { return nn::mse(model(inputs), targets); }, parameters);
            scalars_worst = std::max(scalars_worst, largest_difference(scalars.gradient, expected));
            tensors_worst =
                std::max(tensors_worst, largest_difference(flattened(tensors.gradient), expected));
            losses_worst = std::max({losses_worst, std::abs(scalars.value - hand.loss),
                                     std::abs(tensors.value.item() - hand.loss)});
            sgd.step(parameters, tensors.gradient);
        }
        BOOST_TEST_CONTEXT("2-" << width << "-1, seed " << seed)
        {
            BOOST_TEST(scalars_worst < tolerance);
            BOOST_TEST(tensors_worst < tolerance);
            BOOST_TEST(losses_worst < tolerance);
        }
    }
}

BOOST_AUTO_TEST_CASE(training_by_hand_and_by_the_library_take_the_same_path)
{
    Network model = trained_network(4, 1);
    const auto parameters = model.parameters();
    nn::Sgd sgd{{.learning_rate = 2}};
    auto numbers = flattened(parameters);
    for (int step = 0; step < 3000; ++step) {
        sgd.step(parameters, gradient([&] { return nn::mse(model(inputs), targets); }, parameters));
        const auto by_hand_gradient = by_hand::flattened(
            by_hand::backpropagate(by_hand::unflattened(numbers), by_hand::xor_samples).gradient);
        for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] -= 2 * by_hand_gradient[i];
    }
    // Roundings grow while the loss bends away from its first plateau, by a factor of about a thousand.
    BOOST_TEST(largest_difference(numbers, flattened(parameters)) < 1e-9);
}

BOOST_AUTO_TEST_CASE(forward_mode_agrees_with_the_hand_derivation)
{
    Network model = trained_network(2, 3);
    const auto numbers = flattened(model.parameters());
    const auto expected = by_hand::flattened(
        by_hand::backpropagate(by_hand::unflattened(numbers), by_hand::xor_samples).gradient);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        std::vector<double> direction(numbers.size(), 0.0);
        direction[i] = 1;
        BOOST_TEST(std::abs(jvp(loss_of_numbers, numbers, direction).tangent - expected[i]) < tolerance);
    }
}

BOOST_AUTO_TEST_CASE(the_hand_derivation_agrees_with_differences)
{
    const auto net = by_hand::unflattened(flattened(trained_network(2, 3).parameters()));
    const auto numbers = by_hand::flattened(net);
    const auto gradient_by_hand =
        by_hand::flattened(by_hand::backpropagate(net, by_hand::xor_samples).gradient);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto loss_at = [&](double change) {
            auto moved = numbers;
            moved[i] += change;
            return by_hand::backpropagate(by_hand::unflattened(moved), by_hand::xor_samples).loss;
        };
        // Central differences extrapolated once: an error of order h⁴ = 1e-12 and rounding of 1e-16 / h.
        const auto central = [&](double h) { return (loss_at(h) - loss_at(-h)) / (2 * h); };
        const double numeric = (4 * central(1e-3) - central(2e-3)) / 3;
        BOOST_TEST(std::abs(numeric - gradient_by_hand[i]) < 1e-11);
    }
}
