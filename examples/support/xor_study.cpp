#include "support/xor_study.hpp"

#include "support/progress.hpp"
#include "support/xor_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <map>
#include <optional>
#include <thread>

namespace support {

namespace {

struct Setting {
    autodiff::Index width;
    nn::Initializer weights;
    double learning_rate;
};

/// Biases are drawn as the weights are, unless those depend on a fan-in, which a bias does not have.
by_hand::Network start(const Setting& setting, int seed)
{
    XorModel model(setting.width);
    const bool has_fans = setting.weights.fan != nn::FanMode::none;
    nn::initialize(model, nn::Key(static_cast<std::uint64_t>(seed)),
                   {.weights = setting.weights, .biases = has_fans ? nn::zeros : setting.weights});
    return by_hand::unflattened(flattened(model.parameters()));
}

// The hand derivation takes the steps the library would take (07_xor checks that) and some ten times faster.
by_hand::Backpropagation train(by_hand::Network& net, double learning_rate, int epochs)
{
    for (int epoch = 0; epoch < epochs; ++epoch)
        by_hand::descend(net, by_hand::backpropagate(net, by_hand::xor_samples).gradient, learning_rate);
    return by_hand::backpropagate(net, by_hand::xor_samples);
}

bool has_converged(const by_hand::Backpropagation& end)
{
    bool all_right = true;
    for (std::size_t i = 0; i < end.predictions.size(); ++i)
        all_right &= (end.predictions[i] > 0.5) == (by_hand::xor_samples[i].target > 0.5);
    return all_right && end.loss < 0.01;
}

/// f(seed) for every seed, spread over threads.
template <class F>
void for_each_seed(const Study& study, F f)
{
    std::atomic<int> next{0};
    std::vector<std::jthread> workers;
    for (int thread = 0; thread < study.threads; ++thread)
        workers.emplace_back([&] {
            for (int seed = next++; seed < study.seeds; seed = next++) f(seed);
        });
}

double percent_converged(const Study& study, const Setting& setting)
{
    std::atomic<int> converged{0};
    for_each_seed(study, [&](int seed) {
        by_hand::Network net = start(setting, seed);
        converged += has_converged(train(net, setting.learning_rate, study.epochs));
    });
    return 100.0 * converged / study.seeds;
}

std::string name_of(const nn::Initializer& weights)
{
    if (weights.fan != nn::FanMode::none) return std::string(weights.name);
    return fmt::format("{} {}", weights.name, weights.scale);
}

void print_rates(const Study& study)
{
    const std::array initializers{default_weights, nn::uniform(1), nn::normal(1), nn::glorot_uniform};
    const std::array widths{2, 3, 4};
    const std::array learning_rates{0.5, 2.0, 5.0, default_learning_rate, 20.0};
    fmt::print("Percent of {} seeds that converge in {} epochs: all four right and a loss below 0.01.\n\n",
               study.seeds, study.epochs);
    fmt::print("{:32}learning rate\n{:26}", "", "hidden  starting weights");
    for (double rate : learning_rates) fmt::print("{:8}", rate);
    fmt::print("\n");

    Progress progress("study", static_cast<long>(widths.size() * initializers.size() * learning_rates.size()),
                      study.quiet);
    long done = 0;
    for (int width : widths)
        for (const nn::Initializer& weights : initializers) {
            std::string line = fmt::format("{:6}  {:18}", width, name_of(weights));
            for (double rate : learning_rates) {
                line += fmt::format("{:8.1f}", percent_converged(study, {width, weights, rate}));
                progress.update(++done);
            }
            progress.clear();
            fmt::print("{}\n", line);
        }
}

/// What a network that failed says to the four samples, and how flat its loss is there.
struct Failure {
    std::string predictions;
    double gradient_norm;
    bool learns_later;
};

Failure failure_of(const Study& study, const Setting& setting, by_hand::Network net,
                   const by_hand::Backpropagation& end)
{
    double squares = 0;
    for (double number : by_hand::flattened(end.gradient)) squares += number * number;
    const auto& p = end.predictions;
    return {fmt::format("{:.3f}   {:.2f}  {:.2f}  {:.2f}  {:.2f}", end.loss, p[0], p[1], p[2], p[3]),
            std::sqrt(squares), has_converged(train(net, setting.learning_rate, 9 * study.epochs))};
}

void print_failures(const Study& study)
{
    const Setting setting{2, default_weights, default_learning_rate};
    std::vector<std::optional<Failure>> failures(static_cast<std::size_t>(study.seeds));
    for_each_seed(study, [&](int seed) {
        by_hand::Network net = start(setting, seed);
        const auto end = train(net, setting.learning_rate, study.epochs);
        if (!has_converged(end))
            failures[static_cast<std::size_t>(seed)] = failure_of(study, setting, net, end);
    });

    std::map<std::string, int> kinds;
    int count = 0, later = 0;
    double steepest = 0;
    for (const auto& failure : failures) {
        if (!failure) continue;
        ++kinds[failure->predictions];
        ++count;
        later += failure->learns_later;
        steepest = std::max(steepest, failure->gradient_norm);
    }
    fmt::print("\nWith two hidden neurons, {} and a learning rate of {}, {} of {} fail{}\n",
               name_of(setting.weights), setting.learning_rate, count, study.seeds, count ? ":" : ".");
    if (count == 0) return;
    fmt::print("\n  seeds   loss   predictions for 00, 01, 10, 11\n");
    for (const auto& [kind, seeds] : kinds) fmt::print("  {:5}   {}\n", seeds, kind);
    fmt::print(
        "\nTrained ten times as long, {} of them learn it after all. The gradients at the end are at most "
        "{:.0e}"
        " long.\n",
        later, steepest);
}

}  // namespace

void print_xor_study(const Study& study)
{
    print_rates(study);
    print_failures(study);
    fmt::print(
        "\nWhy. Two hidden neurons are just enough: each has to draw its own line. Where both draw the same "
        "one, or\n"
        "one is saturated and says the same to all, some samples look alike to the output neuron, and the "
        "best it\n"
        "can say to them is their mean: 1/2 of two, 1/3 or 2/3 of three, 1/2 of all four. To tell them apart "
        "again\n"
        "means to turn a neuron whose gradient has all but vanished. These are plateaus, not minima: from "
        "every\n"
        "finite point a path leads strictly downhill to a loss of 0 (Sprinkhuizen-Kuyper and Boers 1999), "
        "but it is\n"
        "nearly level for ever so long. A third or fourth hidden neuron is nearly always free to move. Small "
        "steps\n"
        "fail for another reason: they are still on the first plateau, 1/2 for all, when the epochs are "
        "over.\n");
}

}  // namespace support
