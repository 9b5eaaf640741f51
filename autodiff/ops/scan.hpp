#pragma once

// Running results along an axis.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// y_k = x_0 + … + x_k along an axis;   x̄_k = ȳ_k + … + ȳ_(n-1)
/// @throws AxisError for an axis that x does not have.
template <class T>
Tensor<T> cumsum(const Tensor<T>& x, Index axis);

}  // namespace autodiff
