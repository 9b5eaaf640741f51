// Training by nn::fit: steps, validation, early stopping, and runs that go on where others were killed.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "nn_data_files/files.hpp"

#include <cmath>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

using namespace autodiff;
using namespace autodiff::tests;
using boost::test_tools::per_element;
using nn::data::Dataset;

namespace {

/// Drops half of its inputs while training, drawn anew in each step.
struct DropHalf {
    Tensor<> operator()(const Tensor<>& x) const
    {
        if (!nn::TrainingMode::is_active()) return x;
        return where(bernoulli(next_key(), x.shape()), 2 * x, Tensor<>(0.0));
    }
};

/// Subtracts a running mean of what it has seen while training, which is state and no parameter.
struct Center {
    mutable Tensor<> mean{0.0, 0.0};

    Tensor<> operator()(const Tensor<>& x) const
    {
        if (nn::TrainingMode::is_active()) mean = 0.9 * mean + 0.1 * autodiff::mean(x, {0});
        return x - mean;
    }
    auto parameters()
    {
        nn::Parameters<> list;
        list.state.push_back({"mean", &mean});
        return list;
    }
};

struct Net {
    Center center;
    nn::Linear<> hidden{2, 8, Key(1)}, output{8, 2, Key(2)};

    Tensor<> operator()(const Tensor<>& x) const { return output(DropHalf{}(tanh(hidden(center(x))))); }
    nn::Parameters<> parameters()
    {
        return nn::parameters("center", center, "hidden", hidden, "output", output);
    }
};

/// Points of the plane, and whether they lie within a circle.
Dataset<Tensor<>, IndexArray> circle(Index samples)
{
    const Tensor<> x = normal(Key(3), {samples, 2});
    IndexArray labels = IndexArray::uninitialized({samples});
    for (Index i = 0; i < samples; ++i) labels.writable()[i] = x(i, 0) * x(i, 0) + x(i, 1) * x(i, 1) < 1;
    return Dataset(x, labels);
}
using Options = nn::FitOptions<Tensor<>, IndexArray, Tensor<>>;

std::vector<double> numbers(Net& net)
{
    std::vector<double> all = net.center.mean.to_vector();
    for (const auto& parameter : net.parameters())
        for (const double number : parameter.tensor->to_vector()) all.push_back(number);
    return all;
}

/// A network trained from its start, or from the checkpoint that there is, in a process's own words.
nn::History run(Net& net, const Options& options)
{
    return nn::compile(net, nn::Adam{{.learning_rate = 0.05}}, nn::cross_entropy).fit(circle(50), options);
}

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

/// A history of these validation losses.
nn::History history_of(const std::vector<double>& losses)
{
    nn::History history;
    for (const double loss : losses) history.push_back({.training_loss = 100, .validation_loss = loss});
    return history;
}

}  // namespace

BOOST_AUTO_TEST_CASE(fit_takes_the_steps_of_a_loop_over_batches_written_by_hand)
{
    Net net, by_hand;
    const auto dataset = circle(20);
    const auto history = nn::compile(net, nn::Sgd{{.learning_rate = 0.5, .momentum = 0.9}}, nn::cross_entropy)
                             .fit(dataset, {.epochs = 3, .batch_size = 8, .key = Key(4)});

    const auto keys = split<3>(Key(4));
    const nn::data::Loader loader(dataset, {.batch_size = 8, .key = keys[1]});
    nn::Sgd sgd{{.learning_rate = 0.5, .momentum = 0.9}};
    std::uint64_t step = 0;
    for (int epoch = 0; epoch < 3; ++epoch) {
        double sum = 0;
        for (const auto& [x, y] : loader.epoch(epoch)) {
            const nn::TrainingMode mode(fold_in(keys[2], step++));
            const auto [loss, gradients] = value_and_gradient(
                [&, &inputs = x, &labels = y] { return nn::cross_entropy(by_hand(inputs), labels); },
                by_hand.parameters());
            sgd.step(by_hand.parameters(), gradients);
            sum += loss.item() * static_cast<double>(y.size());
        }
        // The mean is summed in another order.
        BOOST_TEST(std::abs(history[static_cast<std::size_t>(epoch)].training_loss - sum / 20) < 1e-14);
    }
    BOOST_TEST(numbers(net) == numbers(by_hand), per_element());
}

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
    options.checkpoint_directory = directory.path("run");
    options.after_epoch = [&](const nn::EpochResult&) { models.push_back(numbers(net)); };
    const nn::History history = run(net, options);
    const int best = history.best().epoch;
    BOOST_TEST(best < 15);  // or this would show nothing

    Net kept;
    nn::io::load(directory.path("run/best.safetensors"), kept);
    BOOST_TEST(numbers(kept) == models[static_cast<std::size_t>(best - 1)], per_element());
}

