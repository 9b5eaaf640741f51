// Reductions, softmax, running sums and normalization.

#include <accuracy/ops.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff::tests {

namespace {

using OfLine = std::vector<Exact> (*)(const Wide&);

/// The longest chain of additions in a sum of n terms: 64 one after the other, then in halves.
double depth_of_sum(Index n)
{
    const double runs = std::ceil(static_cast<double>(n) / 64);
    return static_cast<double>(std::min<Index>(n, 64) - 1) + std::ceil(std::log2(runs));
}
/// The longest chain in any order.
double any_order(Index n) { return static_cast<double>(n - 1); }

/// Of elements from [-2, 2].
constexpr double largest_difference = 4;

/// Of each row, or each column, of a matrix.
std::vector<Exact> of_lines(const Wide& x, std::size_t lines, std::size_t count, bool columns, OfLine f)
{
    std::vector<Exact> y;
    for (std::size_t line = 0; line < lines; ++line) {
        const std::vector<Exact> of_line =
            columns ? f(line_of(x, line, lines, count)) : f(line_of(x, line * count, 1, count));
        y.resize(lines * of_line.size());
        for (std::size_t k = 0; k < of_line.size(); ++k)
            y[columns ? k * lines + line : line * of_line.size() + k] = of_line[k];
    }
    return y;
}

/// f(x, axis) along short and long rows and columns.
template <class F>
std::vector<MeasuredOp> along_both(const std::string& op, F, OfLine exact, std::string_view relative_to,
                                   double (*bound)(Index), const Domain& domain = real)
{
    constexpr Index lines = 6;
    std::vector<MeasuredOp> rows;
    for (const Index count : {7, 1000}) {
        const auto of = [=](bool columns) {
            return [=](std::span<const Wide> x) {
                return of_lines(x[0], lines, static_cast<std::size_t>(count), columns, exact);
            };
        };
        rows.push_back(measured_op(
            op, "rows", {Shape{lines, count}}, {domain}, [](auto x) { return F{}(x[0], Index{1}); },
            of(false), relative_to, bound(count)));
        rows.push_back(measured_op(
            op, "columns", {Shape{count, lines}}, {domain}, [](auto x) { return F{}(x[0], Index{0}); },
            of(true), relative_to, bound(count)));
    }
    return rows;
}

constexpr std::string_view of_normalized = "(\\|x\\| + mean \\|x\\|) \\|scale\\| / σ + \\|shift\\|";

/// The mean (any order, a division), the difference, the variance and ε under the root (half of any order and
/// of 5), the root, its inverse, two products and a sum.
double bound_of_normalized(Index n) { return any_order(n) + 1 + 1 + (any_order(n) + 5) / 2 + 2 + 2 + 1; }

MeasuredOp layer_norm_of(Index rows, Index n)
{
    return measured_op(
        "layer_norm", "", {Shape{rows, n}, Shape{n}, Shape{n}}, {real, real, real},
        [](auto x) { return layer_norm(x[0], x[1], x[2], 0.125); },
        [n = static_cast<std::size_t>(n)](std::span<const Wide> x) {
            std::vector<Exact> y;
            for (std::size_t first = 0; first < x[0].size(); first += n)
                for (const Exact& element : exact_normalized(line_of(x[0], first, 1, n), x[1], x[2], 0.125L))
                    y.push_back(element);
            return y;
        },
        of_normalized, bound_of_normalized(n));
}

MeasuredOp batch_norm_of(Index samples, Index channels, Index size)
{
    return measured_op(
        "batch_norm", "", {Shape{samples, channels, size}, Shape{channels}, Shape{channels}},
        {real, real, real}, [](auto x) { return batch_norm(x[0], x[1], x[2], 0.125).y; },
        [=](std::span<const Wide> x) {
            std::vector<Exact> y(x[0].size());
            for (std::size_t c = 0; c < x[1].size(); ++c) {
                std::vector<std::size_t> positions;
                for (std::size_t i = 0; i < y.size(); ++i)
                    if (i / static_cast<std::size_t>(size) % x[1].size() == c) positions.push_back(i);
                Wide channel;
                for (const std::size_t i : positions) channel.push_back(x[0][i]);
                const std::vector<Exact> of_channel = exact_normalized(channel, Wide(channel.size(), x[1][c]),
                                                                       Wide(channel.size(), x[2][c]), 0.125L);
                for (std::size_t k = 0; k < positions.size(); ++k) y[positions[k]] = of_channel[k];
            }
            return y;
        },
        of_normalized, bound_of_normalized(samples * size));
}

}  // namespace

std::vector<MeasuredOp> measured_reductions()
{
    std::vector<MeasuredOp> all;
    const auto add = [&](std::vector<MeasuredOp> rows) { std::ranges::move(rows, std::back_inserter(all)); };
    add(along_both(
        "sum", [](const auto& x, Index axis) { return sum(x, {axis}); }, exact_sum, of_terms, depth_of_sum));
    add(along_both(
        "mean", [](const auto& x, Index axis) { return mean(x, {axis}); }, exact_mean, "mean \\|x\\|",
        [](Index n) { return depth_of_sum(n) + 1; }));
    add(along_both(
        "prod", [](const auto& x, Index axis) { return prod(x, {axis}); }, exact_product, of_result,
        any_order, near_one));
    add(along_both(
        "cumsum", [](const auto& x, Index axis) { return cumsum(x, axis); }, exact_cumsum, of_terms,
        any_order));
    // The difference twice, its square, the sum, the division; the mean's error has no part of first order.
    add(along_both(
        "variance", [](const auto& x, Index axis) { return variance(x, {axis}); }, exact_variance, of_result,
        [](Index n) { return depth_of_sum(n) + 4; }));
    // Half of that under the root, without its division; the root, that of n, the division.
    add(along_both(
        "standard_deviation", [](const auto& x, Index axis) { return standard_deviation(x, {axis}); },
        exact_deviation, of_result, [](Index n) { return (depth_of_sum(n) + 3) / 2 + 3; }));
    add(along_both(
        "norm", [](const auto& x, Index axis) { return norm(x, {axis}); }, exact_norm, of_result,
        [](Index n) { return (depth_of_sum(n) + 1) / 2 + 1; }));
    // The differences in the exponents weigh Σ p |x - max x| ≤ ln n, p the softmax.
    add(along_both(
        "logsumexp", [](const auto& x, Index axis) { return logsumexp(x, {axis}); }, exact_logsumexp,
        of_logsumexp,
        [](Index n) { return depth_of_sum(n) + of_function + std::log(static_cast<double>(n)); }));
    // Twice a difference and an exponential, the sum, its inverse, the product.
    add(along_both(
        "softmax", [](const auto& x, Index axis) { return softmax(x, {axis}); }, exact_softmax, of_result,
        [](Index n) { return 2 * (largest_difference + of_function) + any_order(n) + 2; }));
    add(along_both(
        "log_softmax", [](const auto& x, Index axis) { return log_softmax(x, {axis}); }, exact_log_softmax,
        "1 + \\|y\\|",
        [](Index n) { return any_order(n) + of_function + std::log(static_cast<double>(n)) + 1; }));
    add({layer_norm_of(6, 7), layer_norm_of(6, 1000), batch_norm_of(3, 6, 5), batch_norm_of(10, 6, 100)});
    return all;
}

}  // namespace autodiff::tests
