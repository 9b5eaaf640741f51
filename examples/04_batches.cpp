// The same network one sample at a time and as one matrix product over a batch: the same numbers, faster.

#include "support/command_line.hpp"
#include "support/plot.hpp"
#include "support/xor_model.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

using namespace autodiff;

namespace {

template <class F>
double best_seconds(F f)
{
    double best = 1e9;
    for (int repetition = 0; repetition < 20; ++repetition) {
        const auto start = std::chrono::steady_clock::now();
        f();
        best =
            std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

/// The time that a sample takes in batches of 1, 2, 4, … up to so many, beside that of one by one.
void draw_times(const support::XorModel& model, const Tensor<>& batch, double one_by_one,
                const support::CommandLine& options)
{
    std::vector<support::Curve> curves{{"one by one", {}, {}}, {"as a batch", {}, {}}};
    for (Index size = 1; size <= batch.shape()[0]; size *= 2) {
        const Tensor<> some = slice(batch, {Slice{0, size}});
        const double seconds = best_seconds([&] { model(some); }) / static_cast<double>(size);
        for (support::Curve& curve : curves) curve.x.push_back(static_cast<double>(size));
        curves[0].y.push_back(1e6 * one_by_one);
        curves[1].y.push_back(1e6 * seconds);
    }
    write_svg(options.picture("batches.svg"),
              support::CurvePlot{"What one sample costs", "samples in the batch", "µs for each sample", true,
                                 curves, true});
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        Index batch_size = 1000, hidden = 32;
        std::uint64_t seed = 1;
        support::CommandLine options("04_batches",
                                     "One sample at a time against one matrix product for the batch.");
        options.add("batch-size", batch_size, "samples in the batch")
            .add("hidden", hidden, "hidden neurons")
            .add("seed", seed, "of weights and samples")
            .parse(argc, argv);
        support::require(batch_size >= 1 && hidden >= 1, "--batch-size and --hidden must be at least 1");

        support::XorModel model(hidden);
        const auto keys = split<2>(nn::Key(seed));
        nn::initialize(model, keys[0]);
        const Tensor<> batch = uniform(keys[1], Shape{batch_size, 2});

        //! [one by one]
        std::vector<double> one_by_one;
        for (Index i = 0; i < batch_size; ++i)
            one_by_one.push_back(model(Tensor<>{{batch(i, 0), batch(i, 1)}}).item());
        //! [one by one]
        //! [as a batch]
        const Tensor<> together = model(batch);
        //! [as a batch]

        double largest = 0;
        Index equal = 0;
        for (Index i = 0; i < batch_size; ++i) {
            const double difference = std::abs(one_by_one[static_cast<std::size_t>(i)] - together(i, 0));
            largest = std::max(largest, difference);
            equal += difference == 0;
        }
        fmt::print(
            "A batch of {} samples through a 2-{}-1 network: ({}, 2) x (2, {}), then ({}, {}) x ({}, 1).\n\n",
            batch_size, hidden, batch_size, hidden, batch_size, hidden, hidden);
        fmt::print("  outputs equal to the last bit   {} of {}\n  largest difference              {:.1e}\n",
                   equal, batch_size, largest);
        fmt::print(
            "  (A matrix product may add the {} terms of a sum in another order for another size; each "
            "order\n"
            "  rounds differently, by at most a few units in the last place.)\n",
            hidden);

        const double slow = best_seconds([&] {
            for (Index i = 0; i < batch_size; ++i) model(Tensor<>{{batch(i, 0), batch(i, 1)}});
        });
        const double fast = best_seconds([&] { model(batch); });
        fmt::print("\n  one by one   {:8.1f} µs\n  as a batch   {:8.1f} µs   {:.1f} times faster\n",
                   1e6 * slow, 1e6 * fast, slow / fast);
        if (options.wants_pictures())
            draw_times(model, batch, slow / static_cast<double>(batch_size), options);
        return largest < 1e-14 ? 0 : 1;
    });
}
