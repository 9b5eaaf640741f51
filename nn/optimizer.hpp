#pragma once

// Optimizers change a model's parameters by its gradients, between recordings:
//
//     nn::Sgd sgd{{.learning_rate = 0.5}};
//     auto [loss, gradients] = value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
//     sgd.step(model.parameters(), gradients);
//
// An optimizer is its options, public so that they may change while training, and its state, one tensor (or
// several) for each parameter.

#include <nn/parameters.hpp>

#include <vector>

namespace nn {

namespace detail {

/// What every optimizer requires of a step: a gradient of the same shape for each parameter, nothing being
/// recorded, and a state of the same shapes (or none yet). @throws autodiff::ShapeError,
/// autodiff::RecordingError.
template <class T>
void require_step(std::string_view optimizer, const Parameters<T>& parameters,
                  const std::vector<Tensor<T>>& gradients, const std::vector<Tensor<T>>& state);

}  // namespace detail

struct SgdOptions {
    double learning_rate = 0.01;
    double momentum = 0;      ///< μ: how much of the last step's velocity is kept
    double weight_decay = 0;  ///< λ: the gradient of λ/2 |θ|² is added
    bool nesterov = false;    ///< look one step of the velocity ahead; needs momentum
};

/// Stochastic gradient descent, with the conventions of PyTorch:
///   g = ∇θ + λ θ
///   v = μ v + g                     (v = g in the first step; Polyak 1964)
///   θ = θ - learning_rate v         or, with Nesterov, θ - learning_rate (g + μ v)   (Sutskever et al. 2013)
template <class T = double>
class Sgd {
public:
    SgdOptions options;

    explicit Sgd(SgdOptions with = {}) : options(with) { require_options(); }

    /// @throws autodiff::ShapeError unless there is a gradient of the same shape for each parameter, the same
    /// parameters as in the step before; autodiff::RecordingError if the parameters are variables of a
    /// recording; autodiff::DomainError for options out of range.
    void step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients);

    /// v of each parameter; empty before the first step and without momentum.
    const std::vector<Tensor<T>>& velocity() const { return velocity_; }

private:
    void require_options() const;
    Tensor<T> direction(std::size_t i, const Tensor<T>& gradient);

    std::vector<Tensor<T>> velocity_;
};

extern template class Sgd<double>;
extern template class Sgd<float>;

}  // namespace nn
