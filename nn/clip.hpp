#pragma once

// Clipping gradients before a step, so that one steep place does not throw the parameters far away:
//
//     auto [loss, gradients] = value_and_gradient([&] { return nn::mse(model(x), y); }, parameters);
//     nn::clip_by_global_norm(gradients, 1);
//     adam.step(parameters, gradients);
//
// Gradients are changed in place; tensors that share their elements are not.

#include <autodiff/tensor.hpp>

#include <vector>

namespace nn {

using autodiff::Tensor;

/// Each number to [-limit, limit]; NaN stays NaN.   (torch.nn.utils.clip_grad_value_)
/// @throws autodiff::DomainError unless limit >= 0, autodiff::RecordingError for variables of a recording.
template <class T>
void clip_by_value(std::vector<Tensor<T>>& gradients, double limit);

/// Shortens all gradients together, as one vector g, to a length of max_norm, if they are longer:
///   g = g min(1, max_norm / (|g| + 10⁻⁶))   (Pascanu et al. 2013, algorithm 1)
/// as torch.nn.utils.clip_grad_norm_ does, and returns |g| from before, of which only the length of a single
/// tensor can overflow in its own precision. If that is infinite, finite gradients are 0 afterwards, if it is
/// NaN, all are NaN: whoever wants to leave out such a step looks at the result.
/// @throws autodiff::DomainError unless max_norm >= 0, autodiff::RecordingError for variables of a recording.
template <class T>
double clip_by_global_norm(std::vector<Tensor<T>>& gradients, double max_norm);

}  // namespace nn
