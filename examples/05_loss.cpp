// How wrong is a network? The mean squared error, worked out, and the loss of networks that have learnt
// nothing.

#include "support/command_line.hpp"
#include "support/xor_model.hpp"

#include <fmt/core.h>

#include <algorithm>

using namespace autodiff;

int main(int argc, char** argv)
{
    return support::run([&] {
        int networks = 1000;
        std::uint64_t seed = 1;
        support::CommandLine options("05_loss",
                                     "Works out a mean squared error and the loss of random networks.");
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
        return std::abs(loss - 6.5e-6) < 1e-15 ? 0 : 1;
    });
}
