// Rows: arithmetic, comparisons and choices, with plain numbers on either side.

#include <op_table.hpp>

namespace autodiff::tests {

namespace {

// Values of one argument that never come near those of another: no tie within reach of a step.
const Domain even_cells{{{-2, -1.6}, {-1, -0.6}, {0, 0.4}, {1, 1.4}}};
const Domain odd_cells{{{-1.5, -1.1}, {-0.5, -0.1}, {0.5, 0.9}, {1.5, 1.9}}};
const Domain outside_and_inside{{{-2, -1.2}, {-0.8, 0.8}, {1.2, 2}}};

std::vector<Row> operator_rows()
{
    return {
        elementwise_row("add", [](const auto& a, const auto& b) { return a + b; }, {real, real}),
        elementwise_row("add", "number on the right", [](const auto& a) { return a + 2; }, {real}),
        elementwise_row("add", "number on the left", [](const auto& a) { return 0.5 + a; }, {real}),
        elementwise_row("add", "+=", [](auto a, const auto& b) { return a += b; }, {real, real}),
        elementwise_row("subtract", [](const auto& a, const auto& b) { return a - b; }, {real, real}),
        elementwise_row("subtract", "number on the right", [](const auto& a) { return a - 2; }, {real}),
        elementwise_row("subtract", "number on the left", [](const auto& a) { return 0.5 - a; }, {real}),
        elementwise_row("subtract", "-=", [](auto a, const auto& b) { return a -= b; }, {real, real}),
        elementwise_row("multiply", [](const auto& a, const auto& b) { return a * b; }, {real, real}),
        elementwise_row("multiply", "number on the right", [](const auto& a) { return a * 3; }, {real}),
        elementwise_row("multiply", "number on the left", [](const auto& a) { return 0.5 * a; }, {real}),
        elementwise_row("multiply", "*=", [](auto a, const auto& b) { return a *= b; }, {real, real}),
        elementwise_row("divide", [](const auto& a, const auto& b) { return a / b; }, {real, nonzero}),
        elementwise_row("divide", "number on the right", [](const auto& a) { return a / 3; }, {real}),
        elementwise_row("divide", "number on the left", [](const auto& a) { return 0.5 / a; }, {nonzero}),
        elementwise_row("divide", "/=", [](auto a, const auto& b) { return a /= b; }, {real, nonzero}),
        elementwise_row("negative", [](const auto& a) { return -a; }, {real}),
        elementwise_row("negative", "plus sign", [](const auto& a) { return +a; }, {real}),
        elementwise_row("chain_product", [](const auto& a, const auto& b) { return chain_product(a, b); },
                        {nonzero, nonzero}),
    };
}

std::vector<Row> choice_rows()
{
    return {
        elementwise_row("max", [](const auto& a, const auto& b) { return max(a, b); },
                        {even_cells, odd_cells}),
        elementwise_row("max", "number on the right", [](const auto& a) { return max(a, 0.5); },
                        {even_cells}),
        elementwise_row("min", [](const auto& a, const auto& b) { return min(a, b); },
                        {even_cells, odd_cells}),
        elementwise_row("min", "number on the left", [](const auto& a) { return min(0.5, a); }, {even_cells}),
        elementwise_row("clamp",
                        [](const auto& x, const auto& low, const auto& high) { return clamp(x, low, high); },
                        {outside_and_inside, within({-1.1, -0.9}), within({0.9, 1.1})}),
        elementwise_row("clamp", "between numbers", [](const auto& x) { return clamp(x, -1, 1.0); },
                        {outside_and_inside}),
        elementwise_row("where",
                        [](const auto& c, const auto& a, const auto& b) { return where(c > 0, a, b); },
                        {nonzero, real, real}),
        elementwise_row(
            "where", "numbers",
            [](const auto& a, const auto& b) { return where(a < 0, 0.5, b) + where(a >= b, a, 2); },
            {even_cells, odd_cells}),
        elementwise_row("abs", [](const auto& x) { return abs(x); }, {nonzero}),
        elementwise_row("pow", [](const auto& x, const auto& p) { return pow(x, p); }, {positive, real}),
        elementwise_row("pow", "integer exponent, negative base", [](const auto& x) { return pow(x, 3); },
                        {real}),
        elementwise_row("pow", "negative exponent", [](const auto& x) { return pow(x, -2); }, {nonzero}),
        elementwise_row("pow", "base is a number", [](const auto& p) { return pow(2, p); }, {real}),
        elementwise_row("square", [](const auto& x) { return square(x); }, {real}),
    };
}

}  // namespace

std::vector<Row> arithmetic_rows() { return joined({operator_rows(), choice_rows()}); }

}  // namespace autodiff::tests
