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
    explicit TrainingMode(autodiff::Key key) : keys_(key) { active_ = true; }
    TrainingMode(const TrainingMode&) = delete;
    TrainingMode& operator=(const TrainingMode&) = delete;
    ~TrainingMode() { active_ = before_; }

    /// Whether there is one in this thread.
    static bool is_active() { return active_; }

private:
    inline static thread_local constinit bool active_ = false;

    autodiff::KeyScope keys_;
    bool before_ = active_;
};

}  // namespace nn
