// Runs that are killed at any moment and go on to the bits of one that was not.

#include "../nn_fit/circle.hpp"

#include <support/child.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

namespace autodiff::tests {

namespace {

using Clock = std::chrono::steady_clock;

/// A run with everything that makes it hard to go on from.
Options long_run()
{
    return {.epochs = 30,
            .batch_size = 8,
            .key = Key(5),
            .prefetch = 2,
            .validation_fraction = 0.3,
            .metrics = {{"accuracy", nn::accuracy}},
            .schedule = nn::CosineAnnealing{.learning_rate = 0.05, .steps = 150},
            .clip_global_norm = 1,
            .resume = true};
}

int train(const Options& options)
{
    Net net;
    run(net, options);
    return 0;
}

/// How many epochs the checkpoint has, which must be whole.
std::size_t epochs_done(const std::string& directory)
{
    const std::string path = directory + "/last.safetensors";
    if (!std::filesystem::exists(path)) return 0;
    Net net;
    nn::OptimizerState<double> state;
    return nn::io::read_checkpoint(path, net.parameters(), state).size();
}

/// How often and where runs were killed.
struct Kills {
    std::size_t count = 0, runs = 0, amid_a_run = 0, leftovers = 0;
};

/// Starts a run, kills it, starts it again, …, until it ends by itself; the moments are spread over the time
/// that a whole one takes.
void kill_until_done(const Options& options, std::chrono::microseconds whole, Random& random, Kills& kills)
{
    for (int status = 1; status != 0;) {
        const pid_t child = start_child([&] { return train(options); });
        usleep(static_cast<useconds_t>(random.uniform(0, static_cast<double>(whole.count()))));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        BOOST_REQUIRE((status == 0 || WIFSIGNALED(status)));
        if (status == 0) break;
        ++kills.count;
        const std::size_t done = epochs_done(options.checkpoint_directory);
        kills.amid_a_run += done > 0 && done < static_cast<std::size_t>(options.epochs);
        if (!std::filesystem::exists(options.checkpoint_directory)) continue;
        for (const auto& entry : std::filesystem::directory_iterator(options.checkpoint_directory))
            kills.leftovers += entry.path().extension() == ".tmp";
    }
    ++kills.runs;
}

std::size_t wanted_kills()
{
    const char* const many = std::getenv("ADJOINT_KILLS");
    return many ? std::stoul(many) : 5;
}

}  // namespace

BOOST_AUTO_TEST_CASE(runs_that_are_killed_at_any_moment_end_with_the_same_bits)
{
    Net whole;
    Options options = long_run();
    const TemporaryDirectory first;
    options.checkpoint_directory = first.path("run");
    const auto start = Clock::now();
    const nn::History expected = run(whole, options);
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);

    Random random(1);
    Kills kills;
    while (kills.count < wanted_kills()) {
        const TemporaryDirectory directory;
        options.checkpoint_directory = directory.path("run");
        kill_until_done(options, time, random, kills);
        Net net;
        const nn::History history = run(net, options);  // has ended: only reads
        require_equal(history, expected);
        BOOST_REQUIRE((numbers(net) == numbers(whole)));
        // Whatever they were writing is gone.
        BOOST_REQUIRE(std::distance(std::filesystem::directory_iterator(options.checkpoint_directory), {}) ==
                      2);
        Net best;
        const auto about = nn::io::load(directory.path("run/best.safetensors"), best);
        BOOST_REQUIRE(about.at("epoch") == fmt::to_string(expected.best().epoch));
    }
    BOOST_TEST(kills.amid_a_run > 0u);
    BOOST_TEST_MESSAGE(fmt::format(
        "{} kills of {} runs, {} of them between the first epoch and the last, {} while a file was written",
        kills.count, kills.runs, kills.amid_a_run, kills.leftovers));
}

}  // namespace autodiff::tests
