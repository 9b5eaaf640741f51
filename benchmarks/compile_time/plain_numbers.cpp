// The function of gradient_of_numbers.cpp, for plain numbers only.
#include <cmath>
#include <cstdio>

int main()
{
    const auto f = [](const double& x, const double& y) { return std::sin(x) * y + std::exp(-x * x); };
    std::printf("%g\n", f(0.5, 2.0));
}
