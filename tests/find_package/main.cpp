// What a user's first program does: a gradient of scalars, and a layer on tensors.
#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <cmath>
#include <cstdlib>

int main()
{
    auto f = [](const auto& x, const auto& y) { return sin(x) * y; };
    const auto [value, gradient] = autodiff::value_and_gradient(f, 0.5, 2.0);
    const auto equal = [](double a, double b) { return std::abs(a - b) < 1e-12; };
    const bool right = equal(value, 2.0 * std::sin(0.5)) && equal(gradient[0], 2.0 * std::cos(0.5)) &&
                       equal(gradient[1], std::sin(0.5));

    nn::Linear<> layer{2, 1, nn::Key(1)};
    const auto output = layer(autodiff::Tensor<>{{1.0, 2.0}});

    return right && output.size() == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
