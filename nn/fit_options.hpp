#pragma once

// What nn::fit can be told; see <nn/fit.hpp>.

#include <nn/data/loader.hpp>
#include <nn/history.hpp>
#include <nn/schedule.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nn {

using autodiff::Key;

/// Ends training when so many epochs in a row have not lowered the loss (of the validation set, or where
/// there is none of training) by more than the minimal improvement below the lowest before.
struct EarlyStopping {
    int patience = 5;                ///< in epochs, at least 1
    double minimal_improvement = 0;  ///< in units of the loss, not negative
};

/// Where training stands within an epoch.
struct BatchResult {
    int epoch;                ///< from 1
    int epochs;               ///< as asked for
    Index samples;            ///< trained on in this epoch
    Index samples_per_epoch;  ///< in all
    double loss;              ///< mean over the samples of this epoch so far
};

/// What is called after each epoch. A function that returns bool says whether to go on; one that returns
/// nothing only looks.
class AfterEpoch {
public:
    AfterEpoch() = default;
    template <std::invocable<const EpochResult&> F>
        requires(!std::same_as<F, AfterEpoch>)
    AfterEpoch(F f)
        : goes_on_([f = std::move(f)](const EpochResult& result) mutable {
              if constexpr (std::is_void_v<std::invoke_result_t<F&, const EpochResult&>>) {
                  f(result);
                  return true;
              } else {
                  return static_cast<bool>(f(result));
              }
          })
    {
    }

    /// Whether to go on.
    bool operator()(const EpochResult& result) const { return !goes_on_ || goes_on_(result); }

private:
    std::function<bool(const EpochResult&)> goes_on_;
};

/// A number for people beside the loss, averaged over the samples.
template <class Prediction, class Y>
struct Metric {
    std::string name;  ///< that of its column in the history
    /// The mean over the samples of a batch, from the model's prediction and y.
    std::function<double(const Prediction&, const Y&)> of;
};

/// Of Training::fit: how long, in what batches, and what is done on the way.
template <class X, class Y, class Prediction>
struct FitOptions {
    int epochs = 1;  ///< how many there are at the end, those of the run that is resumed included
    /// How many samples a step takes; 0: all at once, in their order.
    Index batch_size = 0;
    /// Decides all that is random: the order of each epoch, the split, what layers draw in each step.
    Key key = Key(0);
    /// Makes another batch of one, see data::Loader.
    typename data::Loader<X, Y>::Transform transform = {};
    Index prefetch = 0;  ///< how many batches a thread makes ahead, see data::LoaderOptions

    /// What the loss and the metrics are measured on after each epoch: samples of their own; or else the part
    /// `validation_fraction` of those given, which are then not trained on.
    std::optional<data::Dataset<X, Y>> validation = {};
    double validation_fraction = 0;  ///< in [0, 1), 0 for none; not beside `validation`
    /// Means over what validation is measured on: they need one of the two.
    std::vector<Metric<Prediction, Y>> metrics = {};
    std::optional<EarlyStopping> early_stopping = {};  ///< none: training goes on for all epochs

    /// The learning rate as a function of the step, from 0, over all epochs.
    Schedule schedule = {};
    /// The gradients of each step are clipped first by value, then by norm; none: they are not.
    std::optional<double> clip_value = {},  ///< limit of clip_by_value
        clip_global_norm = {};              ///< max_norm of clip_by_global_norm

    /// Where last.safetensors (a checkpoint) and best.safetensors (the model) are written after each epoch,
    /// the latter if it was the best so far. The directory is made if needed, and is for one run at a time.
    std::string checkpoint_directory = {};
    /// Whether to go on from the checkpoint, if there is one.
    bool resume = false;

    /// See autodiff::DetectAnomalies: for finding where a NaN comes from.
    bool detect_anomalies = false;

    AfterEpoch after_epoch = {};  ///< called when the epoch is in the history and its checkpoint written
    std::function<void(const BatchResult&)> after_batch = {};  ///< called after each step
};

}  // namespace nn
