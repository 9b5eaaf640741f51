#pragma once

// Reductions over any axes: an empty list of axes means all of them. With KeepDims::yes the reduced axes stay, with
// size one, so that the result broadcasts against the argument.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// y = Σ x over the axes;   x̄ = ȳ stretched to x's shape. The sum of nothing is 0.
/// @throws AxisError for an axis that x does not have.
template <class T>
Tensor<T> sum(const Tensor<T>& x, const Axes& axes = {}, KeepDims keep_dims = KeepDims::no);

}  // namespace autodiff