BOOST_AUTO_TEST_CASE(early_stopping_ends_a_run_that_no_longer_improves)
{
    const TemporaryDirectory directory;
    // Nothing is learned at this rate: only the first epoch is better than those before.
    const auto fit = [&](int epochs, bool resume) {
        nn::Sequential model{nn::Linear<>{2, 2, Key(1)}};
        return nn::compile(model, nn::Adam{{.learning_rate = 0}}, nn::cross_entropy)
            .fit(circle(20), {.epochs = epochs,
                              .validation_fraction = 0.5,
                              .early_stopping = nn::EarlyStopping{.patience = 3},
                              .checkpoint_directory = directory.path("run"),
                              .resume = resume})
            .size();
    };
    BOOST_TEST(fit(2, false) == 2u);
    BOOST_TEST(fit(10, true) == 4u);
    BOOST_TEST(fit(10, true) == 4u);
    BOOST_TEST(fit(10, false) == 4u);
}

BOOST_AUTO_TEST_CASE(a_callback_may_end_training)
{
    Net net;
    BOOST_TEST(
        run(net, {.epochs = 9, .after_epoch = [](const nn::EpochResult& r) { return r.epoch < 3; }}).size() ==
        3u);
    int calls = 0;
    BOOST_TEST(run(net, {.epochs = 3, .after_epoch = [&](const nn::EpochResult&) { ++calls; }}).size() == 3u);
    BOOST_TEST(calls == 3);
    BOOST_TEST(run(net, {.epochs = 0}).empty());
}

BOOST_AUTO_TEST_CASE(loss_and_metrics_are_means_over_samples_measured_without_training_mode)
{
    Net net;
    const auto validation = circle(11);
    const auto& [x, y] = validation.arrays();
    int calls = 0;
    const auto count = [&](const Tensor<>& prediction, const IndexArray& labels) {
        ++calls;
        BOOST_TEST(!nn::TrainingMode::is_active());
        BOOST_TEST(prediction.session() == 0u);
        return static_cast<double>(labels.size());
    };
    const nn::History history = run(net, {.epochs = 2,
                                          .batch_size = 4,  // the last of 11 is one of 3
                                          .validation = validation,
                                          .metrics = {{"accuracy", nn::accuracy}, {"size", count}}});
    BOOST_TEST(calls == 2 * 3);
    BOOST_TEST(history.metric_names == (std::vector<std::string>{"accuracy", "size"}), per_element());
    // The means are summed in another order.
    BOOST_TEST(std::abs(history[1].metrics[0] - nn::accuracy(net(x), y)) < 1e-15);
    BOOST_TEST(std::abs(history[1].metrics[1] - (4 * 4 + 4 * 4 + 3 * 3) / 11.0) < 1e-14);
    auto training = nn::compile(net, nn::Sgd{}, nn::cross_entropy);
    BOOST_TEST(history[1].validation_loss.value() == training.evaluate(validation, 4));
    BOOST_TEST(std::abs(training.evaluate(validation, 4) - training.evaluate(x, y)) < 1e-15);
    BOOST_TEST(training.evaluate(validation) == training.evaluate(x, y));
}

