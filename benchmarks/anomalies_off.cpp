// Steps of training and gradients where no DetectAnomalies lives: ./dev verify anomalies counts their
// instructions, with the tests of a scope and without them.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/format.h>

#include <string>

using namespace autodiff;

namespace {

/// A step of training a 2-4-1 network on XOR, on tensors.
auto xor_step()
{
    struct Model {
        nn::Linear<> hidden{2, 4, Key(1)}, output{4, 1, Key(2)};
        Tensor<> operator()(const Tensor<>& x) const { return sigmoid(output(sigmoid(hidden(x)))); }
    };
    return [model = Model(), optimizer = nn::Sgd<>({.learning_rate = 0.5})]() mutable {
        const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y({4, 1}, {0, 1, 1, 0});
        const auto parameters = nn::parameters("hidden", model.hidden, "output", model.output);
        const auto [loss, gradients] = value_and_gradient([&] { return nn::mse(model(x), y); }, parameters);
        optimizer.step(parameters, gradients);
        return loss.item();
    };
}

/// The gradient of 100 numbers, a statement or two for each.
auto gradient_of_many()
{
    return [x = std::vector<double>(100, 0.5)]() mutable {
        const auto f = []<class X>(const std::vector<X>& at) {
            X total = 0.0;
            for (std::size_t i = 0; i + 1 < at.size(); ++i) {
                const X a = at[i + 1] - at[i] * at[i];
                total += 100.0 * a * a + sin(at[i]);
            }
            return total;
        };
        x[0] = gradient(f, x)[1] * 1e-9 + 0.5;
        return x[0];
    };
}

/// The gradient of two numbers, which goes forwards.
auto gradient_of_two()
{
    return [x = 0.5]() mutable {
        const auto [a, b] = gradient([](auto u, auto v) { return exp(u) * sin(v) + u / v; }, x, 2 - x);
        x = 0.5 + a * 1e-9 + b * 1e-9;
        return x;
    };
}

double repeat(int steps, auto step)
{
    double result = 0;
    for (int i = 0; i < steps; ++i) result = step();
    return result;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::string workload = argc == 3 ? argv[1] : "";
    const int steps = argc == 3 ? std::stoi(argv[2]) : 0;
    if (workload == "xor_step") fmt::print("{}\n", repeat(steps, xor_step()));
    else if (workload == "gradient_of_many") fmt::print("{}\n", repeat(steps, gradient_of_many()));
    else if (workload == "gradient_of_two") fmt::print("{}\n", repeat(steps, gradient_of_two()));
    else {
        fmt::print(stderr, "usage: anomalies_off xor_step|gradient_of_many|gradient_of_two STEPS\n");
        return 2;
    }
}
