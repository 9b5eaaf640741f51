// A model and a loss of one's own: a network that learns to solve a differential equation, from nothing but
// the equation. And an op of one's own, with its own pullback.
//
// The equation is y'' + y = 0 with y(0) = 0, y'(0) = 1 on [0, π]; its solution is sin x. The loss asks for
// y'' + y = 0 at points of the interval, so training differentiates second derivatives once more   (Raissi et
// al. 2019).

#include "support/command_line.hpp"
#include "support/plot.hpp"
#include "support/progress.hpp"

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/core.h>

#include <numbers>

using namespace autodiff;

namespace {

//! [custom op]
// sin with a pullback of its own: the derivative is cos, written in ops, so that it can be differentiated
// again.
const auto wave = custom_op(
    "wave", [](const Tensor<>& z) { return sin(z); },
    [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>& z) { return y_bar * cos(z); });
//! [custom op]

//! [custom model]
struct Solution {
    nn::Linear<> first, second, last;

    explicit Solution(Index width) : first{1, width}, second{width, width}, last{width, 1} {}
    // y(0) = 0 and y'(0) = 1 are built in: y = x + x² n(x).
    Tensor<> operator()(const Tensor<>& x) const
    {
        return x + square(x) * last(tanh(second(wave(first(x)))));
    }
    auto parameters() { return nn::parameters("first", first, "second", second, "last", last); }
};

Tensor<> derivative(const auto& f, const Tensor<>& x)
{
    return gradient([&](const Tensor<>& at) { return sum(f(at)); }, x);
}

Tensor<> equation_loss(const Solution& y, const Tensor<>& x)
{
    const auto y_prime = [&](const Tensor<>& at) { return derivative(y, at); };
    return sum(square(derivative(y_prime, x) + y(x))) / static_cast<double>(x.size());
}
//! [custom model]

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        int epochs = 3000;
        Index hidden = 16;
        double learning_rate = 1e-4;
        std::uint64_t seed = 1;
        support::CommandLine options("09_custom_model", "A network learns the solution of y'' + y = 0.");
        options.add("epochs", epochs, "steps of gradient descent")
            .add("hidden", hidden, "neurons in each hidden layer")
            .add("learning-rate", learning_rate, "size of a step")
            .add("seed", seed, "of the starting weights")
            .parse(argc, argv);
        support::require(epochs >= 1 && hidden >= 1 && learning_rate > 0,
                         "--epochs, --hidden and --learning-rate must be positive");

        const CheckReport report = check_gradient(wave, Tensor<>{-1.0, 0.0, 0.5, 2.0});
        fmt::print("The op 'wave': {} derivatives checked, largest error {:.1e}\n\n", report.compared,
                   report.worst_error);

        std::vector<double> points;
        for (int i = 0; i <= 32; ++i) points.push_back(std::numbers::pi * i / 32);
        const Tensor<> x(Shape{33, 1}, points);

        Solution y(hidden);
        nn::initialize(y, nn::Key(seed));
        nn::Sgd sgd{{.learning_rate = learning_rate, .momentum = 0.95, .nesterov = true}};
        support::Curve losses{"loss", {}, {}};
        {
            support::Progress progress("solving", epochs, options.quiet());
            for (int epoch = 1; epoch <= epochs; ++epoch) {
                const auto [loss, gradients] =
                    value_and_gradient([&] { return equation_loss(y, x); }, y.parameters());
                sgd.step(y.parameters(), gradients);
                losses.x.push_back(epoch);
                losses.y.push_back(loss.item());
                progress.update(epoch, fmt::format("loss {:.2e}", loss.item()));
            }
        }

        const Tensor<> found = y(x);
        double worst = 0;
        support::Curve network{"network", points, found.to_vector()}, exact{"sin x", points, {}};
        for (std::size_t i = 0; i < points.size(); ++i) {
            exact.y.push_back(std::sin(points[i]));
            const double error = std::abs(network.y[i] - exact.y[i]);
            if (!(error <= worst)) worst = error;  // a NaN is the worst of all
            if (i % 8 == 0)
                fmt::print("  x = {:.4f}   y = {:8.5f}   sin x = {:8.5f}\n", points[i], network.y[i],
                           exact.y[i]);
        }
        fmt::print("\nMean squared residual of the equation {:.2e}; largest error against sin x {:.2e}\n\n{}",
                   losses.y.back(), worst, support::text_plot(losses, true));
        if (options.wants_pictures())
            write_svg(
                options.picture("differential_equation.svg"),
                support::CurvePlot{"y'' + y = 0, solved by a network", "x", "y", false, {network, exact}});
        return worst < 0.01 ? 0 : 1;
    });
}
