#include <fmt/core.h>
#include <autodiff/autodiff.hpp>

using namespace autodiff;

int main()
{
    auto loss = [](const auto& x, const auto& w, const auto& b) { return square(sigmoid(w * x + b) - 1); };
    const auto [value, slope] = value_and_gradient(loss, 0.5, 2.0, -1.0);
    fmt::print("loss {}, derivatives {}, {}, {}\n", value, slope[0], slope[1], slope[2]);
}
