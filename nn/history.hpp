#pragma once

// What nn::fit tells of each epoch:
//
//     const nn::History history = training.fit(dataset, {.epochs = 5, .validation_fraction = 0.1});
//     fmt::print("{:.3f}\n", history.best().validation_loss.value());
//     history.write_csv("history.csv");

#include <optional>
#include <string>
#include <vector>

namespace nn {

/// What one epoch came to.
struct EpochResult {
    int epoch = 0;             ///< from 1
    double training_loss = 0;  ///< mean over the samples, each measured before the step of its batch
    std::optional<double> validation_loss = {};  ///< after the last step
    std::vector<double> metrics = {};            ///< of the validation set, in the order of their names
    double learning_rate = 0;                    ///< of the last step
    double seconds = 0;                          ///< validation included

    /// The loss by which epochs are compared: of the validation set, or where there is none of training.
    double compared_loss() const { return validation_loss.value_or(training_loss); }
};

/// The epochs in order.
struct History : std::vector<EpochResult> {
    using std::vector<EpochResult>::vector;

    std::vector<std::string> metric_names;  ///< of the numbers in EpochResult::metrics

    /// The first epoch with the lowest loss, as compared_loss() says. NaN is higher than all.
    /// @throws autodiff::DomainError if there is no epoch.
    const EpochResult& best() const;
    /// How many epochs have passed since one was better than all before by more than `minimal_improvement`.
    int epochs_without_improvement(double minimal_improvement = 0) const;

    /// A line of names and one for each epoch: epoch, training_loss, validation_loss, the metrics,
    /// learning_rate and seconds. A cell is empty where there is no such number. Numbers have as many digits
    /// as tell them apart, names are in quotes where CSV asks for them. The file is replaced as a whole or,
    /// if that fails, not at all.
    /// @throws nn::data::FileError.
    void write_csv(const std::string& path) const;
};

}  // namespace nn
