#pragma once

// Adam and AdamW: each number of a parameter has a step size of its own, from running means of its gradient
// and of the gradient's square.

#include <nn/optimizer.hpp>

namespace nn {

/// The hyperparameters of Adam, as its formulas name them. @throws autodiff::DomainError, from Adam, for a
/// number out of its range.
struct AdamOptions {
    double learning_rate = 1e-3;  ///< about the most that a number changes by in a step
    double beta1 = 0.9;           ///< weight of the past in the mean of the gradient
    double beta2 = 0.999;         ///< weight of the past in the mean of its square
    double epsilon = 1e-8;        ///< keeps the step finite where all gradients were small
    double weight_decay = 0;      ///< λ
    bool amsgrad = false;  ///< divide by the largest √v̂ so far: no step size grows again (Reddi et al. 2018)
};

/// The hyperparameters of AdamW, as its formulas name them.
struct AdamWOptions {
    double learning_rate = 1e-3;  ///< about the most that the gradient changes a number by in a step
    double beta1 = 0.9;           ///< weight of the past in the mean of the gradient
    double beta2 = 0.999;         ///< weight of the past in the mean of its square
    double epsilon = 1e-8;        ///< keeps the step finite where all gradients were small
    double weight_decay = 0.01;   ///< λ
    bool amsgrad = false;         ///< as in AdamOptions
};

/// Adam (Kingma and Ba 2015, algorithm 1, in the order of its section 2), with the conventions of PyTorch:
///   g = ∇θ + λ θ
///   m = β₁ m + (1 - β₁) g,          m̂ = m / (1 - β₁ᵗ)    in step t = 1, 2, …; m and v start at 0
///   v = β₂ v + (1 - β₂) g²,         v̂ = v / (1 - β₂ᵗ)
///   θ = θ - learning_rate m̂ / (√v̂ + ε)
/// With amsgrad the largest v so far takes the place of v in v̂. State: first_moment m, second_moment v and,
/// with amsgrad, largest_second_moment.
template <class T = double>
class Adam {
public:
    AdamOptions options;      ///< as the next step reads them: they may change in between
    OptimizerState<T> state;  ///< the moments, and how many steps were taken

    /// @throws autodiff::DomainError for options out of range.
    explicit Adam(AdamOptions with = {});

    /// @throws as Sgd::step.
    void step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients);
};

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): as Adam with g = ∇θ, but
///   θ = (1 - learning_rate λ) θ - learning_rate m̂ / (√v̂ + ε)
/// so that a weight decays at the same rate whatever its gradients are.
template <class T = double>
class AdamW {
public:
    AdamWOptions options;     ///< as the next step reads them: they may change in between
    OptimizerState<T> state;  ///< the moments, and how many steps were taken

    /// @throws autodiff::DomainError for options out of range.
    explicit AdamW(AdamWOptions with = {});

    /// @throws as Sgd::step.
    void step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients);
};

extern template class Adam<double>;
extern template class Adam<float>;
extern template class AdamW<double>;
extern template class AdamW<float>;

}  // namespace nn
