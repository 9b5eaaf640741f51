// Two layers with weights chosen by hand: one hidden neuron is an OR, the other an AND, and "OR but not AND"
// is XOR.

#include "support/command_line.hpp"
#include "support/plot.hpp"

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/core.h>

using namespace autodiff;

int main(int argc, char** argv)
{
    return support::run([&] {
        support::CommandLine options("03_two_layers_by_hand",
                                     "A 2-2-1 network with hand-picked weights computes XOR.");
        options.parse(argc, argv);

        //! [by hand]
        const nn::Layer<> hidden({{{20, 20}, -10},    // fires if x1 or x2: 20 > 10
                                  {{20, 20}, -30}});  // fires if x1 and x2: 40 > 30
        const nn::Neuron<> output{{20, -20}, -10};    // fires if OR but not AND
        const nn::Sigmoid activation;
        const auto network = [&](const std::vector<double>& x) {
            return sigmoid(output(activation(hidden(x))));
        };
        //! [by hand]

        fmt::print("  x1  x2   OR neuron  AND neuron   output   XOR\n");
        bool all_right = true;
        for (const std::vector<double>& x : {std::vector<double>{0, 0}, {0, 1}, {1, 0}, {1, 1}}) {
            const std::vector<double> h = activation(hidden(x));
            const double y = network(x);
            const bool target = x[0] != x[1];
            all_right &= (y > 0.5) == target;
            fmt::print("  {:2}  {:2}   {:9.5f}  {:10.5f}  {:7.5f}   {}\n", x[0], x[1], h[0], h[1], y,
                       target ? 1 : 0);
        }
        fmt::print(
            "\nEach hidden neuron draws a line: x1 + x2 = 0.5 and x1 + x2 = 1.5. The output says yes between "
            "them.\n\n");
        const std::vector<std::vector<double>> corners{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
        const auto answer_of = [&](std::size_t neuron) {
            return
                [&, neuron](double x1, double x2) { return activation(hidden(std::vector{x1, x2}))[neuron]; };
        };
        const auto answer = [&](double x1, double x2) { return network({x1, x2}); };
        const std::vector<support::BoundaryPlot> plots{
            {"the OR neuron", answer_of(0), corners, {0, 1, 1, 1}},
            {"the AND neuron", answer_of(1), corners, {0, 0, 0, 1}},
            {"OR but not AND", answer, corners, {0, 1, 1, 0}}};
        fmt::print("{}", support::text_boundary(plots.back()));
        if (options.wants_pictures()) write_svg(options.picture("two_layers_by_hand.svg"), plots);
        return all_right ? 0 : 1;
    });
}
