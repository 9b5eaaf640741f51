// Runs that go on where others were killed.

#include "circle.hpp"

#include <fmt/format.h>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

using namespace autodiff;
using namespace autodiff::tests;
using boost::test_tools::per_element;

namespace {

Options with_everything(int epochs)
{
    return {.epochs = epochs,
            .batch_size = 8,
            .key = Key(5),
            .validation_fraction = 0.3,
            .metrics = {{"accuracy", nn::accuracy}},
            .schedule = nn::CosineAnnealing{.learning_rate = 0.05, .steps = 40},
            .clip_global_norm = 1};
}

void require_equal(const nn::History& a, const nn::History& b)
{
    BOOST_REQUIRE(a.size() == b.size());
    BOOST_TEST(a.metric_names == b.metric_names, per_element());
    for (std::size_t i = 0; i < a.size(); ++i) {
        BOOST_TEST(a[i].epoch == b[i].epoch);
        BOOST_TEST(a[i].training_loss == b[i].training_loss);
        BOOST_TEST((a[i].validation_loss == b[i].validation_loss));
        BOOST_TEST(a[i].metrics == b[i].metrics, per_element());
        BOOST_TEST(a[i].learning_rate == b[i].learning_rate);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_resumed_run_ends_with_the_bits_of_one_that_was_not_interrupted)
{
    const TemporaryDirectory directory;
    Net whole;
    const nn::History expected = run(whole, with_everything(4));
    BOOST_TEST(expected[0].validation_loss.value() != expected[3].validation_loss.value());
    {
        Net lost;
        Options options = with_everything(2);
        options.checkpoint_directory = directory.path("run");
        options.resume = true;  // there is nothing to go on from yet
        BOOST_TEST(run(lost, options).size() == 2u);
    }
    Net net;
    net.hidden.weight = net.hidden.weight + 1;
    Options options = with_everything(4);
    options.checkpoint_directory = directory.path("run");
    options.resume = true;
    int calls = 0;
    options.after_epoch = [&](const nn::EpochResult& result) { BOOST_TEST(result.epoch == 3 + calls++); };
    require_equal(run(net, options), expected);
    BOOST_TEST(calls == 2);
    BOOST_TEST(numbers(net) == numbers(whole), per_element());

    // What is finished stays as it is.
    Net again;
    require_equal(run(again, options), expected);
    BOOST_TEST(calls == 2);
    BOOST_TEST(numbers(again) == numbers(whole), per_element());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_killed_again_and_again_ends_with_the_same_bits)
{
    const TemporaryDirectory directory;
    constexpr int epochs = 30;
    Net whole;
    const nn::History expected = run(whole, with_everything(epochs));
    Options options = with_everything(epochs);
    options.checkpoint_directory = directory.path("run");
    options.resume = true;

    // The first few end themselves in the middle of an epoch, the others are killed at any moment.
    constexpr int killing_themselves = 3;
    Random random(1);
    int killed = 0;
    for (int status = 1; status != 0; killed += status != 0) {
        const auto last_batch = static_cast<int>(random.below(20));
        const pid_t child = fork();
        if (child == 0) {
            int batches = 0;
            options.after_batch = [&](const nn::BatchResult&) {
                if (killed < killing_themselves && batches++ == last_batch) kill(getpid(), SIGKILL);
            };
            try {
                Net net;
                run(net, options);
            } catch (...) {
                _exit(1);
            }
            _exit(0);
        }
        if (killed >= killing_themselves) {
            usleep(static_cast<useconds_t>(random.below(2000) * static_cast<std::size_t>(killed)));
            kill(child, SIGKILL);
        }
        waitpid(child, &status, 0);
        BOOST_REQUIRE((status == 0 || WIFSIGNALED(status)));
    }
    BOOST_TEST(killed >= killing_themselves);
    Net net;
    require_equal(run(net, options), expected);
    BOOST_TEST(numbers(net) == numbers(whole), per_element());

    // Whatever they were writing is gone.
    BOOST_TEST(std::distance(std::filesystem::directory_iterator(options.checkpoint_directory),
                             std::filesystem::directory_iterator()) == 2);
    Net best;
    const auto about = nn::io::load(directory.path("run/best.safetensors"), best);
    BOOST_TEST(about.at("epoch") == fmt::to_string(expected.best().epoch));
}

BOOST_AUTO_TEST_CASE(a_run_goes_on_only_with_the_settings_that_it_began_with)
{
    const TemporaryDirectory directory;
    Net net;
    Options options = with_everything(1);
    options.checkpoint_directory = directory.path("run");
    run(net, options);
    const auto before = numbers(net);
    options.resume = true;
    options.epochs = 2;
    const auto error_with = [&](auto change) {
        Options changed = options;
        change(changed);
        return file_error([&] { run(net, changed); });
    };
    BOOST_TEST(error_with([](Options& o) { o.key = Key(6); }).find("written with key 5, not 6") !=
               std::string::npos);
    BOOST_TEST(error_with([](Options& o) { o.batch_size = 9; }).find("batch_size 8, not 9") !=
               std::string::npos);
    BOOST_TEST(error_with([](Options& o) { o.validation_fraction = 0.2; }).find("samples 35, not 40") !=
               std::string::npos);
    BOOST_TEST(error_with([](Options& o) { o.metrics[0].name = "f1"; }).find("metrics accuracy, not f1") !=
               std::string::npos);
    BOOST_TEST(numbers(net) == before, per_element());
}

BOOST_AUTO_TEST_CASE(the_best_epochs_model_is_kept)
{
    const TemporaryDirectory directory;
    Net net;
    std::vector<std::vector<double>> models;
    Options options = with_everything(15);
    options.schedule = [](Index step) { return step < 25 ? 0.05 : 10; };  // from epoch 6 on far too long
    options.checkpoint_directory = directory.path("run");
    options.after_epoch = [&](const nn::EpochResult&) { models.push_back(numbers(net)); };
    const nn::History history = run(net, options);
    const int best = history.best().epoch;
    BOOST_TEST(best < 15);  // or this would show nothing

    Net kept;
    nn::io::load(directory.path("run/best.safetensors"), kept);
    BOOST_TEST(numbers(kept) == models[static_cast<std::size_t>(best - 1)], per_element());
}
