// Functions of a vector: reductions, normalizations, losses and products.

#include <edge_values/answers.hpp>
#include <nn/loss.hpp>

#include <cmath>
#include <numbers>

namespace autodiff::tests {

namespace {

constexpr double ln2 = std::numbers::ln2;

template <class T>
Tensor<T> matrix(const Tensor<T>& x, Index columns)
{
    return reshape(x, Shape{x.size() / columns, columns});
}

/// The loss of the prediction x for one target.
auto with_target(auto loss, double target)
{
    return [=]<class T>(const Tensor<T>& x) {
        return loss(x, Tensor<T>::filled(x.shape(), static_cast<T>(target)));
    };
}
auto with_label(Index label)
{
    return [=]<class T>(const Tensor<T>& x) {
        return nn::cross_entropy(reshape(x, Shape{1, x.size()}), IndexArray(Shape{1}, {label}));
    };
}

}  // namespace

std::vector<Edge> reduction_edges()
{
    return {
        vector_edge("norm(x)", [](const auto& x) { return norm(x); },
                    {{{0, 0, 0}, 0, {0, 0, 0}, "subgradient"},
                     {{0}, 0, {0}, "subgradient"},
                     {{-2}, 2, {-1}, "one element"},
                     {{3e200, 4e200}, 5e200, {0.6, 0.8}, "squares overflow", In::only_double},
                     {{3e-200, 4e-200}, 5e-200, {0.6, 0.8}, "squares vanish", In::only_double},
                     {{3 * 0x1p80, 4 * 0x1p80}, 5 * 0x1p80, {0.6, 0.8}, "squares overflow"},
                     {{3 * 0x1p-80, 4 * 0x1p-80}, 5 * 0x1p-80, {0.6, 0.8}, "squares vanish"},
                     {{0, 5}, 5, {0, 1}, "a zero"}}),
        vector_edge("logsumexp(x)", [](const auto& x) { return logsumexp(x); },
                    {{{0, 0}, ln2, {0.5, 0.5}, "equal"},
                     {{5}, 5, {1}, "one element"},
                     {{-infinity, 0}, 0, {0, 1}, "impossible"},
                     {{1e30f, -1e30f}, 1e30f, {1, 0}, "extreme"},
                     {{1e300, -1e300}, 1e300, {1, 0}, "extreme", In::only_double},
                     {{1000, 1000}, 1000 + ln2, {0.5, 0.5}, "exponentials overflow"},
                     {{-1000, -1000}, -1000 + ln2, {0.5, 0.5}, "exponentials vanish"},
                     {{-infinity, -infinity}, -infinity, {0.5, 0.5}, "all impossible"}}),
        vector_edge("max(x)", [](const auto& x) { return max(x); },
                    {{{1, 3, 3}, 3, {0, 0.5, 0.5}, "tie"},
                     {{2, 2, 2, 2}, 2, {0.25, 0.25, 0.25, 0.25}, "tie"},
                     {{-infinity, 0}, 0, {0, 1}, "largest"},
                     {{0, -0.0}, 0, {0.5, 0.5}, "tie"}}),
        vector_edge("min(x)", [](const auto& x) { return min(x); },
                    {{{1, 3, 1}, 1, {0.5, 0, 0.5}, "tie"}, {{infinity, 0}, 0, {0, 1}, "smallest"}}),
        vector_edge("prod(x)", [](const auto& x) { return prod(x); },
                    {{{0, 2, 3}, 0, {6, 0, 0}, "one zero"},
                     {{0, 0, 3}, 0, {0, 0, 0}, "two zeros"},
                     {{0}, 0, {1}, "one element"},
                     {{2, 3}, 6, {3, 2}, "usual"},
                     {{0, 0x1p100}, 0, {0x1p100, 0}, "one zero"}}),
        vector_edge("cumsum(x) of zeros", [](const auto& x) { return sum(cumsum(x, 0)); },
                    {{{0, 0, 0}, 0, {3, 2, 1}, "linear"}}),
        vector_edge("variance(x)", [](const auto& x) { return variance(x); },
                    {{{2, 2, 2}, 0, {0, 0, 0}, "constant"},
                     {{7}, 0, {0}, "one element"},
                     {{-1, 1}, 1, {-1, 1}, "usual"}}),
        vector_edge("standard_deviation(x)", [](const auto& x) { return standard_deviation(x); },
                    {{{2, 2, 2}, 0, {0, 0, 0}, "subgradient"},
                     {{0.1, 0.1, 0.1}, 0, {0, 0, 0}, "constant with a rounded mean"},
                     {{7}, 0, {0}, "one element"},
                     {{-1, 1}, 1, {-0.5, 0.5}, "usual"},
                     {{-0x1p80, 0x1p80}, 0x1p80, {-0.5, 0.5}, "squares overflow"},
                     {{-0x1p-80, 0x1p-80}, 0x1p-80, {-0.5, 0.5}, "squares vanish"},
                     {{-1e200, 1e200}, 1e200, {-0.5, 0.5}, "squares overflow", In::only_double},
                     {{-1e-200, 1e-200}, 1e-200, {-0.5, 0.5}, "squares vanish", In::only_double}}),
        vector_edge("mean(x)", [](const auto& x) { return mean(x); },
                    {{{-infinity, 0}, -infinity, {0.5, 0.5}, "linear"}}),
    };
}

std::vector<Edge> normalization_edges()
{
    const double steep = 1 / std::sqrt(0x1p-16);
    return {
        vector_edge("softmax(x)[0]", [](const auto& x) { return select(softmax(x), 0); },
                    {{{0, 0}, 0.5, {0.25, -0.25}, "equal"},
                     {{1000, 0, -1000}, 1, {0, 0, 0}, "saturated"},
                     {{-infinity, 0}, 0, {0, 0}, "impossible"},
                     {{1e30f, -1e30f}, 1, {0, 0}, "extreme"},
                     {{1000, 1000}, 0.5, {0.25, -0.25}, "exponentials overflow"},
                     {{-1000, -1000}, 0.5, {0.25, -0.25}, "exponentials vanish"},
                     {{3}, 1, {0}, "one element"}}),
        vector_edge("log_softmax(x)[0]", [](const auto& x) { return select(log_softmax(x), 0); },
                    {{{0, 0}, -ln2, {0.5, -0.5}, "equal"},
                     {{1000, 0}, 0, {0, 0}, "saturated"},
                     {{-1000, 1000}, -2000, {1, -1}, "straight"},
                     {{0, -infinity}, 0, {0, 0}, "impossible other"},
                     {{-1e30f, 0}, -1e30f, {1, -1}, "extreme"},
                     {{1000, 1000}, -ln2, {0.5, -0.5}, "exponentials overflow"}}),
        vector_edge(
            "layer_norm(x)[0], ε = 2^-16",
            []<class T>(const Tensor<T>& x) {
                const Tensor<T> ones = Tensor<T>::ones(x.shape());
                return select(layer_norm(x, ones, 0 * ones, 0x1p-16), 0);
            },
            {{{2, 2, 2, 2}, 0, {0.75 * steep, -0.25 * steep, -0.25 * steep, -0.25 * steep}, "constant"},
             {{0, 0}, 0, {0.5 * steep, -0.5 * steep}, "zeros"}}),
        vector_edge(
            "batch_norm(x)[0], ε = 2^-16",
            []<class T>(const Tensor<T>& x) {
                const Tensor<T> one = Tensor<T>::ones(Shape{1});
                return select(flatten(batch_norm(matrix(x, 1), one, 0 * one, 0x1p-16).y), 0);
            },
            {{{2, 2, 2, 2}, 0, {0.75 * steep, -0.25 * steep, -0.25 * steep, -0.25 * steep}, "constant"},
             {{5}, 0, {0}, "one sample"}}),
        vector_edge("(x / where(norm(x) == 0, 1, norm(x)))[0]",
                    [](const auto& x) {
                        const auto size = norm(x);
                        return select(x / where(size == 0, 1, size), 0);
                    },
                    {{{0, 0}, 0, {1, 0}, "guarded"}, {{0, 2}, 0, {0.5, 0}, "a zero"}}),
    };
}

std::vector<Edge> loss_edges()
{
    const auto bce = nn::binary_cross_entropy;
    const auto from_logits = nn::binary_cross_entropy_from_logits;
    return {
        vector_edge("cross_entropy(x, label 0)", with_label(0),
                    {{{0, 0}, ln2, {-0.5, 0.5}, "equal"},
                     {{1000, 0}, 0, {0, 0}, "certain and right"},
                     {{-1000, 1000}, 2000, {-1, 1}, "certain and wrong"},
                     {{-1e30f, 0}, 1e30f, {-1, 1}, "extreme"},
                     {{0, -infinity}, 0, {0, 0}, "impossible other"}}),
        vector_edge(
            "cross_entropy(x, label 1)", with_label(1),
            {{{1000, 0}, 1000, {1, -1}, "certain and wrong"}, {{-1e30f, 0}, 0, {0, 0}, "certain and right"}}),
        vector_edge("binary_cross_entropy_from_logits(x, 0)", with_target(from_logits, 0),
                    {{{0}, ln2, {0.5}, "middle"},
                     {{1000}, 1000, {1}, "certain and wrong"},
                     {{-1000}, 0, {0}, "certain and right"},
                     {{1e30f}, 1e30f, {1}, "extreme"}}),
        vector_edge("binary_cross_entropy_from_logits(x, 1)", with_target(from_logits, 1),
                    {{{-1000}, 1000, {-1}, "certain and wrong"},
                     {{1000}, 0, {0}, "certain and right"},
                     {{-1e30f}, 1e30f, {-1}, "extreme"}}),
        vector_edge("binary_cross_entropy_from_logits(x, 0.5)", with_target(from_logits, 0.5),
                    {{{1000}, 500, {0.5}, "straight"}, {{-1000}, 500, {-0.5}, "straight"}}),
        vector_edge(
            "binary_cross_entropy(p, 0)", with_target(bce, 0),
            {{{0}, 0, {1}, "certain and right"}, {{1}, 100, {0}, "limited"}, {{0.5}, ln2, {2}, "middle"}}),
        vector_edge(
            "binary_cross_entropy(p, 1)", with_target(bce, 1),
            {{{1}, 0, {-1}, "certain and right"}, {{0}, 100, {0}, "limited"}, {{0.5}, ln2, {-2}, "middle"}}),
        vector_edge("mse(x, 2)", with_target(nn::mse, 2),
                    {{{2, 2}, 0, {0, 0}, "exact"}, {{3}, 1, {2}, "usual"}}),
    };
}

std::vector<Edge> product_edges()
{
    return {
        vector_edge("determinant(x)",
                    [](const auto& x) { return determinant(matrix(x, x.size() == 4 ? 2 : 3)); },
                    {{{1, 2, 2, 4}, 0, {4, -2, -2, 1}, "singular"},
                     {{0, 0, 0, 0}, 0, {0, 0, 0, 0}, "zeros"},
                     {{0, 1, 1, 0}, -1, {0, -1, -1, 0}, "no pivot at first"},
                     {{1, 0, 0, 0, 1, 0, 0, 0, 0}, 0, {0, 0, 0, 0, 0, 0, 0, 0, 1}, "rank 2"},
                     {{1, 0, 0, 0, 0, 0, 0, 0, 0}, 0, {0, 0, 0, 0, 0, 0, 0, 0, 0}, "rank 1"}}),
        vector_edge(
            "dot(x, x)", [](const auto& x) { return dot(x, x); },
            {{{0, 0}, 0, {0, 0}, "zeros"}, {{0x1p-100, 0}, 0, {0x1p-99, 0}, "underflow", In::only_float}}),
        vector_edge("trace(x)", [](const auto& x) { return trace(matrix(x, 2)); },
                    {{{0, 1, 1, 0}, 0, {1, 0, 0, 1}, "linear"}}),
        vector_edge("sum(matmul(x, 0))",
                    []<class T>(const Tensor<T>& x) {
                        return sum(matmul(matrix(x, 2), Tensor<T>::zeros(Shape{2, 2})));
                    },
                    {{{1, 2}, 0, {0, 0}, "zeros"}}),
        vector_edge("sum(sqrt(x) * [0, 1])",
                    []<class T>(const Tensor<T>& x) { return sum(sqrt(x) * Tensor<T>{0, 1}); },
                    {{{0, 4}, 2, {0, 0.25}, "zero wins"}}),
        vector_edge("sqrt(x)[1]", [](const auto& x) { return select(sqrt(x), 1); },
                    {{{0, 4}, 2, {0, 0.25}, "zero wins"}, {{-1, 4}, 2, {0, 0.25}, "zero wins"}}),
        vector_edge("sort(x)[0]", [](const auto& x) { return select(sort(x), 0); },
                    {{{2, 1}, 1, {0, 1}, "smallest"}, {{-infinity, 0}, -infinity, {1, 0}, "smallest"}}),
    };
}

std::vector<Edge> edge_table()
{
    std::vector<Edge> all;
    for (std::vector<Edge> family :
         {power_edges(), kink_edges(), function_edges(), activation_edges(), branch_edges(),
          dead_branch_edges(), reduction_edges(), normalization_edges(), loss_edges(), product_edges()})
        for (Edge& edge : family) all.push_back(std::move(edge));
    return all;
}

}  // namespace autodiff::tests
