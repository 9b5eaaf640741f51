#pragma once

#include <nn/parameters.hpp>

namespace nn {

/// A table of a model's parameters: name, shape and how many numbers each holds, and their total.
///
///     hidden.weight  (2, 2)   4
///     hidden.bias    (2,)     2
///     output.weight  (1, 2)   2
///     output.bias    (1,)     1
///     4 parameters            9 numbers, 72 bytes
template <class T>
std::string summary(const Parameters<T>& parameters);
template <Model M>
std::string summary(M&& model)
{
    return summary(model.parameters());
}

}  // namespace nn
