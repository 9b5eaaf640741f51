// Ten lines to a gradient of numbers.
#include <autodiff/transforms/scalar_gradient.hpp>
#include <cstdio>

int main()
{
    const auto f = [](const auto& x, const auto& y) { return sin(x) * y + exp(-x * x); };
    const auto [value, gradient] = autodiff::value_and_gradient(f, 0.5, 2.0);
    std::printf("%g %g %g\n", value, gradient[0], gradient[1]);
}
