#pragma once

// What the examples that classify pictures share: their options, their progress, their table of epochs.

#include "support/command_line.hpp"
#include "support/progress.hpp"

#include <nn/fit_options.hpp>
#include <nn/history.hpp>
#include <nn/metrics.hpp>

#include <memory>

namespace support {

struct ClassifierSettings {
    int epochs = 5;
    autodiff::Index batch_size = 128;
    double learning_rate = 2e-3;
    std::uint64_t seed = 1;
    int threads = 1;
    std::string precision = "float";
    bool resume = false;
    std::string data = "/usr/share/datasets/fashion-mnist";
};

/// The settings from the command line. @throws UsageError.
ClassifierSettings classifier_settings(CommandLine& options, ClassifierSettings defaults, int argc,
                                       char** argv);

/// Shows how far `fit` has come: its callback after each batch.
class FitProgress {
public:
    explicit FitProgress(bool quiet) : quiet_(quiet) {}
    void operator()(const nn::BatchResult& now);
    void clear();

private:
    bool quiet_;
    std::shared_ptr<Progress> progress_;
};

/// Prints a line for each epoch, of which the first metric is the accuracy, and what the test has shown;
/// writes NAME.csv and NAME.svg if pictures are wanted. Returns the exit code: 0 if four of five are right.
int report(const std::string& name, const std::string& title, const nn::History& history,
           const nn::ConfusionMatrix& confusion, const CommandLine& options);

}  // namespace support
