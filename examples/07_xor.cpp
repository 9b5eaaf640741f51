// The main job: networks with one hidden layer learn XOR by plain gradient descent, while every gradient is
// cross-checked against backpropagation derived by hand.

#include "support/command_line.hpp"
#include "support/plot.hpp"
#include "support/progress.hpp"
#include "support/xor_model.hpp"
#include "support/xor_study.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

using namespace autodiff;

namespace {

struct Settings {
    int epochs = 3000;
    double learning_rate = support::default_learning_rate;
    std::uint64_t seed = 1;
    int check_every = 100;
};

struct Run {
    bool all_right = false;
    double worst_disagreement = 0;
};

void show_boundary(const support::CommandLine& options, const support::XorModel& model, int epoch,
                   bool in_text)
{
    const std::string title = fmt::format("{} hidden neurons after {} epochs", model.hidden.outputs(), epoch);
    support::BoundaryPlot plot{title,
                               [&](double x1, double x2) { return model(Tensor<>{{x1, x2}}).item(); },
                               {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
                               {0, 1, 1, 0}};
    if (in_text) fmt::print("\nWhat it says over the square ({}):\n{}", title, support::text_boundary(plot));
    if (options.wants_pictures())
        write_svg(options.picture(fmt::format("xor_{}_epoch_{}.svg", model.hidden.outputs(), epoch)), plot);
}

bool print_truth_table(const Tensor<>& predictions)
{
    bool all_right = true;
    fmt::print("\n  x1  x2  target  prediction\n");
    for (Index i = 0; i < 4; ++i) {
        const double target = support::xor_targets(i, 0), prediction = predictions(i, 0);
        const bool right = (prediction > 0.5) == (target > 0.5);
        all_right &= right;
        fmt::print("  {:2.0f}  {:2.0f}  {:6.0f}  {:10.4f}  {}\n", support::xor_inputs(i, 0),
                   support::xor_inputs(i, 1), target, prediction, right ? "right" : "WRONG");
    }
    return all_right;
}

Run train(Index width, const Settings& settings, const support::CommandLine& options)
{
    support::XorModel model(width);
    nn::initialize(model, support::key_of_seed(settings.seed),
                   {.weights = support::default_weights, .biases = support::default_weights});
    const auto parameters = model.parameters();
    fmt::print("\n--- 2-{}-1 network, {} numbers, learning rate {}, seed {}\n\n{}", width,
               nn::parameter_count(parameters), settings.learning_rate, settings.seed,
               nn::summary(parameters));
    show_boundary(options, model, 0, false);

    Run run;
    support::Curve losses{"loss", {}, {}};
    support::Progress progress(fmt::format("2-{}-1", width), settings.epochs, options.quiet());
    std::chrono::duration<double> stepping{0};
    //! [training loop]
    nn::Sgd sgd{{.learning_rate = settings.learning_rate}};
    for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
        const auto start = std::chrono::steady_clock::now();
        const auto before = support::flattened(parameters);
        const auto [loss, gradients] = value_and_gradient(
            [&] { return nn::mse(model(support::xor_inputs), support::xor_targets); }, parameters);
        sgd.step(parameters, gradients);
        stepping += std::chrono::steady_clock::now() - start;
        //! [training loop]

        losses.x.push_back(epoch);
        losses.y.push_back(loss.item());
        progress.update(epoch, fmt::format("loss {:.2e}", loss.item()));
        if (epoch == 1 || epoch % settings.check_every == 0 || epoch == settings.epochs) {
            const auto hand = by_hand::backpropagate(by_hand::unflattened(before), by_hand::xor_samples);
            const double difference =
                support::largest_difference(by_hand::flattened(hand.gradient), support::flattened(gradients));
            run.worst_disagreement =
                std::max({run.worst_disagreement, difference, std::abs(hand.loss - loss.item())});
        }
        if (epoch == settings.epochs / 10 || epoch == settings.epochs / 3)
            show_boundary(options, model, epoch, false);
    }

    const Tensor<> predictions = model(support::xor_inputs);
    fmt::print("\nLoss, epoch by epoch (logarithmic):\n{}", support::text_plot(losses, true));
    show_boundary(options, model, settings.epochs, true);
    if (options.wants_pictures())
        write_svg(options.picture(fmt::format("xor_{}_loss.svg", width)),
                  support::CurvePlot{fmt::format("Loss of the 2-{}-1 network", width),
                                     "epoch",
                                     "mean squared error",
                                     true,
                                     {losses}});
    run.all_right = print_truth_table(predictions);
    fmt::print("\n  final loss                                   {:.3e}\n",
               nn::mse(predictions, support::xor_targets).item());
    fmt::print("  largest difference from the hand derivation  {:.1e}\n", run.worst_disagreement);
    fmt::print("  time per step                                {:.2f} µs\n",
               1e6 * stepping.count() / std::max(settings.epochs, 1));
    return run;
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        Settings settings;
        int hidden = 0, study = 0, threads = 2;
        support::CommandLine options(
            "07_xor",
            "Trains 2-2-1 and 2-4-1 networks on XOR and checks every gradient against "
            "backpropagation by hand.");
        options.add("epochs", settings.epochs, "steps of gradient descent")
            .add("learning-rate", settings.learning_rate, "size of a step")
            .add("seed", settings.seed, "of the starting weights")
            .add("hidden", hidden, "hidden neurons (0: first 2, then 4)")
            .add("check-every", settings.check_every, "epochs between cross-checks of the gradients")
            .add("study", study, "instead: how many of this many seeds converge")
            .add("threads", threads, "threads of the study")
            .parse(argc, argv);
        support::require(settings.epochs >= 1, "--epochs must be at least 1");
        support::require(settings.check_every >= 1, "--check-every must be at least 1");
        support::require(settings.learning_rate > 0, "--learning-rate must be positive");
        support::require(hidden >= 0 && study >= 0 && threads >= 1,
                         "--hidden and --study must not be negative, --threads at least 1");
        if (study > 0) return support::print_xor_study(study, settings.epochs, threads, options.quiet());

        bool succeeded = true;
        for (Index width : hidden == 0 ? std::vector<Index>{2, 4} : std::vector<Index>{hidden}) {
            const Run run = train(width, settings, options);
            succeeded &= run.all_right && run.worst_disagreement < 1e-12;
        }
        fmt::print("\n{}\n",
                   succeeded
                       ? "All four are right, and the gradients agree with the hand derivation."
                       : "Not learnt: try another --seed (see --study 1000 for how often this happens).");
        return succeeded ? 0 : 1;
    });
}
