// Rows: activations, and elementwise ops of a user's own.

#include <op_table.hpp>

namespace autodiff::tests {

std::vector<Row> activation_rows()
{
    const Domain steepness = within({0.2, 1.5});
    return {
        elementwise_row("sigmoid", [](const auto& x) { return sigmoid(x); }, {within({-4, 4})}),
        elementwise_row("log_sigmoid", [](const auto& x) { return log_sigmoid(x); }, {within({-4, 4})}),
        elementwise_row("softplus", [](const auto& x) { return softplus(x); }, {within({-4, 4})}),
        elementwise_row("relu", [](const auto& x) { return relu(x); }, {nonzero}),
        elementwise_row("gelu", [](const auto& x) { return gelu(x); }, {within({-3, 3})}),
        elementwise_row("silu", [](const auto& x) { return silu(x); }, {within({-4, 4})}),
        elementwise_row("leaky_relu", [](const auto& x, const auto& slope) { return leaky_relu(x, slope); },
                        {nonzero, steepness}),
        elementwise_row("leaky_relu", "slope 0.01", [](const auto& x) { return leaky_relu(x); }, {nonzero}),
        elementwise_row("elu", [](const auto& x, const auto& alpha) { return elu(x, alpha); },
                        {nonzero, steepness}),
        elementwise_row("elu", "alpha 1", [](const auto& x) { return elu(x); }, {nonzero}),
        elementwise_row("elementwise", "derived partials",
                        [](const auto& x, const auto& y) {
                            const auto op = elementwise("swish", [](auto a, auto b) {
                                return a / (1 + exp(-b * a)) + 0.5f * sin(b);
                            });
                            return op(x, y);
                        },
                        {real, real}),
        elementwise_row("elementwise", "given partials",
                        [](const auto& x, const auto& y) {
                            const auto op = elementwise(
                                "x squared y", [](auto a, auto b) { return a * a * b; },
                                [](auto, auto a, auto b) { return 2 * a * b; },
                                [](auto, auto a, auto) { return a * a; });
                            return op(x, y);
                        },
                        {real, real}),
    };
}

}  // namespace autodiff::tests
