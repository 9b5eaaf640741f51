// Training by nn::fit: steps, validation, early stopping.

#include "nn_fit/circle.hpp"

#include <cmath>

using namespace autodiff;
using namespace autodiff::tests;
using boost::test_tools::per_element;

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
    BOOST_CHECK_THROW(training.evaluate(validation.split(1, Key(1)).first), DomainError);
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
                                                  BOOST_TEST(!nn::TrainingMode::is_active());
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
