// Products of vectors and matrices, Einstein's sums, and sums at positions.

#include <accuracy/ops.hpp>

namespace autodiff::tests {

namespace {

// A sum of k products is within k ulp of the sum of their absolute values, in whatever order it is taken,
// with fused multiply-adds or without (Higham, section 3.1).

MeasuredOp dot_of(Index k)
{
    return measured_op(
        "dot", "", {Shape{k}, Shape{k}}, {real, real}, [](auto x) { return dot(x[0], x[1]); },
        [](std::span<const Wide> x) { return exact_matmul(x[0], x[1], 1, x[0].size(), 1); }, of_terms,
        static_cast<double>(k));
}

MeasuredOp matmul_of(Index m, Index k, Index n)
{
    return measured_op(
        "matmul", "", {Shape{m, k}, Shape{k, n}}, {real, real}, [](auto x) { return matmul(x[0], x[1]); },
        [=](std::span<const Wide> x) {
            return exact_matmul(x[0], x[1], static_cast<std::size_t>(m), static_cast<std::size_t>(k),
                                static_cast<std::size_t>(n));
        },
        of_terms, static_cast<double>(k));
}

/// The sum, and the bias.
MeasuredOp linear_of(Index samples, Index k, Index m)
{
    return measured_op(
        "linear", "", {Shape{samples, k}, Shape{m, k}, Shape{m}}, {real, real, real},
        [](auto x) { return linear(x[0], x[1], x[2]); },
        [count = static_cast<std::size_t>(k)](std::span<const Wide> x) {
            std::vector<Exact> y;
            for (std::size_t i = 0; i < x[0].size(); i += count)
                for (std::size_t j = 0; j < x[2].size(); ++j) {
                    y.push_back(exact_matmul(line_of(x[0], i, 1, count), line_of(x[1], j * count, 1, count),
                                             1, count, 1)[0]);
                    y.back().add(x[2][j]);
                }
            return y;
        },
        of_terms, static_cast<double>(k + 1));
}

/// y_b = Σ x_bi a_ij z_bj: two sums one after the other, of products with what came out of the first.
MeasuredOp einsum_of(Index b, Index n)
{
    return measured_op(
        "einsum", "bi,ij,bj->b", {Shape{b, n}, Shape{n, n}, Shape{b, n}}, {real, real, real},
        [](auto x) { return einsum("bi,ij,bj->b", x[0], x[1], x[2]); },
        [count = static_cast<std::size_t>(n)](std::span<const Wide> x) {
            std::vector<Exact> y;
            for (std::size_t first = 0; first < x[0].size(); first += count) {
                Exact& sum = y.emplace_back();
                for (std::size_t i = 0; i < count; ++i)
                    for (std::size_t j = 0; j < count; ++j)
                        sum.add(x[0][first + i] * x[1][i * count + j] * x[2][first + j]);
            }
            return y;
        },
        of_terms, static_cast<double>(2 * n));
}

MeasuredOp outer_of(Index m, Index n)
{
    return measured_op(
        "outer", "", {Shape{m}, Shape{n}}, {real, real}, [](auto x) { return outer(x[0], x[1]); },
        [](std::span<const Wide> x) { return exact_matmul(x[0], x[1], x[0].size(), 1, x[1].size()); },
        of_terms, 1);
}

MeasuredOp trace_of(Index n)
{
    return measured_op(
        "trace", "", {Shape{n, n}}, {real}, [](auto x) { return trace(x[0]); },
        [count = static_cast<std::size_t>(n)](std::span<const Wide> x) {
            return exact_sum(line_of(x[0], 0, count + 1, count));
        },
        of_terms, static_cast<double>(n - 1));
}

MeasuredOp sum_to_shape_of(Index rows, Index columns)
{
    return measured_op(
        "sum_to_shape", "one row", {Shape{rows, columns}}, {real},
        [](auto x) { return sum_to_shape(x[0], Shape{1, x[0].shape()[1]}); },
        [=](std::span<const Wide> x) {
            std::vector<Exact> y;
            for (std::size_t j = 0; j < static_cast<std::size_t>(columns); ++j)
                y.push_back(exact_sum(
                    line_of(x[0], j, static_cast<std::size_t>(columns), static_cast<std::size_t>(rows)))[0]);
            return y;
        },
        of_terms, static_cast<double>(rows - 1));
}

/// All updates are added to one element.
MeasuredOp scatter_add_of(Index count)
{
    return measured_op(
        "scatter_add", "at one position", {Shape{1}, Shape{count}}, {real, real},
        [](auto x) {
            const IndexArray first(x[1].shape(), std::vector<Index>(static_cast<std::size_t>(x[1].size())));
            return scatter_add(x[0], first, x[1], 0);
        },
        [](std::span<const Wide> x) {
            std::vector<Exact> y = exact_sum(x[1]);
            y[0].add(x[0][0]);
            return y;
        },
        of_terms, static_cast<double>(count));
}

}  // namespace

std::vector<MeasuredOp> measured_products()
{
    return {dot_of(7),
            dot_of(1000),
            matmul_of(3, 4, 5),
            matmul_of(40, 50, 60),
            matmul_of(5, 1000, 6),
            matmul_of(6, 1000, 1),
            linear_of(3, 4, 5),
            linear_of(5, 1000, 6),
            einsum_of(3, 4),
            einsum_of(5, 100),
            outer_of(7, 30),
            trace_of(30),
            sum_to_shape_of(1000, 6),
            scatter_add_of(1000)};
}

}  // namespace autodiff::tests
