#include "support/xor_study.hpp"

#include "support/progress.hpp"
#include "support/xor_model.hpp"

#include <fmt/core.h>

#include <array>
#include <atomic>
#include <thread>

namespace support {

namespace {

using namespace autodiff;

struct Setting {
    Index width;
    nn::Initializer weights;
    double learning_rate;
};

/// How a run ended. A run that did not converge is stuck where the network separates three of the samples
/// (loss near 1/8), two (near 1/6 or 1/4), or still on its way down.
enum Outcome { converged, all_right, three_right, two_right, outcome_count };

Outcome outcome_of(const Setting& setting, std::uint64_t seed, int epochs)
{
    XorModel model(setting.width);
    const bool knows_fans = setting.weights.fan != nn::FanMode::none;
    nn::initialize(model, key_of_seed(seed),
                   {.weights = setting.weights, .biases = knows_fans ? nn::zeros : setting.weights});
    const auto parameters = model.parameters();
    nn::Sgd sgd{{.learning_rate = setting.learning_rate}};
    for (int epoch = 0; epoch < epochs; ++epoch)
        sgd.step(parameters, gradient([&] { return nn::mse(model(xor_inputs), xor_targets); }, parameters));

    const Tensor<> predictions = model(xor_inputs);
    int right = 0;
    for (Index i = 0; i < 4; ++i) right += (predictions(i, 0) > 0.5) == (xor_targets(i, 0) > 0.5);
    if (right == 4) return nn::mse(predictions, xor_targets).item() < 0.01 ? converged : all_right;
    return right == 3 ? three_right : two_right;
}

using Counts = std::array<int, outcome_count>;

// Every seed is its own recording, so threads need nothing from each other.
Counts count_outcomes(const Setting& setting, int seeds, int epochs, int threads)
{
    std::array<std::atomic<int>, outcome_count> counts{};
    std::atomic<int> next{0};
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
        workers.emplace_back([&] {
            for (int seed = next++; seed < seeds; seed = next++)
                ++counts[outcome_of(setting, static_cast<std::uint64_t>(seed), epochs)];
        });
    workers.clear();
    return {counts[0], counts[1], counts[2], counts[3]};
}

}  // namespace

nn::Key key_of_seed(std::uint64_t seed) { return nn::Key(seed); }

int print_xor_study(int seeds, int epochs, int threads, bool quiet)
{
    const std::array widths{2, 3, 4};
    const std::array weights{nn::glorot_uniform, default_weights, nn::normal(1)};
    const std::array learning_rates{0.5, 2.0, 10.0};

    fmt::print(
        "{} seeds each, {} epochs of full-batch gradient descent, mean squared error;\n"
        "biases zero with Glorot, else drawn like the weights.\n"
        "Converged: all four on the right side of 0.5 and a loss below 0.01.\n\n"
        "width  starting weights      rate  converged   of the others: 4 right  3 right  2 or fewer\n",
        seeds, epochs);
    Progress progress("study", static_cast<long>(widths.size() * weights.size() * learning_rates.size()),
                      quiet);
    long done = 0;
    for (int width : widths)
        for (const nn::Initializer& initializer : weights)
            for (double rate : learning_rates) {
                const Counts counts = count_outcomes({width, initializer, rate}, seeds, epochs, threads);
                fmt::print("{:5}  {:<18} {:7}  {:8.1f} %  {:21} {:8} {:11}\n", width,
                           initializer.fan == nn::FanMode::none
                               ? fmt::format("{} {}", initializer.name, initializer.scale)
                               : std::string(initializer.name),
                           rate, 100.0 * counts[converged] / seeds, counts[all_right], counts[three_right],
                           counts[two_right]);
                progress.update(++done);
            }
    fmt::print(
        "\nWhy not always: with two hidden neurons both are needed, each for its own line. A start from "
        "which one of\n"
        "them is drawn to the other's place, or saturates, ends on a plateau where three samples are right "
        "(loss 1/8)\n"
        "or two (1/6, 1/4) and the gradient is nearly zero. More hidden neurons make it unlikely that none "
        "is free to\n"
        "move; small steps or small weights only make the first plateau, at loss 1/4, take longer than the "
        "epochs.\n");
    return 0;
}

}  // namespace support
