// Formulas of a user's, as kernels. What they call has to be inlined into them: compiled for itself it would
// have the instructions of any machine, at ten times the cost.

#include <autodiff/autodiff.hpp>

using namespace autodiff;

inline constexpr auto gelu_by_tanh = elementwise("gelu_by_tanh", [](auto x) {
    return 0.5f * x * (1 + tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
});

inline constexpr auto option_price =
    elementwise("option_price", [](auto spot, auto strike, auto rate, auto volatility, auto maturity) {
        const auto normal_cdf = [](const auto& x) { return 0.5 * erfc(-x * 0.7071067811865476); };
        const auto deviation = volatility * sqrt(maturity);
        const auto d1 = (log(spot / strike) + (rate + 0.5 * volatility * volatility) * maturity) / deviation;
        return spot * normal_cdf(d1) - strike * exp(-rate * maturity) * normal_cdf(d1 - deviation);
    });

inline constexpr auto many_functions = elementwise("many_functions", [](auto x) {
    return sin(x) * cos(x) + sigmoid(x) * softplus(x) + log1p(exp(-x * x)) + pow(x * x + 1, 1.5) + erf(x) +
           atan(x) + where(x > 0, sqrt(x), expm1(x));
});

Tensor<float> gelu_gradient(const Tensor<float>& x)
{
    return gradient([](const auto& z) { return sum(gelu_by_tanh(z)); }, x);
}

std::vector<double> greeks(const std::vector<double>& x)
{
    return gradient([](const auto& z) { return sum(map(option_price, z, z, z, z, z)); }, x);
}

Tensor<> slopes(const Tensor<>& x)
{
    return gradient([](const auto& z) { return sum(many_functions(z)); }, x);
}

double slope_of_sum(double x)
{
    return gradient(
        [](const auto& z) {
            return sum_over(10, [](std::size_t, const auto& a) { return many_functions(a); }, z);
        },
        x);
}

void step(Tensor<float>& theta, const Tensor<float>& gradient)
{
    update_in_place("step", [](auto& x, auto g) { x = x - tanh(g) * exp(-x * x); }, theta, gradient);
}
