#include <fmt/core.h>
#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

using namespace autodiff;

struct Xor {
    nn::Linear<> hidden{2, 4, Key{1}}, output{4, 1, Key{2}};
    Tensor<> operator()(const Tensor<>& x) const { return sigmoid(output(sigmoid(hidden(x)))); }
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};

int main()
{
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y{{0}, {1}, {1}, {0}};
    Xor model;
    nn::Sgd sgd{{.learning_rate = 10}};
    for (int epoch = 0; epoch < 3000; ++epoch) {
        auto [loss, gradients] = value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
        sgd.step(model.parameters(), gradients);
    }
    fmt::print("{:.2f}\n", model(x));
}
