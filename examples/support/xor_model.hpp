#pragma once

// The XOR network of the examples, on tensors: two inputs, a hidden layer, one output, sigmoid everywhere.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <algorithm>

#include "support/xor_by_hand.hpp"

namespace support {

//! [xor model]
struct XorModel {
    nn::Linear<> hidden, output;

    explicit XorModel(autodiff::Index width) : hidden{2, width}, output{width, 1} {}
    autodiff::Tensor<> operator()(const autodiff::Tensor<>& x) const
    {
        return sigmoid(output(sigmoid(hidden(x))));
    }
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};
//! [xor model]

inline const autodiff::Tensor<> xor_inputs{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
inline const autodiff::Tensor<> xor_targets(autodiff::Shape{4, 1}, {0, 1, 1, 0});

/// All numbers of some tensors (a model's parameters, or their gradients) in a row.
inline std::vector<double> flattened(const std::vector<autodiff::Tensor<>>& tensors)
{
    std::vector<double> numbers;
    for (const auto& tensor : tensors)
        for (double number : tensor.to_vector()) numbers.push_back(number);
    return numbers;
}
inline std::vector<double> flattened(const autodiff::Parameters<>& parameters)
{
    std::vector<autodiff::Tensor<>> tensors;
    for (const auto& parameter : parameters) tensors.push_back(*parameter.tensor);
    return flattened(tensors);
}

/// The largest difference between two rows of numbers.
inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b)
{
    double largest = a.size() == b.size() ? 0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

}  // namespace support
