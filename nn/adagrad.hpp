#pragma once

// Adagrad: gradients in units of all that went before, so that rare features take large steps.

#include <nn/optimizer.hpp>

namespace nn {

/// The hyperparameters of Adagrad, as its formulas name them.
struct AdagradOptions {
    double learning_rate = 0.01;        ///< that of the first step
    double learning_rate_decay = 0;     ///< η: the rate is divided by 1 + η (t - 1) in step t = 1, 2, …
    double weight_decay = 0;            ///< λ: the gradient of λ/2 |θ|² is added
    double initial_sum_of_squares = 0;  ///< what s starts from
    double epsilon = 1e-10;             ///< keeps the step finite where all gradients were small
};

/// Adagrad (Duchi et al. 2011, its diagonal form), with the conventions of PyTorch:
///   g = ∇θ + λ θ
///   s = s + g²
///   θ = θ - learning_rate / (1 + η (t - 1)) g / (√s + ε)
/// State: sum_of_squares s.
template <class T = double>
class Adagrad {
public:
    AdagradOptions options;   ///< as the next step reads them: they may change in between
    OptimizerState<T> state;  ///< sum_of_squares, and how many steps were taken

    /// @throws autodiff::DomainError for options out of range.
    explicit Adagrad(AdagradOptions with = {});

    /// @throws as Sgd::step.
    void step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients);
};

extern template class Adagrad<double>;
extern template class Adagrad<float>;

}  // namespace nn
