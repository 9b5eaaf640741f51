#include <nn/sgd.hpp>

#include <autodiff/error.hpp>
#include <autodiff/update.hpp>

namespace nn {

using autodiff::update_in_place;

namespace {

void require_options(const SgdOptions& options)
{
    detail::require_not_negative("sgd", {{"learning_rate", options.learning_rate},
                                         {"momentum", options.momentum},
                                         {"weight_decay", options.weight_decay}});
    if (options.nesterov && !(options.momentum > 0 && options.dampening == 0))
        autodiff::fail<autodiff::DomainError>(
            "sgd: Nesterov's step needs a momentum above 0 and a dampening of 0; they are {} and {}",
            options.momentum, options.dampening);
}

}  // namespace

template <class T>
Sgd<T>::Sgd(SgdOptions with) : options(with)
{
    require_options(options);
}

template <class T>
void Sgd<T>::step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients)
{
    require_options(options);
    require_step("sgd", parameters, gradients, state);
    const T rate = static_cast<T>(options.learning_rate), decay = static_cast<T>(options.weight_decay);
    ++state.steps;
    if (options.momentum == 0) {
        const auto descend = [=](auto& theta, auto g) {
            if (decay != 0) g = g + decay * theta;
            theta = theta - rate * g;
        };
        for (std::size_t i = 0; i < parameters.size(); ++i)
            update_in_place("sgd", descend, *parameters[i].tensor, gradients[i]);
        return;
    }

    const bool first = !state.tensors.contains("velocity");
    std::vector<Tensor<T>>& velocity = state.named("velocity", parameters);
    const T momentum = static_cast<T>(options.momentum), kept = first ? 0 : momentum;
    const T gain = first ? 1 : static_cast<T>(1 - options.dampening);
    const auto roll = [=](auto& theta, auto g, auto& v) {
        if (decay != 0) g = g + decay * theta;
        v = kept * v + gain * g;
        theta = theta - rate * v;
    };
    const auto look_ahead = [=](auto& theta, auto g, auto& v) {
        if (decay != 0) g = g + decay * theta;
        v = kept * v + gain * g;
        theta = theta - rate * (g + momentum * v);
    };
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Tensor<T>& theta = *parameters[i].tensor;
        if (options.nesterov) update_in_place("sgd", look_ahead, theta, gradients[i], velocity[i]);
        else update_in_place("sgd", roll, theta, gradients[i], velocity[i]);
    }
}

template class Sgd<double>;
template class Sgd<float>;

}  // namespace nn
