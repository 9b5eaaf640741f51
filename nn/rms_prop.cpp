#include <nn/rms_prop.hpp>

#include <autodiff/ops/elementwise.hpp>
#include <autodiff/update.hpp>

namespace nn {

using autodiff::update_in_place;

namespace {

void require_options(const RmsPropOptions& options)
{
    detail::require_not_negative("rms_prop", {{"learning_rate", options.learning_rate},
                                              {"epsilon", options.epsilon},
                                              {"weight_decay", options.weight_decay},
                                              {"momentum", options.momentum}});
    detail::require_below_one("rms_prop", {{"alpha", options.alpha}});
}

}  // namespace

template <class T>
RmsProp<T>::RmsProp(RmsPropOptions with) : options(with)
{
    require_options(options);
}

template <class T>
void RmsProp<T>::step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients)
{
    require_options(options);
    require_step("rms_prop", parameters, gradients, state);
    ++state.steps;
    const T rate = static_cast<T>(options.learning_rate), epsilon = static_cast<T>(options.epsilon);
    const T decay = static_cast<T>(options.weight_decay), momentum = static_cast<T>(options.momentum);
    const T alpha = static_cast<T>(options.alpha), of_new = static_cast<T>(1 - options.alpha);

    // `mean` is nothing, or the mean of the gradient.
    const auto scaled = [=](const auto& theta, auto g, auto& square, auto&... mean) {
        if (decay != 0) g = g + decay * theta;
        square = alpha * square + of_new * g * g;
        auto variance = square;
        ((mean = alpha * mean + of_new * g, variance = relu(square - mean * mean)), ...);
        return g / (sqrt(variance) + epsilon);
    };
    const auto plain = [=](auto& theta, const auto& g, auto& square, auto&... mean) {
        theta = theta - rate * scaled(theta, g, square, mean...);
    };
    const auto heavy = [=](auto& theta, const auto& g, auto& v, auto& square, auto&... mean) {
        v = momentum * v + scaled(theta, g, square, mean...);
        theta = theta - rate * v;
    };
    std::vector<Tensor<T>>& square = state.named("mean_square", parameters);
    auto* const mean = options.centered ? &state.named("mean_gradient", parameters) : nullptr;
    auto* const velocity = options.momentum > 0 ? &state.named("velocity", parameters) : nullptr;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto update = [&](auto&... means) {
            Tensor<T>& theta = *parameters[i].tensor;
            const Tensor<T>& g = gradients[i];
            if (velocity) update_in_place("rms_prop", heavy, theta, g, (*velocity)[i], square[i], means...);
            else update_in_place("rms_prop", plain, theta, g, square[i], means...);
        };
        if (mean) update((*mean)[i]);
        else update();
    }
}

template class RmsProp<double>;
template class RmsProp<float>;

}  // namespace nn
