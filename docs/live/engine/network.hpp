#pragma once

// The network that learns XOR on the page: two inputs, a hidden layer, one output, and the step that trains
// it.

#include <autodiff/ops/elementwise.hpp>
#include <autodiff/tensor.hpp>
#include <autodiff/transforms/gradient.hpp>
#include <nn/linear.hpp>
#include <nn/loss.hpp>
#include <nn/sgd.hpp>

namespace live {

using autodiff::Tensor;

struct Model {
    nn::Linear<> hidden, output;

    explicit Model(autodiff::Index width) : hidden{2, width}, output{width, 1} {}
    Tensor<> operator()(const Tensor<>& x) const { return sigmoid(output(sigmoid(hidden(x)))); }
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};

inline const Tensor<> xor_inputs{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
inline const Tensor<> xor_targets{{0}, {1}, {1}, {0}};

/// A model in training.
class Network {
public:
    Network(autodiff::Index width, std::uint64_t seed) : model_(width)
    {
        nn::initialize(model_, nn::Key(seed));
    }

    /// The loss of the model as it is, and its gradient.
    auto loss_and_gradient()
    {
        return value_and_gradient([&] { return nn::mse(model_(xor_inputs), xor_targets); },
                                  model_.parameters());
    }
    /// One step of gradient descent. Returns the loss before it.
    double step(double learning_rate)
    {
        const auto [loss, gradients] = loss_and_gradient();
        descent_.options.learning_rate = learning_rate;
        descent_.step(model_.parameters(), gradients);
        return loss.item();
    }
    Tensor<> operator()(const Tensor<>& x) const { return model_(x); }
    nn::Parameters<> parameters() { return model_.parameters(); }

private:
    Model model_;
    nn::Sgd<> descent_;
};

}  // namespace live
