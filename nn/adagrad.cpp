#include <nn/adagrad.hpp>

#include <autodiff/ops/elementwise.hpp>
#include <autodiff/update.hpp>

namespace nn {

namespace {

void require_options(const AdagradOptions& options)
{
    detail::require_not_negative("adagrad", {{"learning_rate", options.learning_rate},
                                             {"learning_rate_decay", options.learning_rate_decay},
                                             {"weight_decay", options.weight_decay},
                                             {"initial_sum_of_squares", options.initial_sum_of_squares},
                                             {"epsilon", options.epsilon}});
}

}  // namespace

template <class T>
Adagrad<T>::Adagrad(AdagradOptions with) : options(with)
{
    require_options(options);
}

template <class T>
void Adagrad<T>::step(const Parameters<T>& parameters, const std::vector<Tensor<T>>& gradients)
{
    require_options(options);
    require_step("adagrad", parameters, gradients, state);
    const auto steps_before = static_cast<double>(state.steps++);
    const T rate = static_cast<T>(options.learning_rate / (1 + steps_before * options.learning_rate_decay));
    const T decay = static_cast<T>(options.weight_decay), epsilon = static_cast<T>(options.epsilon);
    const auto descend = [=](auto& theta, auto g, auto& sum) {
        if (decay != 0) g = g + decay * theta;
        sum = sum + g * g;
        theta = theta - rate * g / (sqrt(sum) + epsilon);
    };
    std::vector<Tensor<T>>& sums = state.named("sum_of_squares", parameters, options.initial_sum_of_squares);
    for (std::size_t i = 0; i < parameters.size(); ++i)
        autodiff::update_in_place("adagrad", descend, *parameters[i].tensor, gradients[i], sums[i]);
}

template class Adagrad<double>;
template class Adagrad<float>;

}  // namespace nn
