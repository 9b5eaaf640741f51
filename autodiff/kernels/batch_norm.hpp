#pragma once

// Normalization of channels over all samples and places, and its pullback. An array (n, c, …) is n planes of
// each of c channels.

#include <autodiff/array.hpp>

namespace autodiff::kernels {

/// The result of batch_norm(), and what its pullback needs.
template <class T>
struct NormalizedChannels {
    Array<T> y;     ///< (n, c, …), as x
    Array<T> mean,  ///< μ of each channel
        variance;   ///< σ² of each channel
};

/// y = (x - μ) / √(σ² + ε) · scale + shift for each channel (axis 1); scale and shift (c), all contiguous.
template <class T>
NormalizedChannels<T> batch_norm(const Array<T>& x, const Array<T>& scale, const Array<T>& shift, T epsilon);

/// The adjoints of batch_norm()'s arguments.
template <class T>
struct BatchNormAdjoints {
    Array<T> x,  ///< x̄ (n, c, …)
        scale,   ///< (c)
        shift;   ///< (c)
};

/// With x̂ = (x - μ) r, r = 1 / √(σ² + ε), and means over the channel:
///   x̄ = scale r (ȳ - mean ȳ - x̂ mean(ȳ x̂)),   scale̅ = Σ ȳ x̂,   shift̅ = Σ ȳ
template <class T>
BatchNormAdjoints<T> pull_batch_norm(const Array<T>& y_bar, const Array<T>& x, const Array<T>& scale,
                                     const NormalizedChannels<T>& channels, T epsilon);

}  // namespace autodiff::kernels
