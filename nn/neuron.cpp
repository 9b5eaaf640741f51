#include <nn/neuron.hpp>

#include <autodiff/error.hpp>

namespace nn::detail {

using autodiff::fail;
using autodiff::ShapeError;

void throw_input_count(std::size_t inputs, std::size_t weights)
{
    fail<ShapeError>("neuron: {} inputs for {} weights; there must be one for each", inputs, weights);
}

void throw_number_count(std::size_t numbers, std::size_t inputs, std::size_t outputs)
{
    fail<ShapeError>("layer: {} numbers for {} inputs and {} outputs; it has {} weights and {} biases",
                     numbers, inputs, outputs, inputs * outputs, outputs);
}

}  // namespace nn::detail
