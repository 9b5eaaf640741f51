#include <nn/neuron.hpp>

namespace nn::detail {

using autodiff::ShapeError;

void require_inputs(std::size_t inputs, std::size_t weights)
{
    if (inputs != weights)
        autodiff::fail<ShapeError>("neuron: {} inputs for {} weights; there must be one for each", inputs, weights);
}

void require_numbers(std::size_t numbers, std::size_t inputs, std::size_t outputs)
{
    if (numbers != (inputs + 1) * outputs)
        autodiff::fail<ShapeError>("layer: {} numbers for {} inputs and {} outputs; it has {} weights and {} biases",
                                   numbers, inputs, outputs, inputs * outputs, outputs);
}

}  // namespace nn::detail
