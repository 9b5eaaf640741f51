#pragma once

#include <nn/parameters.hpp>

namespace nn {

/// The hyperparameters of BatchNorm.
struct BatchNormOptions {
    double epsilon = 1e-5;  ///< added to the variance
    double momentum = 0.1;  ///< weight of a batch in the running mean and variance
};

/// Each channel (axis 1) with mean 0 and variance 1, then scaled and shifted by what is learned:
///   y = (x - μ) / √(σ² + ε) weight + bias,   (samples, channels, …) -> (samples, channels, …)
/// (Ioffe and Szegedy 2015). In training μ and σ² are those of the batch, over samples and places; afterwards
/// the running ones, of which each batch in training has moved the part `momentum`:
///   running = (1 - momentum) running + momentum batch,   with σ² divided by n - 1, as PyTorch does.
/// Parameters: weight (ones at first), bias (zeros). State: running_mean (zeros), running_variance (ones).
/// Two threads must not train one layer at a time.
template <class T = double>
struct BatchNorm {
    Tensor<T> weight,                ///< (channels)
        bias;                        ///< (channels)
    BatchNormOptions options;        ///< ε and the momentum of the running means
    mutable Tensor<T> running_mean,  ///< (channels), moved by each call in training
        running_variance;            ///< (channels), moved by each call in training

    BatchNorm() = default;
    explicit BatchNorm(Index channels, const BatchNormOptions& with_options = {});

    /// @throws autodiff::ShapeError unless axis 1 of x has the channels, autodiff::DomainError in training if
    /// a channel has less than two elements.
    Tensor<T> operator()(const Tensor<T>& x) const;

    /// weight and bias; running_mean and running_variance are the list's state.
    Parameters<T> parameters();
};

extern template struct BatchNorm<double>;
extern template struct BatchNorm<float>;

}  // namespace nn
