#include <nn/optimizer.hpp>

#include <autodiff/error.hpp>
#include <autodiff/ops/arithmetic.hpp>

namespace nn {

using autodiff::DomainError;
using autodiff::fail;
using autodiff::RecordingError;
using autodiff::ShapeError;

template <class T>
void detail::require_step(std::string_view optimizer, const Parameters<T>& parameters,
                          const std::vector<Tensor<T>>& gradients, const std::vector<Tensor<T>>& state)
{
    if (gradients.size() != parameters.size())
        fail<ShapeError>("{}: {} gradients for {} parameters", optimizer, gradients.size(),
                         parameters.size());
    if (!state.empty() && state.size() != parameters.size())
        fail<ShapeError>(
            "{}: {} parameters, but {} in the step before; make a new optimizer for another model", optimizer,
            parameters.size(), state.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto& [name, tensor] = parameters[i];
        if (gradients[i].shape() != tensor->shape())
            fail<ShapeError>("{}: '{}' has shape {}, but its gradient {}", optimizer, name, tensor->shape(),
                             gradients[i].shape());
        if (!state.empty() && state[i].shape() != tensor->shape())
            fail<ShapeError>(
                "{}: '{}' has shape {}, but {} in the step before; make a new optimizer for another model",
                optimizer, name, tensor->shape(), state[i].shape());
        if (tensor->session() != 0 || gradients[i].session() != 0)
            fail<RecordingError>(
                "{}: '{}' or its gradient is being recorded; step after value_and_gradient has returned",
                optimizer, name);
    }
}

template <class T>
void Sgd<T>::require_options() const
{
    const auto& [learning_rate, momentum, weight_decay, nesterov] = options;
    if (!(learning_rate >= 0) || !(momentum >= 0) || !(weight_decay >= 0))
        fail<DomainError>("sgd: learning rate {}, momentum {} and weight decay {} must not be negative",
                          learning_rate, momentum, weight_decay);
    if (nesterov && momentum == 0) fail<DomainError>("sgd: Nesterov's step needs a momentum above 0");
}

/// Updates the velocity of parameter i, and returns the step back from it in units of the learning rate.
template <class T>
Tensor<T> Sgd<T>::direction(std::size_t i, const Tensor<T>& gradient)
{
    const T momentum = static_cast<T>(options.momentum);
    if (momentum == 0) return gradient;
    if (velocity_.size() <= i) velocity_.push_back(gradient);
    else velocity_[i] = momentum * velocity_[i] + gradient;
    return options.nesterov ? gradient + momentum * velocity_[i] : velocity_[i];
}

template <class T>
void Sgd<T>::step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients)
{
    require_options();
    detail::require_step("sgd", parameters, gradients, velocity_);
    const T learning_rate = static_cast<T>(options.learning_rate);
    const T weight_decay = static_cast<T>(options.weight_decay);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Tensor<T>& theta = *parameters[i].tensor;
        const Tensor<T> gradient = weight_decay == 0 ? gradients[i] : gradients[i] + weight_decay * theta;
        theta = theta - learning_rate * direction(i, gradient);
    }
}

template void detail::require_step(std::string_view, const Parameters<double>&,
                                   const std::vector<Tensor<double>>&, const std::vector<Tensor<double>>&);
template void detail::require_step(std::string_view, const Parameters<float>&,
                                   const std::vector<Tensor<float>>&, const std::vector<Tensor<float>>&);
template class Sgd<double>;
template class Sgd<float>;

}  // namespace nn
