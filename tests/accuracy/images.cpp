// Convolutions and pooling.

#include <accuracy/ops.hpp>

namespace autodiff::tests {

namespace {

/// The sizes of a convolution without groups, of square images and windows.
struct Sizes {
    Index samples, channels, filters, input, window, stride, padding;

    Index output() const { return (input + 2 * padding - window) / stride + 1; }
    Shape x() const { return {samples, channels, input, input}; }
    Shape w() const { return {filters, channels, window, window}; }
    Shape y() const { return {samples, filters, output(), output()}; }

    /// Calls f(position in x, in w, in y) for every product of the convolution.
    void for_each(const auto& f) const
    {
        const auto position = [](const Shape& shape, Index a, Index b, Index c, Index d) {
            return static_cast<std::size_t>(((a * shape[1] + b) * shape[2] + c) * shape[3] + d);
        };
        const auto sees = [this](Index at) { return 0 <= at && at < input; };
        for (Index n = 0; n < samples; ++n)
            for (Index o = 0; o < filters; ++o)
                for (Index i = 0; i < output(); ++i)
                    for (Index j = 0; j < output(); ++j)
                        for (Index c = 0; c < channels; ++c)
                            for (Index u = 0; u < window; ++u)
                                for (Index v = 0; v < window; ++v) {
                                    const Index row = i * stride + u - padding,
                                                column = j * stride + v - padding;
                                    if (sees(row) && sees(column))
                                        f(position(x(), n, c, row, column), position(w(), o, c, u, v),
                                          position(y(), n, o, i, j));
                                }
    }
};

std::vector<Exact> zeros(const Shape& shape)
{
    return std::vector<Exact>(static_cast<std::size_t>(shape.element_count()));
}

/// F{}(x, w, b) and G{}(y, w) for these sizes: a number for each weight of a filter and the bias, and for
/// each weight of a channel.
template <class F, class G>
std::vector<MeasuredOp> convolutions(const std::string& variant, const Sizes& sizes, F, G)
{
    const Index plane = sizes.window * sizes.window;
    return {measured_op(
                "conv2d", variant, {sizes.x(), sizes.w(), Shape{sizes.filters}}, {real, real, real},
                [](auto x) { return F{}(x[0], x[1], x[2]); },
                [sizes](std::span<const Wide> x) {
                    std::vector<Exact> y = zeros(sizes.y());
                    sizes.for_each([&](std::size_t from, std::size_t weight, std::size_t to) {
                        y[to].add(x[0][from] * x[1][weight]);
                    });
                    const std::size_t size = y.size() / x[2].size() / static_cast<std::size_t>(sizes.samples);
                    for (std::size_t i = 0; i < y.size(); ++i) y[i].add(x[2][i / size % x[2].size()]);
                    return y;
                },
                of_terms, static_cast<double>(sizes.channels * plane + 1)),
            measured_op(
                "conv_transpose2d", variant, {sizes.y(), sizes.w()}, {real, real},
                [](auto x) { return G{}(x[0], x[1]); },
                [sizes](std::span<const Wide> x) {
                    std::vector<Exact> y = zeros(sizes.x());
                    sizes.for_each([&](std::size_t to, std::size_t weight, std::size_t from) {
                        y[to].add(x[0][from] * x[1][weight]);
                    });
                    return y;
                },
                of_terms, static_cast<double>(sizes.filters * plane))};
}

/// The sum of each window, its part of it and a product, of images of one sample and channel.
MeasuredOp avg_pool2d_of(Index input)
{
    const Sizes sizes{
        .samples = 1, .channels = 1, .filters = 1, .input = input, .window = 3, .stride = 2, .padding = 1};
    return measured_op(
        "avg_pool2d", "window 3, stride 2, padding 1", {sizes.x()}, {real},
        [](auto x) { return avg_pool2d(x[0], 3, {.stride = 2, .padding = 1}); },
        [sizes](std::span<const Wide> x) {
            std::vector<Exact> y = zeros(sizes.y());
            sizes.for_each([&](std::size_t from, std::size_t, std::size_t to) { y[to].add(x[0][from] / 9); });
            return y;
        },
        of_terms, 10);
}

}  // namespace

std::vector<MeasuredOp> measured_images()
{
    std::vector<MeasuredOp> all = convolutions(
        "", {.samples = 2, .channels = 2, .filters = 3, .input = 5, .window = 2, .stride = 1, .padding = 0},
        [](const auto& x, const auto& w, const auto& b) { return conv2d(x, w, b); },
        [](const auto& y, const auto& w) { return conv_transpose2d(y, w); });
    for (MeasuredOp& op : convolutions(
             "stride 2, padding 1",
             {.samples = 2,
              .channels = 40,
              .filters = 40,
              .input = 9,
              .window = 5,
              .stride = 2,
              .padding = 1},
             [](const auto& x, const auto& w, const auto& b) {
                 return conv2d(x, w, b, {.stride = 2, .padding = 1});
             },
             [](const auto& y, const auto& w) {
                 return conv_transpose2d(y, w, {.stride = 2, .padding = 1});
             }))
        all.push_back(std::move(op));
    all.push_back(avg_pool2d_of(21));
    return all;
}

}  // namespace autodiff::tests
