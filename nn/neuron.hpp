#pragma once

// A neuron and a layer of them, on numbers: plain ones, or recorded ones (autodiff::Scalar). They compute
// what nn::Linear computes on tensors, one number at a time, and are there to be read.

#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/scalar.hpp>

#include <algorithm>
#include <ranges>
#include <span>
#include <vector>

namespace nn {

namespace detail {

[[noreturn]] void throw_input_count(std::size_t inputs, std::size_t weights);
[[noreturn]] void throw_number_count(std::size_t numbers, std::size_t inputs, std::size_t outputs);

}  // namespace detail

/// z = Σ w_i x_i + b, the weighted sum of the inputs. An activation makes an output of it: sigmoid(z).
template <class X = double>
struct Neuron {
    std::vector<X> weights;  ///< w_i, one for each input
    X bias{};                ///< b

    /// @throws autodiff::ShapeError unless there is one input for each weight.
    template <class V>
    auto operator()(const std::vector<V>& inputs) const
    {
        if (inputs.size() != weights.size()) detail::throw_input_count(inputs.size(), weights.size());
        autodiff::Deepest<X, V> sum{};
        for (std::size_t i = 0; i < inputs.size(); ++i) sum += weights[i] * inputs[i];
        sum += bias;
        return sum;
    }
};

template <class X>
Neuron(std::vector<X>, X) -> Neuron<X>;

/// Neurons that read the same inputs: z_j = Σ_i w_ji x_i + b_j.
template <class X = double>
struct Layer {
    std::vector<Neuron<X>> neurons;  ///< one for each output, in their order

    Layer() = default;
    explicit Layer(std::vector<Neuron<X>> of_neurons) : neurons(std::move(of_neurons)) {}
    /// From its numbers as nn::Linear orders them: the weights neuron by neuron, then the biases.
    /// @throws autodiff::ShapeError unless there are (inputs + 1) outputs of them.
    template <std::ranges::contiguous_range Numbers>
    Layer(std::size_t inputs, std::size_t outputs, const Numbers& numbers)
    {
        const std::span<const X> all(numbers);
        if (all.size() != (inputs + 1) * outputs) detail::throw_number_count(all.size(), inputs, outputs);
        for (std::size_t j = 0; j < outputs; ++j) {
            const auto weights = all.subspan(j * inputs, inputs);
            neurons.push_back({std::vector<X>(weights.begin(), weights.end()), all[inputs * outputs + j]});
        }
    }

    /// The weighted sum of each neuron.
    template <class V>
    auto operator()(const std::vector<V>& inputs) const
    {
        std::vector<autodiff::Deepest<X, V>> sums;
        sums.reserve(neurons.size());
        for (const Neuron<X>& neuron : neurons) sums.push_back(neuron(inputs));
        return sums;
    }
};

template <std::ranges::contiguous_range Numbers>
Layer(std::size_t, std::size_t, const Numbers&) -> Layer<std::ranges::range_value_t<Numbers>>;

}  // namespace nn
