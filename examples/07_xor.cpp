// The main job: networks with one hidden layer learn XOR by plain gradient descent, while their gradients are
// cross-checked against backpropagation derived by hand.

#include "support/command_line.hpp"
#include "support/plot.hpp"
#include "support/progress.hpp"
#include "support/xor_model.hpp"
#include "support/xor_pictures.hpp"
#include "support/xor_study.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <thread>

using namespace autodiff;
using support::xor_inputs, support::xor_targets, support::XorModel;

namespace {

struct Settings {
    int epochs = 3000;
    double learning_rate = support::default_learning_rate;
    std::uint64_t seed = 1;
    int check_every = 100;
};

/// What is watched while a network trains.
class Journal {
public:
    Journal(const XorModel& model, const Settings& settings, const support::CommandLine& options)
        : model_(model),
          settings_(settings),
          options_(options),
          progress_(fmt::format("2-{}-1", model.hidden.outputs()), settings.epochs, options.quiet())
    {
        map("before");
        picture(0);
    }

    //! [cross-check]
    /// Compares the library's loss and gradients at these parameters with the hand derivation.
    void cross_check(const Parameters<>& parameters, double loss, const std::vector<Tensor<>>& gradients)
    {
        const auto net = by_hand::unflattened(support::flattened(parameters));
        const auto by_hand = by_hand::backpropagate(net, by_hand::xor_samples);
        const double difference =
            support::largest_difference(by_hand::flattened(by_hand.gradient), support::flattened(gradients));
        disagreement_ = std::max({disagreement_, difference, std::abs(by_hand.loss - loss)});
        ++checks_;
    }
    //! [cross-check]

    void note(int epoch, double loss)
    {
        losses_.x.push_back(epoch);
        losses_.y.push_back(loss);
        progress_.update(epoch, fmt::format("loss {:.2e}", loss));
        const bool is_halfway = loss < 0.125 || epoch == settings_.epochs / 2;
        if (is_halfway && maps_.size() == 1) map(fmt::format("epoch {}", epoch));
        const int all = settings_.epochs;
        if (epoch == all / 30 || epoch == all / 3 || epoch == all) picture(epoch);
    }

    /// Prints what was seen. Returns whether all four are right and all checks agree.
    bool report();

private:
    /// The network's answer over the square, as a text and as a picture.
    void map(const std::string& when);
    void picture(int epoch);
    void write_pictures() const;
    bool print_truth_table() const;
    double seconds_per_step() const;

