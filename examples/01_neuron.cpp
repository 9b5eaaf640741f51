// One neuron: a weighted sum of inputs, a bias, and the sigmoid that makes a decision of it.

#include "support/command_line.hpp"
#include "support/graph_picture.hpp"
#include "support/plot.hpp"

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/core.h>

#include <fstream>

using namespace autodiff;

namespace {

/// The neuron's graph.
std::string graph_of(const nn::Neuron<>& neuron, const std::vector<double>& inputs)
{
    std::vector<NamedInput<double>> numbers;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        numbers.push_back(input(fmt::format("w{}", i + 1), neuron.weights[i]));
        numbers.push_back(input(fmt::format("x{}", i + 1), inputs[i]));
    }
    numbers.push_back(input("b", neuron.bias));
    return support::graph_picture(explained_graph(
        [](const auto& n) {
            return named("y", sigmoid(named("z", n[0] * n[1] + n[2] * n[3] + n[4] * n[5] + n[6])));
        },
        numbers));
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        support::CommandLine options("01_neuron", "Computes one neuron step by step and draws the sigmoid.");
        options.parse(argc, argv);

        //! [neuron]
        const nn::Neuron<> neuron{{0.5, 0.7, 0.3}, 0.1};
        const std::vector<double> inputs{0.8, 0.6, 0.9};
        const double z = neuron(inputs);
        const double y = sigmoid(z);
        //! [neuron]

        fmt::print("Inputs 0.8, 0.6, 0.9; weights 0.5, 0.7, 0.3; bias 0.1.\n\n");
        double sum = 0;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const double product = inputs[i] * neuron.weights[i];
            sum += product;
            fmt::print("  {} · {} = {:.2f}   sum so far {:.2f}\n", inputs[i], neuron.weights[i], product,
                       sum);
        }
        fmt::print("  + bias {}             weighted sum z = {:.2f}\n\n", neuron.bias, z);
        const bool sums_to_119 = std::abs(z - 1.19) < 1e-12;
        fmt::print(
            "The products are 0.40, 0.42 and 0.27; with the bias they make {:.2f}. (Texts that say 1.17 have "
            "added\n"
            "wrongly: 0.40 + 0.42 + 0.27 + 0.10 = 1.19.)\n\n",
            z);
        fmt::print("  sigmoid(z) = 1 / (1 + e^-{:.2f}) = {:.6f}\n", z, y);
        fmt::print("  decision: {} (the output is {} 0.5)\n\n", y > 0.5 ? "yes" : "no",
                   y > 0.5 ? "above" : "below");

        fmt::print("The sigmoid and its slope:\n\n      z  sigmoid    slope\n");
        //! [sigmoid]
        support::Curve sigmoid_curve{"sigmoid", {}, {}}, derivative_curve{"its derivative", {}, {}};
        for (int i = -120; i <= 120; ++i) {
            const double x = i / 20.0;
            const auto [value, slope] = value_and_gradient([](const auto& v) { return sigmoid(v); }, x);
            sigmoid_curve.x.push_back(x);
            sigmoid_curve.y.push_back(value);
            derivative_curve.x.push_back(x);
            derivative_curve.y.push_back(slope);
            if (i % 40 == 0) fmt::print("  {:5}  {:7.5f}  {:7.5f}\n", x, value, slope);
        }
        //! [sigmoid]
        fmt::print(
            "\nThe sigmoid\n{}\nIts derivative, y (1 - y): steepest in the middle, flat at both ends\n{}",
            support::text_plot(sigmoid_curve), support::text_plot(derivative_curve));
        if (options.wants_pictures()) {
            std::ofstream(options.picture("decision.dot")) << graph_of(neuron, inputs);
            write_svg(
                options.picture("sigmoid.svg"),
                support::CurvePlot{
                    "The sigmoid and its derivative", "z", "", false, {sigmoid_curve, derivative_curve}});
        }
        return sums_to_119 ? 0 : 1;
    });
}
