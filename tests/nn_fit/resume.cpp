// Runs that go on where others ended. Those that are killed are in the suite faults.

#include "circle.hpp"

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
    // What a killed run was writing goes; what is somebody else's stays.
    directory.write("run/last.safetensors.17.tmp", "half");
    directory.write("run/last.safetensors.txt", "a note");
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
    BOOST_TEST(!std::filesystem::exists(directory.path("run/last.safetensors.17.tmp")));
    BOOST_TEST(std::filesystem::exists(directory.path("run/last.safetensors.txt")));

    // What is finished stays as it is.
    Net again;
    require_equal(run(again, options), expected);
    BOOST_TEST(calls == 2);
    BOOST_TEST(numbers(again) == numbers(whole), per_element());
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
