#include <nn/optimizer.hpp>

namespace nn {

using autodiff::DomainError;
using autodiff::fail;
using autodiff::RecordingError;
using autodiff::ShapeError;

template <class T>
std::vector<Tensor<T>>& OptimizerState<T>::named(std::string_view name, const Parameters<T>& parameters,
                                                 double start)
{
    if (const auto found = tensors.find(name); found != tensors.end()) return found->second;
    std::vector<Tensor<T>> fresh;
    for (const Parameter<T>& parameter : parameters)
        fresh.push_back(Tensor<T>::filled(parameter.tensor->shape(), static_cast<T>(start)));
    return tensors.emplace(name, std::move(fresh)).first->second;
}

template <class T>
void require_step(std::string_view optimizer, const Parameters<T>& parameters,
                  const std::vector<Tensor<T>>& gradients, const OptimizerState<T>& state)
{
    if (gradients.size() != parameters.size())
        fail<ShapeError>("{}: {} gradients for {} parameters", optimizer, gradients.size(),
                         parameters.size());
    for (const auto& [name, tensors] : state.tensors)
        if (tensors.size() != parameters.size())
            fail<ShapeError>(
                "{}: {} parameters, but {} in the step before; make a new optimizer for another model",
                optimizer, parameters.size(), tensors.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const auto& [name, tensor] = parameters[i];
        if (gradients[i].shape() != tensor->shape())
            fail<ShapeError>("{}: '{}' has shape {}, but its gradient {}", optimizer, name, tensor->shape(),
                             gradients[i].shape());
        for (const auto& [of, tensors] : state.tensors)
            if (tensors[i].shape() != tensor->shape())
                fail<ShapeError>(
                    "{}: '{}' has shape {}, but {} in the step before; make a new optimizer for another "
                    "model",
                    optimizer, name, tensor->shape(), tensors[i].shape());
        if (tensor->session() != 0 || gradients[i].session() != 0)
            fail<RecordingError>(
                "{}: '{}' or its gradient is being recorded; step after value_and_gradient has returned",
                optimizer, name);
    }
}

void detail::require_not_negative(std::string_view optimizer, std::initializer_list<Option> options)
{
    for (const auto& [name, value] : options)
        if (!(value >= 0)) fail<DomainError>("{}: {} is {}; it must not be negative", optimizer, name, value);
}

void detail::require_below_one(std::string_view optimizer, std::initializer_list<Option> options)
{
    for (const auto& [name, value] : options)
        if (!(value >= 0 && value < 1))
            fail<DomainError>("{}: {} is {}; it must be at least 0 and below 1", optimizer, name, value);
}

template struct OptimizerState<double>;
template struct OptimizerState<float>;
template void require_step(std::string_view, const Parameters<double>&, const std::vector<Tensor<double>>&,
                           const OptimizerState<double>&);
template void require_step(std::string_view, const Parameters<float>&, const std::vector<Tensor<float>>&,
                           const OptimizerState<float>&);

}  // namespace nn
