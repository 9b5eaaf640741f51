#pragma once

// What nn::fit asks of its options, and does without knowing the types of model and data.

#include <nn/fit_options.hpp>
#include <nn/io/checkpoint.hpp>

namespace nn {

namespace detail {

/// What of the options does not depend on types.
struct FitPlan {
    int epochs;
    Index batch_size, samples, validation_samples;
    bool has_validation, has_two_validations, has_metrics, has_schedule, has_learning_rate, has_checkpoints,
        resumes, has_state;
    std::optional<EarlyStopping> early_stopping;
};
/// @throws autodiff::DomainError for options that make no sense.
void require_plan(const FitPlan& plan);
/// What a run has to have in common with the one that it continues.
io::Metadata settings_of_run(Key key, Index batch_size, Index samples,
                             const std::vector<std::string>& metrics);
/// Whether the last epoch or a missing improvement ends training.
bool has_ended(const History& history, int epochs, const std::optional<EarlyStopping>& early_stopping);

/// A mean that takes in a batch after the other.
class RunningMean {
public:
    void add(double mean, Index count)
    {
        count_ += count;
        mean_ += (mean - mean_) * static_cast<double>(count) / static_cast<double>(count_);
    }
    double value() const { return mean_; }
    Index count() const { return count_; }

private:
    double mean_ = 0;
    Index count_ = 0;
};

template <class X>
inline constexpr bool is_dataset = false;
template <class... Arrays>
inline constexpr bool is_dataset<data::Dataset<Arrays...>> = true;

template <class Optimizer>
concept HasLearningRate = requires(Optimizer& optimizer) {
    { optimizer.options.learning_rate } -> std::same_as<double&>;
};
template <class Optimizer, class T>
concept HasState = requires(Optimizer& optimizer) {
    { optimizer.state } -> std::same_as<OptimizerState<T>&>;
};

}  // namespace detail

}  // namespace nn
