#include <autodiff/error.hpp>
#include <autodiff/transforms/parameters.hpp>

namespace autodiff::detail {

template <class T>
BoundParameters<T>::BoundParameters(const Parameters<T>& parameters, const char* transform)
    : parameters_(parameters)
{
    for (std::size_t i = 0; i < parameters.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (parameters[i].tensor == parameters[j].tensor)
                fail<RecordingError>("{}: parameters '{}' and '{}' are the same tensor; list it once",
                                     transform, parameters[j].name, parameters[i].name);
    for (const Parameter<T>& parameter : parameters) values_->push_back(*parameter.tensor);
}

template <class T>
BoundParameters<T>::~BoundParameters()
{
    for (std::size_t i = 0; i < values_->size(); ++i) *parameters_[i].tensor = std::move((*values_)[i]);
}

template <class T>
void BoundParameters<T>::bind(const std::vector<Tensor<T>>& variables)
{
    for (std::size_t i = 0; i < variables.size(); ++i) *parameters_[i].tensor = variables[i];
}

template class BoundParameters<double>;
template class BoundParameters<float>;

}  // namespace autodiff::detail
