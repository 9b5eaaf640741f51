#pragma once

// Gradient descent, plain or with the momentum of a heavy ball.

#include <nn/optimizer.hpp>

namespace nn {

/// The hyperparameters of Sgd, as its formulas name them.
struct SgdOptions {
    double learning_rate = 0.01;  ///< what v, or with Nesterov g + μ v, is multiplied by
    double momentum = 0;          ///< μ: how much of the last step's velocity is kept
    double dampening = 0;         ///< δ: how much of the gradient does not enter the velocity
    double weight_decay = 0;      ///< λ: the gradient of λ/2 |θ|² is added
    bool nesterov = false;        ///< look one step of the velocity ahead; needs momentum and no dampening
};

/// Stochastic gradient descent, with the conventions of PyTorch:
///   g = ∇θ + λ θ
///   v = μ v + (1 - δ) g             (v = g in the first step; Polyak 1964)
///   θ = θ - learning_rate v         or, with Nesterov, θ - learning_rate (g + μ v)   (Sutskever et al. 2013)
/// Without momentum, θ = θ - learning_rate g. State: velocity, if there is momentum.
template <class T = double>
class Sgd {
public:
    SgdOptions options;       ///< as the next step reads them: they may change in between
    OptimizerState<T> state;  ///< velocity if there is momentum, and how many steps were taken

    /// @throws autodiff::DomainError for options out of range.
    explicit Sgd(SgdOptions with = {});

    /// @throws autodiff::ShapeError unless there is a gradient of the same shape for each parameter, the same
    /// parameters as in the step before; autodiff::RecordingError if the parameters are variables of a
    /// recording; autodiff::DomainError for options out of range.
    void step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients);
};

extern template class Sgd<double>;
extern template class Sgd<float>;

}  // namespace nn
