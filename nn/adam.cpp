#include <nn/adam.hpp>

#include <autodiff/numbers/portable_bits.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/update.hpp>

#include <cmath>

namespace nn {

using autodiff::update_in_place;

namespace {

void require_options(const char* optimizer, const auto& options)
{
    detail::require_not_negative(optimizer, {{"learning_rate", options.learning_rate},
                                             {"epsilon", options.epsilon},
                                             {"weight_decay", options.weight_decay}});
    detail::require_below_one(optimizer, {{"beta1", options.beta1}, {"beta2", options.beta2}});
}

/// Where weights decay: through the gradient, g = ∇θ + coupled θ, or beside it, θ = kept θ - ….
struct Decay {
    double coupled;
    double kept;
};

template <class T>
void adam_step(const char* optimizer, const AdamOptions& options, Decay weights, OptimizerState<T>& state,
               const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients)
{
    require_options(optimizer, options);
    require_step(optimizer, parameters, gradients, state);
    const auto t = static_cast<double>(++state.steps);
    // Both bias corrections are moved to numbers that are computed once (Kingma and Ba 2015, section 2,
    // before 2.1):
    //   rate m̂ / (√v̂ + ε) = (rate c / (1 - β₁ᵗ)) m / (√v + c ε),   c = √(1 - β₂ᵗ)
    const double c = std::sqrt(1 - autodiff::portable::pow(options.beta2, t));
    const T rate =
        static_cast<T>(options.learning_rate * c / (1 - autodiff::portable::pow(options.beta1, t)));
    const T epsilon = static_cast<T>(c * options.epsilon);
    const T coupled = static_cast<T>(weights.coupled), kept = static_cast<T>(weights.kept);
    const T beta1 = static_cast<T>(options.beta1), of_g = static_cast<T>(1 - options.beta1);
    const T beta2 = static_cast<T>(options.beta2), of_square = static_cast<T>(1 - options.beta2);

    const auto moments = [=](const auto& theta, auto g, auto& m, auto& v) {
        if (coupled != 0) g = g + coupled * theta;
        m = beta1 * m + of_g * g;
        v = beta2 * v + of_square * g * g;
    };
    const auto plain = [=](auto& theta, const auto& g, auto& m, auto& v) {
        moments(theta, g, m, v);
        theta = kept * theta - rate * m / (sqrt(v) + epsilon);
    };
    const auto amsgrad = [=](auto& theta, const auto& g, auto& m, auto& v, auto& largest) {
        moments(theta, g, m, v);
        largest = where(largest >= v, largest, v);  // NaN if v is
        theta = kept * theta - rate * m / (sqrt(largest) + epsilon);
    };
    std::vector<Tensor<T>>& m = state.named("first_moment", parameters);
    std::vector<Tensor<T>>& v = state.named("second_moment", parameters);
    auto* const largest = options.amsgrad ? &state.named("largest_second_moment", parameters) : nullptr;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        Tensor<T>& theta = *parameters[i].tensor;
        if (largest) update_in_place(optimizer, amsgrad, theta, gradients[i], m[i], v[i], (*largest)[i]);
        else update_in_place(optimizer, plain, theta, gradients[i], m[i], v[i]);
    }
}

}  // namespace

template <class T>
Adam<T>::Adam(AdamOptions with) : options(with)
{
    require_options("adam", options);
}

template <class T>
void Adam<T>::step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients)
{
    const Decay decay{.coupled = options.weight_decay, .kept = 1};
    adam_step("adam", options, decay, state, parameters, gradients);
}

template <class T>
AdamW<T>::AdamW(AdamWOptions with) : options(with)
{
    require_options("adamw", options);
}

template <class T>
void AdamW<T>::step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients)
{
    const auto& o = options;
    const AdamOptions adam{o.learning_rate, o.beta1, o.beta2, o.epsilon, o.weight_decay, o.amsgrad};
    const Decay decay{.coupled = 0, .kept = 1 - o.learning_rate * o.weight_decay};
    adam_step("adamw", adam, decay, state, parameters, gradients);
}

template class Adam<double>;
template class Adam<float>;
template class AdamW<double>;
template class AdamW<float>;

}  // namespace nn
