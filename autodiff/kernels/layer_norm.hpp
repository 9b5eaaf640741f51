#pragma once

// Normalization of rows, with scale and shift, and its pullback: each row is read again while it is in the
// cache.

#include <autodiff/array.hpp>

namespace autodiff::kernels {

/// The result of layer_norm(), and what its pullback needs.
template <class T>
struct NormalizedRows {
    Array<T> y;        ///< (…, n), as x
    Array<T> mean;     ///< μ of each row
    Array<T> inverse;  ///< 1 / √(σ² + ε) of each row
};

/// y = (x - μ) / √(σ² + ε) · scale + shift along the last axis, of n > 0 elements; scale and shift (n), all
/// contiguous.
template <class T>
NormalizedRows<T> layer_norm(const Array<T>& x, const Array<T>& scale, const Array<T>& shift, T epsilon);

/// The adjoints of layer_norm()'s arguments.
template <class T>
struct LayerNormAdjoints {
    Array<T> x,  ///< x̄ (…, n)
        scale,   ///< (n)
        shift;   ///< (n)
};

/// With x̂ = (x - μ) / √(σ² + ε) and g = ȳ · scale, means along the row:
///   x̄ = (g - mean g - x̂ mean(g x̂)) / √(σ² + ε),   scale̅ = Σ ȳ x̂,   shift̅ = Σ ȳ
template <class T>
LayerNormAdjoints<T> pull_layer_norm(const Array<T>& y_bar, const Array<T>& x, const Array<T>& scale,
                                     const NormalizedRows<T>& rows);

}  // namespace autodiff::kernels
