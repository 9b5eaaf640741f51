#pragma once

// Sums of exponentials, shifted by the largest element m so that none overflows: e^(x - m) / Σ e^(x - m).
// Infinite elements count as the limit of finite ones: where m is infinite, the elements equal to it share
// the softmax evenly. Axes are those over which the exponentials are summed; an empty list means all.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// y = ln Σ eˣ = m + ln Σ e^(x - m);   x̄ = ȳ softmax(x). Of nothing it is -∞, the logarithm of 0.
/// @throws AxisError for an axis that x does not have.
template <class T>
Tensor<T> logsumexp(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no);

/// y = eˣ / Σ eˣ;   x̄ = y (ȳ - Σ ȳ y)
/// @throws AxisError for an axis that x does not have.
template <class T>
Tensor<T> softmax(const Tensor<T>& x, const Axes& axes = {-1});

/// y = x - ln Σ eˣ;   x̄ = ȳ - softmax(x) Σ ȳ
/// @throws AxisError for an axis that x does not have.
template <class T>
Tensor<T> log_softmax(const Tensor<T>& x, const Axes& axes = {-1});

}  // namespace autodiff
