// A first program that trains: the XOR network, for ten steps.
#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <cstdio>

int main()
{
    nn::Sequential model{nn::Linear<>{2, 4}, nn::Sigmoid{}, nn::Linear<>{4, 1}, nn::Sigmoid{}};
    nn::initialize(model, autodiff::Key(1));
    const autodiff::Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y({4, 1}, {0, 1, 1, 0});
    nn::Sgd<> sgd{{.learning_rate = 0.5}};
    const auto parameters = model.parameters();
    for (int step = 0; step < 10; ++step) {
        const auto [loss, gradients] =
            autodiff::value_and_gradient([&] { return nn::mse(model(x), y); }, parameters);
        sgd.step(parameters, gradients);
        std::printf("%g\n", loss.item());
    }
}