    const XorModel& model_;
    const Settings& settings_;
    const support::CommandLine& options_;
    support::Progress progress_;
    support::Curve losses_{"loss", {}, {}};
    std::vector<std::string> maps_;
    std::vector<support::BoundaryPlot> pictures_;
    double disagreement_ = 0;
    int checks_ = 0;
};

void Journal::map(const std::string& when)
{
    maps_.push_back(when + "\n" + support::text_boundary(support::answer_of(model_, when), 21, 11));
}

void Journal::picture(int epoch)
{
    pictures_.push_back(support::answer_of(model_, fmt::format("epoch {}", epoch)));
}

void Journal::write_pictures() const
{
    const Index width = model_.hidden.outputs();
    const auto path = [&](const char* what) {
        return options_.picture(fmt::format("xor_{}_{}.svg", width, what));
    };
    write_svg(path("loss"), support::CurvePlot{fmt::format("Loss of the 2-{}-1 network", width),
                                               "epoch",
                                               "mean squared error",
                                               true,
                                               {losses_}});
    write_svg(path("epochs"), pictures_);
    write_svg(path("neurons"), support::neurons_of(model_));
}

bool Journal::print_truth_table() const
{
    const Tensor<> predictions = model_(xor_inputs);
    bool all_right = true;
    fmt::print("\n  x1  x2  target  prediction\n");
    for (Index i = 0; i < 4; ++i) {
        const bool right = (predictions(i, 0) > 0.5) == (xor_targets(i, 0) > 0.5);
        all_right &= right;
        fmt::print("  {:2.0f}  {:2.0f}  {:6.0f}  {:10.4f}  {}\n", xor_inputs(i, 0), xor_inputs(i, 1),
                   xor_targets(i, 0), predictions(i, 0), right ? "right" : "WRONG");
    }
    return all_right;
}

/// Of a copy of the model, trained on.
double Journal::seconds_per_step() const
{
    constexpr int steps = 1000;
    XorModel model = model_;
    const auto parameters = model.parameters();
    nn::Sgd sgd{{.learning_rate = settings_.learning_rate}};
    const auto start = std::chrono::steady_clock::now();
    for (int step = 0; step < steps; ++step)
        sgd.step(parameters, gradient([&] { return nn::mse(model(xor_inputs), xor_targets); }, parameters));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / steps;
}

bool Journal::report()
{
    progress_.clear();
    map("after");
    fmt::print("\nLoss by epoch, logarithmic:\n{}", support::text_plot(losses_, true));
    fmt::print("\nIts answer over the square, from ' ' for 0 to '#' for 1:\n{}",
               support::side_by_side(maps_));
    if (options_.wants_pictures()) write_pictures();
    const bool all_right = print_truth_table();
    const bool agrees = disagreement_ < 1e-12;
    fmt::print("\n  final loss          {:.2e}\n", nn::mse(model_(xor_inputs), xor_targets).item());
    fmt::print("  checked by hand     {} times; largest difference {:.1e}, {}\n", checks_, disagreement_,
               agrees ? "rounding" : "TOO MUCH");
    fmt::print("  time per step       {:.1f} µs\n", 1e6 * seconds_per_step());
    return all_right && agrees;
}

bool train(Index width, const Settings& settings, const support::CommandLine& options)
{
    XorModel model(width);
    nn::initialize(model, nn::Key(settings.seed),
                   {.weights = support::default_weights, .biases = support::default_weights});
    const auto parameters = model.parameters();
    fmt::print("\n--- A 2-{}-1 network, learning rate {}, seed {}\n\n{}", width, settings.learning_rate,
               settings.seed, nn::summary(parameters));
    Journal journal(model, settings, options);

    //! [training loop]
    nn::Sgd sgd{{.learning_rate = settings.learning_rate}};
    for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
        const auto [loss, gradients] =
            value_and_gradient([&] { return nn::mse(model(xor_inputs), xor_targets); }, parameters);
        if (epoch % settings.check_every == 0 || epoch == 1)
            journal.cross_check(parameters, loss.item(), gradients);
        sgd.step(parameters, gradients);
        journal.note(epoch, loss.item());
    }
    //! [training loop]
    return journal.report();
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        Settings settings;
        int hidden = 0, study = 0,
            threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
        support::CommandLine options("07_xor",
                                     "Trains 2-2-1 and 2-4-1 networks on XOR and checks their gradients "
                                     "against backpropagation by hand.");
        options.add("epochs", settings.epochs, "steps of gradient descent")
            .add("learning-rate", settings.learning_rate, "size of a step")
            .add("seed", settings.seed, "of the starting weights")
            .add("hidden", hidden, "hidden neurons (0: first 2, then 4)")
            .add("check-every", settings.check_every, "epochs between cross-checks of the gradients")
            .add("study", study, "instead: how many of this many seeds converge, and why not all")
            .add("threads", threads, "threads of the study")
            .parse(argc, argv);
        support::require(settings.epochs >= 1 && settings.check_every >= 1,
                         "--epochs and --check-every must be at least 1");
        support::require(settings.learning_rate > 0, "--learning-rate must be positive");
        support::require(hidden >= 0 && study >= 0 && threads >= 1,
                         "--hidden and --study must not be negative, --threads at least 1");
        if (study > 0) {
            support::print_xor_study({study, settings.epochs, threads, options.quiet()});
            return 0;
        }
        bool succeeded = true;
        for (Index width : hidden == 0 ? std::vector<Index>{2, 4} : std::vector<Index>{hidden})
            succeeded &= train(width, settings, options);
        fmt::print("\n{}\n", succeeded
                                 ? "All four are right, and the gradients agree with the hand derivation."
                                 : "Not learnt, or not in agreement: see above. Another --seed may learn it; "
                                   "--study 1000 shows how often.");
        return succeeded ? 0 : 1;
    });
}
