#pragma once

// RMSprop: gradients in units of their recent size.

#include <nn/optimizer.hpp>

namespace nn {

/// The hyperparameters of RmsProp, as its formulas name them.
struct RmsPropOptions {
    double learning_rate = 0.01;  ///< what d, or with momentum v, is multiplied by
    double alpha = 0.99;          ///< weight of the past in the mean of the squared gradient
    double epsilon = 1e-8;        ///< keeps the step finite where all gradients were small
    double weight_decay = 0;      ///< λ: the gradient of λ/2 |θ|² is added
    double momentum = 0;          ///< μ: how much of the last step's velocity is kept
    bool centered = false;        ///< divide by the standard deviation of the gradient (Graves 2013)
};

/// RMSprop (Tieleman and Hinton 2012, Coursera, lecture 6e), with the conventions of PyTorch:
///   g = ∇θ + λ θ
///   s = α s + (1 - α) g²            s starts at 0
///   d = g / (√s + ε)                or, if centered, g / (√(s - a²) + ε) with a = α a + (1 - α) g
///   θ = θ - learning_rate d         or, with momentum, v = μ v + d,   θ = θ - learning_rate v
/// Where rounding makes s - a² negative, it counts as 0. State: mean_square s, mean_gradient a if centered,
/// velocity v if there is momentum.
template <class T = double>
class RmsProp {
public:
    RmsPropOptions options;   ///< as the next step reads them: they may change in between
    OptimizerState<T> state;  ///< mean_square and what the options ask for, and how many steps were taken

    /// @throws autodiff::DomainError for options out of range.
    explicit RmsProp(RmsPropOptions with = {});

    /// @throws as Sgd::step.
    void step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients);
};

extern template class RmsProp<double>;
extern template class RmsProp<float>;

}  // namespace nn
