// What is said of each epoch.

#include <autodiff/error.hpp>
#include <nn/history.hpp>

#include <nn_data_files/files.hpp>

#include <cmath>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// A history of these validation losses.
nn::History history_of(const std::vector<double>& losses)
{
    nn::History history;
    for (const double loss : losses) history.push_back({.training_loss = 100, .validation_loss = loss});
    return history;
}

}  // namespace

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
