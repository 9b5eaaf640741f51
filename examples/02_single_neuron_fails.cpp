// One neuron draws one straight line. AND and OR need no more; XOR cannot be had with one.

#include "support/command_line.hpp"
#include "support/plot.hpp"
#include "support/progress.hpp"
#include "support/xor_model.hpp"

#include <fmt/format.h>

using namespace autodiff;

namespace {

struct Task {
    const char* name;
    std::vector<int> labels;  // of 00, 01, 10, 11
    bool can_be_learnt;
};

Tensor<> targets_of(const Task& task)
{
    return Tensor<>(Shape{4, 1}, std::vector<double>(task.labels.begin(), task.labels.end()));
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        int epochs = 5000;
        double learning_rate = 5;
        std::uint64_t seed = 1;
        support::CommandLine options("02_single_neuron_fails", "Trains a single neuron on AND, OR and XOR.");
        options.add("epochs", epochs, "steps of gradient descent")
            .add("learning-rate", learning_rate, "size of a step")
            .add("seed", seed, "of the starting weights")
            .parse(argc, argv);
        support::require(epochs >= 1 && learning_rate > 0, "--epochs and --learning-rate must be positive");

        bool as_expected = true;
        std::vector<support::BoundaryPlot> plots;
        for (const Task& task : {Task{"AND", {0, 0, 0, 1}, true}, Task{"OR", {0, 1, 1, 1}, true},
                                 Task{"XOR", {0, 1, 1, 0}, false}}) {
            //! [single neuron]
            nn::Linear<> neuron{2, 1, nn::Key(seed)};
            const auto predict = [&](const Tensor<>& x) { return sigmoid(neuron(x)); };
            const Tensor<> targets = targets_of(task);
            nn::Sgd sgd{{.learning_rate = learning_rate}};
            support::Progress progress(task.name, epochs, options.quiet());
            for (int epoch = 1; epoch <= epochs; ++epoch) {
                const auto loss = [&] { return nn::mse(predict(support::xor_inputs), targets); };
                sgd.step(neuron.parameters(), gradient(loss, neuron.parameters()));
                progress.update(epoch);
            }
            //! [single neuron]

            const Tensor<> predictions = predict(support::xor_inputs);
            int right = 0;
            fmt::print("{}\n", task.name);
            for (Index i = 0; i < 4; ++i) {
                const bool is_right = (predictions(i, 0) > 0.5) == (targets(i, 0) > 0.5);
                right += is_right;
                fmt::print("  {:.0f} {:.0f} -> {:.4f}  (target {:.0f}) {}\n", support::xor_inputs(i, 0),
                           support::xor_inputs(i, 1), predictions(i, 0), targets(i, 0),
                           is_right ? "" : "  wrong");
            }
            const double w1 = neuron.weight(0, 0), w2 = neuron.weight(0, 1), b = neuron.bias(0);
            fmt::print("  loss {:.6f}, {} of 4 right; {}\n\n", nn::mse(predictions, targets).item(), right,
                       std::abs(w1) + std::abs(w2) > 1e-3
                           ? fmt::format("the line {:.2f} x1 {:+.2f} x2 {:+.2f} = 0", w1, w2, b)
                           : "no line, the weights are 0");
            plots.push_back(
                {task.name,
                 [neuron](double x1, double x2) { return sigmoid(neuron(Tensor<>{{x1, x2}})).item(); },
                 {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
                 task.labels});
            fmt::print("{}\n", support::text_boundary(plots.back(), 41, 13));
            as_expected &= (right == 4) == task.can_be_learnt;
        }
        fmt::print(
            "For XOR the best a single neuron can do is to say 0.5 to everything: loss 1/4. A line that has "
            "three\n"
            "of the four right has the fourth wholly wrong. None has all four: b < 0, w1 + b > 0 and w2 + b "
            "> 0 give\n"
            "w1 + w2 + b > -b > 0, where the fourth sample asks for w1 + w2 + b < 0.\n");
        if (options.wants_pictures()) write_svg(options.picture("one_neuron.svg"), plots);
        return as_expected ? 0 : 1;
    });
}
