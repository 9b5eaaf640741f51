// Rows: elementary functions.

#include <op_table.hpp>

namespace autodiff::tests {

std::vector<Row> function_rows()
{
    const Domain inside_one = within({-0.9, 0.9});
    return {
        elementwise_row("exp", [](const auto& x) { return exp(x); }, {real}),
        elementwise_row("exp2", [](const auto& x) { return exp2(x); }, {real}),
        elementwise_row("expm1", [](const auto& x) { return expm1(x); }, {real}),
        elementwise_row("log", [](const auto& x) { return log(x); }, {positive}),
        elementwise_row("log1p", [](const auto& x) { return log1p(x); }, {within({-0.6, 2})}),
        elementwise_row("log2", [](const auto& x) { return log2(x); }, {positive}),
        elementwise_row("log10", [](const auto& x) { return log10(x); }, {positive}),
        elementwise_row("cbrt", [](const auto& x) { return cbrt(x); }, {positive}),
        elementwise_row("sqrt", [](const auto& x) { return sqrt(x); }, {positive}),
        elementwise_row("sin", [](const auto& x) { return sin(x); }, {within({-4, 4})}),
        elementwise_row("cos", [](const auto& x) { return cos(x); }, {within({-4, 4})}),
        elementwise_row("tan", [](const auto& x) { return tan(x); }, {within({-1.2, 1.2})}),
        elementwise_row("asin", [](const auto& x) { return asin(x); }, {inside_one}),
        elementwise_row("acos", [](const auto& x) { return acos(x); }, {inside_one}),
        elementwise_row("atan", [](const auto& x) { return atan(x); }, {real}),
        elementwise_row("atan2", [](const auto& y, const auto& x) { return atan2(y, x); },
                        {nonzero, nonzero}),
        elementwise_row("atan2", "number on the right", [](const auto& y) { return atan2(y, 2); }, {real}),
        elementwise_row("hypot", [](const auto& a, const auto& b) { return hypot(a, b); },
                        {within({1, 3}), real}),
        elementwise_row("hypot", "number on the right", [](const auto& a) { return hypot(a, 2); }, {real}),
        elementwise_row("sinh", [](const auto& x) { return sinh(x); }, {real}),
        elementwise_row("cosh", [](const auto& x) { return cosh(x); }, {real}),
        elementwise_row("tanh", [](const auto& x) { return tanh(x); }, {real}),
        elementwise_row("asinh", [](const auto& x) { return asinh(x); }, {real}),
        elementwise_row("acosh", [](const auto& x) { return acosh(x); }, {within({1.2, 4})}),
        elementwise_row("atanh", [](const auto& x) { return atanh(x); }, {inside_one}),
        elementwise_row("erf", [](const auto& x) { return erf(x); }, {real}),
        elementwise_row("erfc", [](const auto& x) { return erfc(x); }, {real}),
    };
}

}  // namespace autodiff::tests
