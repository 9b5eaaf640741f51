#pragma once

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

namespace autodiff::tests {

//! [model]
struct Xor {
    nn::Linear<> hidden{2, 4, Key{1}}, output{4, 1, Key{2}};

    Tensor<> operator()(const Tensor<>& x) const { return sigmoid(output(sigmoid(hidden(x)))); }
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};
//! [model]

}  // namespace autodiff::tests
