// Rows: checkpoint and custom_op, beside the computation itself.

#include <transform_table/rows.hpp>

namespace autodiff::tests {

namespace {

/// A layer that uses its sum twice.
constexpr auto layer = [](const auto& x, const auto& w) {
    const auto z = matmul(x, w);
    return tanh(z) * exp(-0.25 * square(z)) + z;
};

/// The swish of x times y, as an op of its own: y_bar s(z) (1 + z (1 - s(z))) times y and x, z = x y.
constexpr auto swish = [](const auto& x, const auto& y) { return x * y * sigmoid(x * y); };
const auto swish_op =
    custom_op("swish_of_product", swish, []<class T>(const T& y_bar, const T&, const T& x, const T& y) {
        const T z = x * y, s = sigmoid(z), z_bar = y_bar * s * (1 + z * (1 - s));
        return std::array{z_bar * y, z_bar * x};
    });

const Domain small = within({-1, 1});
const std::vector<Shapes> layers{{Shape{2, 3}, Shape{3, 3}}, {Shape{1, 1}, Shape{1, 1}}};

}  // namespace

std::vector<Row> part_of_tensors_rows()
{
    return {
        tensors_row(
            "checkpoint", "",
            [](auto x) { return checkpoint(layer, checkpoint(layer, x[0], x[1]), x[1]) * sum(sin(x[0])); },
            [](auto x) { return layer(layer(x[0], x[1]), x[1]) * sum(sin(x[0])); }, {small, small}, layers),
        tensors_row(
            "checkpoint", "of what it captures",
            [](auto x) {
                const auto scale = sum(square(x[1]));
                return checkpoint([=](const auto& y) { return layer(y, y) * scale; }, sin(x[0]));
            },
            [](auto x) {
                const auto scale = sum(square(x[1])), y = sin(x[0]);
                return layer(y, y) * scale;
            },
            {small, small}, {{Shape{2, 2}, Shape{3}}}),
        tensors_row(
            "custom_op", "",
            [](auto x) { return swish_op(sin(x[0]), x[1]) + x[0] * sum(swish_op(x[0], x[1])); },
            [](auto x) { return swish(sin(x[0]), x[1]) + x[0] * sum(swish(x[0], x[1])); }, {real, real},
            {{Shape{2, 3}, Shape{2, 3}}, {Shape{}, Shape{}}, {Shape{0, 2}, Shape{0, 2}}}),
    };
}

}  // namespace autodiff::tests
