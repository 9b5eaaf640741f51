#pragma once

// Optimizers change a model's parameters by its gradients, between recordings:
//
//     nn::Adam adam{{.learning_rate = 1e-3}};
//     auto [loss, gradients] = value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
//     adam.step(model.parameters(), gradients);
//
// An optimizer is its options and its state, both public. Options may change between steps; a state may be
// kept and put back. A step is one pass over memory for each parameter, in place. This file has what all of
// them share, for one of your own, too; they are in sgd.hpp, adam.hpp, rms_prop.hpp and adagrad.hpp.

#include <nn/parameters.hpp>

#include <functional>
#include <map>
#include <vector>

namespace nn {

/// What an optimizer remembers from step to step.
template <class T = double>
struct OptimizerState {
    /// How many steps were taken.
    Index steps = 0;
    /// By name, such as "velocity": one tensor for each parameter, of its shape.
    std::map<std::string, std::vector<Tensor<T>>, std::less<>> tensors;

    /// The tensors of this name. Where there are none yet, they start with the given number everywhere.
    std::vector<Tensor<T>>& named(std::string_view name, const Parameters<T>& parameters, double start = 0);
};

/// What a step requires before it changes anything: a gradient of the same shape for each parameter, nothing
/// being recorded, and a state of the same shapes. The text of an error begins with the optimizer's name.
/// @throws autodiff::ShapeError, autodiff::RecordingError.
template <class T>
void require_step(std::string_view optimizer, const Parameters<T>& parameters,
                  const std::vector<Tensor<T>>& gradients, const OptimizerState<T>& state);

namespace detail {

struct Option {
    std::string_view name;
    double value;
};

/// @throws autodiff::DomainError naming the first option below 0 or NaN.
void require_not_negative(std::string_view optimizer, std::initializer_list<Option> options);
/// @throws autodiff::DomainError naming the first option outside [0, 1): the weights of running means.
void require_below_one(std::string_view optimizer, std::initializer_list<Option> options);

}  // namespace detail

extern template struct OptimizerState<double>;
extern template struct OptimizerState<float>;

}  // namespace nn
