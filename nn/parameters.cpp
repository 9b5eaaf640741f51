#include <nn/parameters.hpp>

#include <autodiff/error.hpp>

#include <fmt/ranges.h>

#include <algorithm>

namespace nn {

namespace detail {

template <class T>
void add(std::vector<Parameter<T>>& list, std::string name, Tensor<T>& tensor)
{
    if (std::ranges::find(list, &tensor, &Parameter<T>::tensor) == list.end())
        list.push_back({std::move(name), &tensor});
}

void require_unequal_names(std::initializer_list<std::string_view> names)
{
    for (auto name = names.begin(); name != names.end(); ++name)
        if (std::find(names.begin(), name, *name) != name)
            autodiff::fail<autodiff::Error>(
                "parameters: two parts are called '{}'; give each a name of its own", *name);
}

}  // namespace detail

template <class T>
Tensor<T>& parameter(const Parameters<T>& parameters, std::string_view name)
{
    const auto found = std::ranges::find(parameters, name, &Parameter<T>::name);
    if (found != parameters.end()) return *found->tensor;
    std::vector<std::string> names(parameters.size());
    std::ranges::transform(parameters, names.begin(), &Parameter<T>::name);
    autodiff::fail<autodiff::Error>("parameter: there is no '{}'; the model has {}", name,
                                    fmt::join(names, ", "));
}

template <class T>
Index parameter_count(const Parameters<T>& parameters)
{
    Index count = 0;
    for (const Parameter<T>& parameter : parameters) count += parameter.tensor->size();
    return count;
}

template void detail::add(std::vector<Parameter<double>>&, std::string, Tensor<double>&);
template void detail::add(std::vector<Parameter<float>>&, std::string, Tensor<float>&);
template Tensor<double>& parameter(const Parameters<double>&, std::string_view);
template Tensor<float>& parameter(const Parameters<float>&, std::string_view);
template Index parameter_count(const Parameters<double>&);
template Index parameter_count(const Parameters<float>&);

}  // namespace nn
