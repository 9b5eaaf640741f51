// XOR as a Keras user would write it: a sequential model, compile, fit, predict.

#include "support/command_line.hpp"
#include "support/plot.hpp"
#include "support/progress.hpp"

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/core.h>

using namespace autodiff;

int main(int argc, char** argv)
{
    return support::run([&] {
        int epochs = 3000;
        Index hidden = 4;
        double learning_rate = 10;
        std::uint64_t seed = 1;
        support::CommandLine options("08_keras_in_cpp", "A sequential model of two dense layers learns XOR.");
        options.add("epochs", epochs, "epochs to fit")
            .add("hidden", hidden, "hidden neurons")
            .add("learning-rate", learning_rate, "size of a step")
            .add("seed", seed, "of the starting weights")
            .parse(argc, argv);
        support::require(epochs >= 1 && hidden >= 1 && learning_rate > 0,
                         "--epochs, --hidden and --learning-rate must be positive");
        support::Progress progress("fit", epochs, options.quiet());

        //! [keras]
        const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
        const Tensor<> y{{0}, {1}, {1}, {0}};

        nn::Sequential model{nn::Linear<>{2, hidden}, nn::Sigmoid{}, nn::Linear<>{hidden, 1}, nn::Sigmoid{}};
        nn::initialize(model, nn::Key(seed), {.weights = nn::normal(1)});

        auto training = nn::compile(model, nn::Sgd{{.learning_rate = learning_rate}}, nn::mse);
        const auto history = training.fit(
            x, y, {.epochs = epochs, .after_epoch = [&](const nn::EpochResult& result) {
                       progress.update(result.epoch, fmt::format("loss {:.2e}", result.training_loss));
                   }});
        const Tensor<> predictions = training.predict(x);
        //! [keras]

        fmt::print("{}\n", nn::summary(model));
        for (int epoch = 1; epoch <= epochs; epoch *= 10)
            fmt::print("  epoch {:5}  loss {:.5f}\n", epoch,
                       history[static_cast<std::size_t>(epoch - 1)].training_loss);
        fmt::print("  epoch {:5}  loss {:.5f}\n\n", epochs, history.back().training_loss);
        bool all_right = true;
        for (Index i = 0; i < 4; ++i) {
            all_right &= (predictions(i, 0) > 0.5) == (y(i, 0) > 0.5);
            fmt::print("  {:.0f} xor {:.0f} = {:.4f}\n", x(i, 0), x(i, 1), predictions(i, 0));
        }
        if (options.wants_pictures()) {
            support::Curve curve{"loss", {}, {}};
            for (const nn::EpochResult& result : history) {
                curve.x.push_back(result.epoch);
                curve.y.push_back(result.training_loss);
            }
            write_svg(options.picture("keras_loss.svg"),
                      support::CurvePlot{"Loss of the sequential model", "epoch", "loss", true, {curve}});
        }
        return all_right ? 0 : 1;
    });
}
