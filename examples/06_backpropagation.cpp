// Every gradient of a 2-2-1 network four times: derived by hand, by the library on numbers, by the library on
// tensors, and by differences. Then the library explains its derivation.

#include "support/command_line.hpp"
#include "support/graph_picture.hpp"
#include "support/xor_model.hpp"

#include <fmt/core.h>

#include <fstream>

using namespace autodiff;

namespace {

//! [scalar network]
// The loss of a 2-2-1 network over samples, as a function of its nine numbers. X is a number of any kind.
template <class X>
X loss_of(const std::vector<X>& numbers, const std::vector<by_hand::Sample>& samples)
{
    const std::span all(numbers);
    const nn::Layer hidden(2, 2, all.first(6)), output(2, 1, all.last(3));
    const nn::Sigmoid activation;
    X loss{};
    for (const auto& [x, target] : samples) {
        const auto p = activation(output(activation(hidden(std::vector<double>{x[0], x[1]})))).front();
        loss += square(p - target) / static_cast<double>(samples.size());
    }
    return loss;
}
//! [scalar network]

const std::vector<std::string> names{"w11", "w12", "w21", "w22", "b1", "b2", "v1", "v2", "c"};

// One sample, with the names of the hand derivation.
auto named_loss(const auto& n)
{
    const double x1 = 1, x2 = 0, target = 1;
    const auto h1 = named("h1", sigmoid(named("z1", n[0] * x1 + n[1] * x2 + n[4])));
    const auto h2 = named("h2", sigmoid(named("z2", n[2] * x1 + n[3] * x2 + n[5])));
    const auto p = named("p", sigmoid(named("z", n[6] * h1 + n[7] * h2 + n[8])));
    return named("L", square(p - target));
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        std::uint64_t seed = 1;
        support::CommandLine options("06_backpropagation",
                                     "Gradients of a 2-2-1 network, four ways side by side.");
        options.add("seed", seed, "of the weights").parse(argc, argv);

        support::XorModel model(2);
        nn::initialize(model, nn::Key(seed), {.weights = nn::normal(1), .biases = nn::normal(1)});
        const std::vector<double> point = support::flattened(model.parameters());

        //! [four ways]
        const auto hand = by_hand::flattened(
            by_hand::backpropagate(by_hand::unflattened(point), by_hand::xor_samples).gradient);
        const auto loss = [](const auto& numbers) { return loss_of(numbers, by_hand::xor_samples); };
        const auto scalars = gradient(loss, point);
        const auto tensors = support::flattened(gradient(
            [&] { return nn::mse(model(support::xor_inputs), support::xor_targets); }, model.parameters()));
        std::vector<double> differences;
        for (std::size_t i = 0; i < point.size(); ++i) {
            const auto moved = [&](double change) {
                auto at = point;
                at[i] += change;
                return loss(at);
            };
            differences.push_back(richardson_derivative(moved, 0.1).value);
        }
        //! [four ways]

        fmt::print(
            "        value        by hand              on numbers           on tensors           "
            "differences\n");
        for (std::size_t i = 0; i < point.size(); ++i)
            fmt::print("{:4} {:9.5f}  {:19.15f}  {:19.15f}  {:19.15f}  {:19.15f}\n", names[i], point[i],
                       hand[i], scalars[i], tensors[i], differences[i]);
        const double on_numbers = support::largest_difference(hand, scalars);
        const double on_tensors = support::largest_difference(hand, tensors);
        const double by_differences = support::largest_difference(hand, differences);
        fmt::print(
            "\nLargest difference from the hand derivation: numbers {:.1e}, tensors {:.1e}, differences "
            "{:.1e}\n",
            on_numbers, on_tensors, by_differences);

        std::vector<NamedInput<double>> inputs;
        for (std::size_t i = 0; i < point.size(); ++i) inputs.push_back(input(names[i], point[i]));
        fmt::print("\nThe chain rule for the sample x = (1, 0), target 1, as the library computes it:\n\n{}",
                   explain([](const auto& n) { return named_loss(n); }, inputs));
        const Tensor<> x{{1, 0}}, target{{1}};
        const auto model_loss = [&] { return named("L", nn::mse(model(named("x", x)), target)); };
        fmt::print("\nThe same of the model on tensors, where a layer is one line:\n\n{}",
                   explain(model_loss, model.parameters()));
        if (options.wants_pictures())
            std::ofstream(options.picture("backpropagation.dot")) << support::graph_picture(
                explained_graph([](const auto& n) { return named_loss(n); }, inputs));
        return on_numbers < 1e-12 && on_tensors < 1e-12 && by_differences < 1e-9 ? 0 : 1;
    });
}
