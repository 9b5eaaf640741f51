#pragma once

// Values with mean 0 and variance 1, then scaled and shifted by what is learned. Variances are divided by the
// count n of what they are taken over.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// y = x̂ scale + shift with x̂ = (x - μ) / √(σ² + ε), where μ and σ² are the mean and the variance along the
/// last axis: (…, n) (n) (n) -> (…, n)   (Ba, Kiros and Hinton 2016)
///   with g = ȳ scale:   x̄ = (g - mean g - x̂ mean(g x̂)) / √(σ² + ε),   scale̅ = Σ ȳ x̂,   shift̅ = Σ ȳ
/// @throws ShapeError if the sizes do not fit, DomainError for rows of no elements or an ε that is not above
/// 0.
template <class T>
Tensor<T> layer_norm(const Tensor<T>& x, const Tensor<T>& scale, const Tensor<T>& shift,
                     double epsilon = 1e-5);

/// What batch_norm returns: y, and the constants that a layer keeps running means of.
template <class T>
struct BatchNormalized {
    Tensor<T> y;    ///< (samples, channels, …), recorded
    Array<T> mean,  ///< μ of each channel
        variance;   ///< σ² of each channel, divided by the count, not by one less
};

/// y = x̂ scale + shift with x̂ = (x - μ) / √(σ² + ε), where μ and σ² are the mean and the variance of each
/// channel (axis 1) over all other axes: (samples, channels, …) (channels) (channels) -> (samples, channels,
/// …)   (Ioffe and Szegedy 2015). x̄, scale̅ and shift̅ as for layer_norm, with means over the channel.
/// @throws ShapeError if the sizes do not fit, DomainError for channels of no elements or an ε that is not
/// above 0.
template <class T>
BatchNormalized<T> batch_norm(const Tensor<T>& x, const Tensor<T>& scale, const Tensor<T>& shift,
                              double epsilon = 1e-5);

}  // namespace autodiff
