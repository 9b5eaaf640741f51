// Branches that are not taken, whose numbers have become infinite or no numbers: nothing of them is in a
// gradient, whatever reduction or normalization they went through. Products of matrices and convolutions are
// not among these.

#include <edge_values/answers.hpp>

#include <cmath>

namespace autodiff::tests {

namespace {

/// Where op reads infinities and a branch of Σ x is taken; and where it reads NaN.
Edge dead(const std::string& name, auto op)
{
    return vector_edge("where(Σx < 0, Σ" + name + "(eˣ), Σx), and of ln(-x)",
                       [op](const auto& x) {
                           const auto total = sum(x);
                           return where(total < 0, sum(op(exp(x))) + sum(op(log(-x))), total);
                       },
                       {{{1000, 1000, 1, 2}, 2003, {1, 1, 1, 1}, "dead branch overflows and is NaN"}});
}

/// The second of two rows that op computes, where the first is NaN.
Edge dead_row(const std::string& name, auto op, double value, std::vector<double> slopes)
{
    return vector_edge(
        name + "(ln(x - 2))[1, 0] of two rows",
        [op](const auto& x) { return select(select(op(log(reshape(x, Shape{2, 2}) - 2)), 1), 0); },
        {{{1, 1, 3, 3}, value, std::move(slopes), "a row is NaN"}});
}

}  // namespace

std::vector<Edge> dead_branch_edges()
{
    const auto layers = []<class T>(const Tensor<T>& x) {
        const Tensor<T> one = Tensor<T>::ones(Shape{x.shape().back()});
        return layer_norm(x, one, 0 * one, 1);
    };
    const auto channels = []<class T>(const Tensor<T>& x) {
        const Tensor<T> one = Tensor<T>::ones(Shape{1});
        return batch_norm(reshape(x, Shape{x.size(), 1}), one, 0 * one, 1).y;
    };
    return {
        dead("mean", [](const auto& x) { return mean(x); }),
        dead("prod", [](const auto& x) { return prod(x); }),
        dead("cumsum", [](const auto& x) { return cumsum(x, 0); }),
        dead("max", [](const auto& x) { return max(x); }),
        dead("min", [](const auto& x) { return min(x); }),
        dead("variance", [](const auto& x) { return variance(x); }),
        dead("standard_deviation", [](const auto& x) { return standard_deviation(x); }),
        dead("norm", [](const auto& x) { return norm(x); }),
        dead("logsumexp", [](const auto& x) { return logsumexp(x); }),
        dead("softmax", [](const auto& x) { return softmax(x); }),
        dead("log_softmax", [](const auto& x) { return log_softmax(x); }),
        dead("layer_norm", layers),
        dead("batch_norm", channels),
        dead("sort", [](const auto& x) { return sort(x); }),
        dead_row("softmax", [](const auto& x) { return softmax(x); }, 0.5, {0, 0, 0.25, -0.25}),
        dead_row("log_softmax", [](const auto& x) { return log_softmax(x); }, -std::log(2),
                 {0, 0, 0.5, -0.5}),
        dead_row("layer_norm", layers, 0, {0, 0, 0.5, -0.5}),
    };
}

}  // namespace autodiff::tests
