#pragma once

#include <autodiff/random.hpp>

namespace nn {

/// While it lives, layers of this thread do what they do in training: Dropout drops, BatchNorm takes the mean
/// and variance of the batch. Without one they do what they do afterwards.
///
///     const nn::TrainingMode training(fold_in(key, step));
///     auto [loss, gradients] = value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
///
/// What is drawn at random follows from the key and the order of the draws.
class TrainingMode {
public:
    explicit TrainingMode(autodiff::Key key)
        : keys_(autodiff::detail::KeySequence{.key = key, .is_set = true, .is_training = true})
    {
    }

    /// Whether there is one in this thread.
    static bool is_active() { return autodiff::detail::current_keys.is_training; }
    /// Whether what is computed was computed before, and left its traces then (running means).
    static bool is_repetition() { return autodiff::detail::current_keys.is_repetition; }

private:
    autodiff::KeyScope keys_;
};

}  // namespace nn
