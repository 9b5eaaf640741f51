#include <nn/summary.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace nn {

template <class T>
std::string summary(const Parameters<T>& parameters)
{
    const std::string count = fmt::format("{} parameters", parameters.size());
    const Index numbers = parameter_count(parameters);
    std::size_t name_width = count.size(), shape_width = 0;
    for (const auto& [name, tensor] : parameters) {
        name_width = std::max(name_width, name.size());
        shape_width = std::max(shape_width, to_string(tensor->shape()).size());
    }
    const std::size_t size_width = fmt::formatted_size("{}", numbers);
    std::string text;
    for (const auto& [name, tensor] : parameters)
        fmt::format_to(std::back_inserter(text), "{:<{}}  {:<{}}  {:>{}}\n", name, name_width,
                       to_string(tensor->shape()), shape_width, tensor->size(), size_width);
    fmt::format_to(std::back_inserter(text), "{:<{}}  {} numbers, {} bytes\n", count,
                   name_width + 2 + shape_width, numbers, numbers * static_cast<Index>(sizeof(T)));
    return text;
}

template std::string summary(const Parameters<double>&);
template std::string summary(const Parameters<float>&);

}  // namespace nn
