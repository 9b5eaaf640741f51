#include <nn/batch_norm.hpp>

#include <autodiff/error.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/normalization.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <nn/training_mode.hpp>

namespace nn {

using autodiff::fail;

template <class T>
BatchNorm<T>::BatchNorm(Index channels, const BatchNormOptions& with_options)
    : weight(Tensor<T>::ones({channels})),
      bias(Tensor<T>::zeros({channels})),
      options(with_options),
      running_mean(Tensor<T>::zeros({channels})),
      running_variance(Tensor<T>::ones({channels}))
{
}

template <class T>
Tensor<T> BatchNorm<T>::operator()(const Tensor<T>& x) const
{
    if (x.rank() < 2 || x.size(1) != weight.size())
        fail<autodiff::ShapeError>(
            "batch_norm: x has shape {}, the weight {}; axis 1 of x must have its channels", x.shape(),
            weight.shape());
    if (!TrainingMode::is_active()) {
        Shape of_channels{weight.size()};
        for (std::size_t axis = 2; axis < x.rank(); ++axis) of_channels.push_back(1);
        const Tensor<T> factor = weight / sqrt(running_variance + options.epsilon);
        return x * reshape(factor, of_channels) + reshape(bias - running_mean * factor, of_channels);
    }
    const Index count = weight.size() == 0 ? 0 : x.size() / weight.size();
    if (count < 2)
        fail<autodiff::DomainError>(
            "batch_norm: in training a channel needs two elements or more, to have a variance; x has shape "
            "{}",
            x.shape());
    const auto [y, mean, variance] = autodiff::batch_norm(x, weight, bias, options.epsilon);
    const auto move = [&](Tensor<T>& running, const Tensor<T>& batch, double correction) {
        running = (1 - options.momentum) * running + options.momentum * correction * batch;
    };
    if (TrainingMode::is_repetition()) return y;
    move(running_mean, mean, 1);
    move(running_variance, variance, static_cast<double>(count) / static_cast<double>(count - 1));
    return y;
}

template <class T>
Parameters<T> BatchNorm<T>::parameters()
{
    Parameters<T> list{{"weight", &weight}, {"bias", &bias}};
    list.state = {{"running_mean", &running_mean}, {"running_variance", &running_variance}};
    return list;
}

template struct BatchNorm<double>;
template struct BatchNorm<float>;

}  // namespace nn