BOOST_AUTO_TEST_CASE(a_schedule_counts_steps_and_progress_counts_samples)
{
    Net net;
    std::vector<Index> steps, samples;
    const nn::History history = run(net, {.epochs = 2,
                                          .batch_size = 20,
                                          .schedule =
                                              [&](Index step) {
                                                  steps.push_back(step);
                                                  return 0.25 * static_cast<double>(step);
                                              },
                                          .after_batch =
                                              [&](const nn::BatchResult& result) {
                                                  samples.push_back(result.samples);
                                                  BOOST_TEST(result.samples_per_epoch == 50);
                                                  BOOST_TEST(result.epochs == 2);
                                                  BOOST_TEST(result.epoch == (samples.size() <= 3 ? 1 : 2));
                                              }});
    BOOST_TEST(steps == (std::vector<Index>{0, 1, 2, 3, 4, 5}), per_element());
    BOOST_TEST(samples == (std::vector<Index>{20, 40, 50, 20, 40, 50}), per_element());
    BOOST_TEST(history[0].learning_rate == 0.5);
    BOOST_TEST(history[1].learning_rate == 1.25);
}

BOOST_AUTO_TEST_CASE(gradients_are_clipped_before_a_step)
{
    const auto change = [](std::optional<double> value, std::optional<double> norm) {
        nn::Sequential model{nn::Linear<>{2, 2, nn::Bias::no}};
        nn::initialize(model, Key(1));
        const auto before = model.part<0>().weight.to_vector();
        nn::compile(model, nn::Sgd{{.learning_rate = 1}}, nn::cross_entropy)
            .fit(circle(20), {.clip_value = value, .clip_global_norm = norm});
        const auto after = model.part<0>().weight.to_vector();
        double squares = 0, largest = 0;
        for (std::size_t i = 0; i < before.size(); ++i) {
            const double step = std::abs(after[i] - before[i]);
            squares += step * step;
            largest = std::max(largest, step);
        }
        return std::pair(largest, std::sqrt(squares));
    };
    BOOST_TEST(change({}, {}).first > 2e-3);
    BOOST_TEST(std::abs(change(1e-3, {}).first - 1e-3) < 1e-12);
    BOOST_TEST(std::abs(change({}, 1e-3).second - 1e-3) < 1e-6);  // 1e-6 is added to the norm
}

BOOST_AUTO_TEST_CASE(a_network_of_float_learns_a_circle)
{
    const auto dataset = circle(400);
    const auto& [points, labels] = dataset.arrays();
    std::vector<float> numbers_of_x;
    for (const double number : points.to_vector()) numbers_of_x.push_back(static_cast<float>(number));
    const Tensor<float> x(Shape{400, 2}, numbers_of_x);
    nn::Sequential model{nn::Linear<float>{2, 16, Key(1)}, nn::Tanh{}, nn::Linear<float>{16, 2, Key(2)}};
    auto training = nn::compile(model, nn::Adam<float>{{.learning_rate = 0.05}}, nn::cross_entropy);
    const auto history = training.fit(x, labels,
                                      {.epochs = 30,
                                       .batch_size = 20,
                                       .prefetch = 1,
                                       .validation_fraction = 0.2,
                                       .metrics = {{"accuracy", nn::accuracy}}});
    BOOST_TEST(history.back().metrics[0] > 0.9);
}

