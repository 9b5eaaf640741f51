// How wrong is a network, and which way is better? The mean squared error, worked out; the loss of networks
// that have learnt nothing; another loss beside it; and the loss of one neuron as a landscape, with the paths
// of gradient descent on it.

#include "support/command_line.hpp"
#include "support/plot.hpp"
#include "support/xor_model.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>

using namespace autodiff;

namespace {

//! [landscape]
// The loss of one neuron on the four corners: a function of w, its weight for both inputs, and b.
auto loss_of(const std::vector<double>& targets)
{
    return [targets](const auto& w, const auto& b) {
        auto loss = 0 * w;
        for (Index i = 0; i < 4; ++i) {
            const double x1 = support::xor_inputs(i, 0), x2 = support::xor_inputs(i, 1);
            loss += square(sigmoid(w * (x1 + x2) + b) - targets[static_cast<std::size_t>(i)]) / 4;
        }
        return loss;
    };
}
//! [landscape]

//! [descent]
support::Curve descend(const auto& loss, double learning_rate, int steps)
{
    support::Curve path{fmt::format("learning rate {}", learning_rate), {}, {}};
    double w = 0, b = 3;
    fmt::print("\n  Learning rate {}:\n   step        w        b     loss    ∂L/∂w    ∂L/∂b\n",
               learning_rate);
    for (int step = 0; step <= steps; ++step) {
        const auto [value, slope] = value_and_gradient(loss, w, b);
        if (std::has_single_bit(static_cast<unsigned>(step)) || step == 0 || step + 1 == steps)
            fmt::print("  {:5}  {:7.4f}  {:7.4f}  {:7.5f}  {:7.4f}  {:7.4f}\n", step, w, b, value, slope[0],
                       slope[1]);
        path.x.push_back(w);
        path.y.push_back(b);
        w -= learning_rate * slope[0];
        b -= learning_rate * slope[1];
    }
    fmt::print("  After {} steps the loss is {:.5f}.\n", steps, loss(path.x.back(), path.y.back()));
    return path;
}
//! [descent]

/// Two losses of one prediction whose target is 1, with their slopes, over z, the sum before the sigmoid.
void compare_losses(const support::CommandLine& options)
{
    //! [two losses]
    const auto squared_error = [](const auto& z) { return square(sigmoid(z) - 1); };
    const auto cross_entropy = [](const auto& z) { return -log_sigmoid(z); };
    //! [two losses]
    fmt::print(
        "\nOne prediction p = sigmoid(z) whose target is 1:\n\n"
        "   z        p  squared error     slope  cross entropy     slope\n");
    std::vector<support::Curve> losses{{"squared error", {}, {}}, {"cross entropy", {}, {}}}, slopes = losses;
    for (int i = -80; i <= 80; ++i) {
        const double z = i / 10.0;
        const auto [squares, squares_slope] = value_and_gradient(squared_error, z);
        const auto [entropy, entropy_slope] = value_and_gradient(cross_entropy, z);
        if (i % 20 == 0 && std::abs(i) < 80)
            fmt::print("{:4}  {:7.5f}  {:13.5f}  {:8.5f}  {:13.5f}  {:8.5f}\n", z, sigmoid(z), squares,
                       squares_slope, entropy, entropy_slope);
        for (auto* curves : {&losses, &slopes})
            for (support::Curve& curve : *curves) curve.x.push_back(z);
        losses[0].y.push_back(squares);
        losses[1].y.push_back(entropy);
        slopes[0].y.push_back(squares_slope);
        slopes[1].y.push_back(entropy_slope);
    }
    if (options.wants_pictures())
        write_svg(options.picture("two_losses.svg"),
                  std::vector<support::CurvePlot>{
                      {"One prediction whose target is 1", "", "loss L", false, losses},
                      {"", "z, the sum before the sigmoid", "slope ∂L/∂z", false, slopes}});
}

/// Two walks on the landscape of a task, and a picture of them.
void walk_downhill(const std::string& task, const std::vector<double>& targets,
                   const support::CommandLine& options)
{
    const auto loss = loss_of(targets);
    fmt::print("\nOne neuron on {}, downhill from w = 0, b = 3.\n", task);
    const std::vector<support::Curve> paths{descend(loss, 1, 256), descend(loss, 10, 256)};
    if (options.wants_pictures())
        write_svg(options.picture("downhill_" + task + ".svg"),
                  support::SurfacePlot{fmt::format("The loss of one neuron on {}", task),
                                       "w, the weight of both inputs",
                                       "b, the bias",
                                       {-4, 8},
                                       {-10, 5},
                                       loss,
                                       paths});
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        int networks = 1000;
        std::uint64_t seed = 1;
        support::CommandLine options("05_loss",
                                     "Works out a mean squared error, the loss of random networks, and walks "
                                     "downhill.");
        options.add("networks", networks, "how many random networks")
            .add("seed", seed, "of the first")
            .parse(argc, argv);
        support::require(networks >= 1, "--networks must be at least 1");

        //! [loss]
        const Tensor<> predictions(Shape{4, 1}, {0.002, 0.998, 0.997, 0.003});
        const double loss = nn::mse(predictions, support::xor_targets).item();
        //! [loss]
        fmt::print("  target  prediction    error     squared\n");
        double sum = 0;
        for (Index i = 0; i < 4; ++i) {
            const double error = predictions(i, 0) - support::xor_targets(i, 0);
            sum += error * error;
            fmt::print("  {:6.0f}  {:10.3f}  {:7.3f}  {:.1e}\n", support::xor_targets(i, 0),
                       predictions(i, 0), error, error * error);
        }
        fmt::print("  sum of squares {:.2e}, divided by 4: mse = {:.2e}\n\n", sum, loss);

        double smallest = 1, largest = 0, total = 0;
        for (int i = 0; i < networks; ++i) {
            support::XorModel model(2);
            nn::initialize(model, fold_in(nn::Key(seed), static_cast<std::uint64_t>(i)),
                           {.weights = nn::normal(1)});
            const double random = nn::mse(model(support::xor_inputs), support::xor_targets).item();
            smallest = std::min(smallest, random);
            largest = std::max(largest, random);
            total += random;
        }
        fmt::print(
            "The loss of {} 2-2-1 networks with random weights: {:.3f} to {:.3f}, {:.3f} on average.\n"
            "Saying 0.5 to everything has the loss 0.25. Learning means getting from there to 6.5e-06.\n",
            networks, smallest, largest, total / networks);

        compare_losses(options);
        walk_downhill("AND", {0, 0, 0, 1}, options);
        walk_downhill("XOR", {0, 1, 1, 0}, options);
        return std::abs(loss - 6.5e-6) < 1e-15 ? 0 : 1;
    });
}
