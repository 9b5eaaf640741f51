#pragma once

#include <autodiff/ops/normalization.hpp>
#include <nn/parameters.hpp>

namespace nn {

/// Each row (the last axis) with mean 0 and variance 1, then scaled and shifted by what is learned:
///   y = (x - μ) / √(σ² + ε) weight + bias,   (…, features) -> (…, features)   (Ba, Kiros and Hinton 2016)
/// It does the same in training and afterwards. Parameters: weight (ones at first), bias (zeros).
template <class T = double>
struct LayerNorm {
    Tensor<T> weight,  ///< (features)
        bias;          ///< (features)
    double epsilon;    ///< ε, above 0

    explicit LayerNorm(Index features, double with_epsilon = 1e-5)
        : weight(Tensor<T>::ones({features})), bias(Tensor<T>::zeros({features})), epsilon(with_epsilon)
    {
    }

    /// @throws autodiff::ShapeError unless the last axis of x holds the features.
    Tensor<T> operator()(const Tensor<T>& x) const { return layer_norm(x, weight, bias, epsilon); }
    /// weight and bias.
    Parameters<T> parameters() { return {{"weight", &weight}, {"bias", &bias}}; }
};

}  // namespace nn