BOOST_AUTO_TEST_CASE(options_that_make_no_sense_are_refused)
{
    Net net;
    const auto error_of = [&](const Options& options) {
        return error_text<DomainError>([&] { run(net, options); });
    };
    BOOST_TEST(error_of({.epochs = -1}) == "fit: -1 epochs; there cannot be fewer than 0");
    BOOST_TEST(error_of({.batch_size = -1}) ==
               "fit: the batch_size -1 is negative; 0 takes all samples at once");
    BOOST_TEST(error_of({.validation_fraction = 1}) == "fit: there are no samples to train on");
    BOOST_TEST(error_of({.validation_fraction = 0.001}) == "fit: there are no samples for validation");
    BOOST_TEST(error_of({.validation_fraction = 2}) ==
               "split: the fraction 2 for validation is not in [0, 1]");
    BOOST_TEST(error_of({.validation = circle(2), .validation_fraction = 0.1}).find("leave out one") !=
               std::string::npos);
    BOOST_TEST(
        error_of({.metrics = {{"accuracy", nn::accuracy}}}).find("metrics are of the validation set") !=
        std::string::npos);
    BOOST_TEST(error_of({.early_stopping = nn::EarlyStopping{.patience = 0}}).find("must be positive") !=
               std::string::npos);
    BOOST_TEST(error_of({.resume = true}).find("needs the checkpoint_directory") != std::string::npos);

    struct Plain {
        void step(const nn::Parameters<>&, const std::vector<Tensor<>>&) {}
    };
    auto training = nn::compile(net, Plain{}, nn::cross_entropy);
    BOOST_TEST(training.fit(circle(5), {}).size() == 1u);
    BOOST_CHECK_THROW(training.fit(circle(5), {.schedule = [](Index) { return 0.1; }}), DomainError);
    BOOST_CHECK_THROW(training.fit(circle(5), {.checkpoint_directory = "x"}), DomainError);

    const TemporaryDirectory directory;
    Options options{.checkpoint_directory = directory.write("file", "") + "/run"};
    BOOST_CHECK_THROW(run(net, options), nn::data::FileError);
}

BOOST_AUTO_TEST_CASE(a_history_knows_its_best_epoch_and_how_long_nothing_improved)
{
    const double nan = std::nan("");
    BOOST_TEST(&history_of({3}).best() != nullptr);
    const auto best = [](const nn::History& history) { return &history.best() - history.data(); };
    BOOST_TEST(best(history_of({3, 1, 2, 1})) == 1);
    BOOST_TEST(best(history_of({nan, 2, nan})) == 1);
    BOOST_TEST(best(history_of({nan, nan})) == 0);
    BOOST_CHECK_THROW(nn::History{}.best(), DomainError);
    nn::History without_validation{{.training_loss = 2}, {.training_loss = 1}};
    BOOST_TEST(best(without_validation) == 1);

    BOOST_TEST(history_of({}).epochs_without_improvement() == 0);
    BOOST_TEST(history_of({3, 2, 1}).epochs_without_improvement() == 0);
    BOOST_TEST(history_of({3, 1, 2, 1}).epochs_without_improvement() == 2);
    BOOST_TEST(history_of({3, nan, nan}).epochs_without_improvement() == 2);
    // Small improvements count together, from the epoch that last improved enough.
    BOOST_TEST(history_of({3, 2.75, 2.5}).epochs_without_improvement(0.4) == 0);
    BOOST_TEST(history_of({3, 2.75, 2.5}).epochs_without_improvement(0.5) == 2);
}

BOOST_AUTO_TEST_CASE(a_history_is_written_as_csv)
{
    const TemporaryDirectory directory;
    nn::History history{
        {.epoch = 1, .training_loss = 0.5, .metrics = {0.25}, .learning_rate = 1e-3, .seconds = 2},
        {.epoch = 2,
         .training_loss = 0.1,
         .validation_loss = 1.0 / 3,
         .metrics = {1},
         .learning_rate = 1e-4,
         .seconds = 0.0004}};
    history.metric_names = {"top 1, \"strict\""};
    history.write_csv(directory.path("history.csv"));
    BOOST_TEST(read_bytes(directory.path("history.csv")) ==
               "epoch,training_loss,validation_loss,\"top 1, \"\"strict\"\"\",learning_rate,seconds\n"
               "1,0.5,,0.25,0.001,2.000\n"
               "2,0.1,0.3333333333333333,1,0.0001,0.000\n");
    BOOST_CHECK_THROW(history.write_csv(directory.path("none/history.csv")), nn::data::FileError);
}
