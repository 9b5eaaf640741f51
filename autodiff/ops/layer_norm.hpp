#pragma once

#include <autodiff/tensor.hpp>

namespace autodiff {

/// y = x̂ scale + shift with x̂ = (x - μ) / √(σ² + ε), where μ and σ² are the mean and the variance (divided by
/// n) along the last axis: (…, n) (n) (n) -> (…, n)   (Ba, Kiros and Hinton 2016)
///   with g = ȳ scale:   x̄ = (g - mean g - x̂ mean(g x̂)) / √(σ² + ε),   scale̅ = Σ ȳ x̂,   shift̅ = Σ ȳ
/// @throws ShapeError if the sizes do not fit, DomainError for rows of no elements or an ε that is not above
/// 0.
template <class T>
Tensor<T> layer_norm(const Tensor<T>& x, const Tensor<T>& scale, const Tensor<T>& shift,
                     double epsilon = 1e-5);

extern template Tensor<double> layer_norm(const Tensor<double>&, const Tensor<double>&, const Tensor<double>&,
                                          double);
extern template Tensor<float> layer_norm(const Tensor<float>&, const Tensor<float>&, const Tensor<float>&,
                                         double);

}  // namespace autodiff
