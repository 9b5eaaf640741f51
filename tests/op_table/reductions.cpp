// Rows: reductions, softmax, running sums and sorting.

#include <op_table.hpp>

namespace autodiff::tests {

namespace {

const std::vector<Shapes> any_matrix_or_batch{{Shape{3, 4}}, {Shape{1, 4}}, {Shape{3, 1}},
                                              {Shape{1, 1}}, {Shape{0, 2}}, {Shape{2, 2, 3}}};
// With rows to reduce over, if not columns, and the other way round.
const std::vector<Shapes> any_rows{{Shape{3, 4}}, {Shape{1, 4}}, {Shape{3, 1}}, {Shape{1, 1}}, {Shape{3, 0}}};
const std::vector<Shapes> any_columns{
    {Shape{3, 4}}, {Shape{1, 4}}, {Shape{3, 1}}, {Shape{1, 1}}, {Shape{0, 3}}};
const std::vector<Shapes> any_matrix{{Shape{3, 4}}, {Shape{1, 4}}, {Shape{3, 1}},
                                     {Shape{1, 1}}, {Shape{0, 2}}, {Shape{2, 0}}};
const std::vector<Shapes> anything{{Shape{}}, {Shape{1}}, {Shape{5}}, {Shape{3, 4}}, {Shape{2, 1, 3}}};
const std::vector<Shapes> anything_or_empty{{Shape{}},  {Shape{1}},    {Shape{0}},
                                            {Shape{5}}, {Shape{3, 4}}, {Shape{2, 0}}};
const std::vector<Shapes> rank_three{{Shape{2, 3, 2}}, {Shape{1, 3, 1}}, {Shape{1, 1, 1}}, {Shape{2, 0, 2}}};

// Longer than the runs that sums are made of, and than a SIMD batch.
const std::vector<Shapes> longer{{Shape{70}}, {Shape{2, 33}}, {Shape{1}}, {Shape{0, 33}}};

constexpr auto rank_zero = ArgumentForm::rank_zero, empty = ArgumentForm::empty,
               size_one = ArgumentForm::size_one;
const std::string along_an_axis = "it works along an axis";

/// Zeros among the factors of a product: one in the first row, two in the second.
const Domain with_zeros{{{-2, 2}}, 0, [](std::span<double> elements, const Shape&) {
                            for (std::size_t i : {1u, 4u, 5u})
                                if (i < elements.size()) elements[i] = 0;
                        }};

std::vector<Row> sum_rows()
{
    return {
        tensor_row(
            "sum", "all", [](auto x) { return sum(x[0]); }, {real}, anything_or_empty),
        tensor_row(
            "sum", "long", [](auto x) { return sum(x[0], {-1}); }, {real}, longer)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "sum", "axis 0", [](auto x) { return sum(x[0], {0}); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "sum", "axis -1, kept", [](auto x) { return sum(x[0], {-1}, KeepDims::yes); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "sum", "axes 0 and 2", [](auto x) { return sum(x[0], {2, 0}); }, {real}, rank_three)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "mean", "all", [](auto x) { return mean(x[0]); }, {real}, anything)
            .without(empty, "of nothing there is none"),
        tensor_row(
            "mean", "axis 0", [](auto x) { return mean(x[0], {0}); }, {real}, any_rows)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "mean", "axis 1, kept", [](auto x) { return mean(x[0], {1}, KeepDims::yes); }, {real},
            any_columns)
            .without(rank_zero, along_an_axis),
        tensor_row("prod", "all", [](auto x) { return prod(x[0]); }, {real},
                   {{Shape{}}, {Shape{1}}, {Shape{0}}, {Shape{5}}, {Shape{2, 3}}}),
        tensor_row(
            "prod", "axis 0", [](auto x) { return prod(x[0], {0}); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "prod", "axis 1, kept", [](auto x) { return prod(x[0], {1}, KeepDims::yes); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "prod", "with zeros", [](auto x) { return prod(x[0], {1}); }, {with_zeros}, any_matrix_or_batch)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "cumsum", "axis 0", [](auto x) { return cumsum(x[0], 0); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "cumsum", "axis -1", [](auto x) { return cumsum(x[0], -1); }, {real}, rank_three)
            .without(rank_zero, along_an_axis),
    };
}

std::vector<Row> extremum_rows()
{
    return {
        tensor_row(
            "max", "all", [](auto x) { return max(x[0]); }, {distinct}, anything)
            .without(empty, "of nothing there is none"),
        tensor_row(
            "max", "axis 0", [](auto x) { return max(x[0], {0}); }, {distinct}, any_rows)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "max", "axis 1, kept", [](auto x) { return max(x[0], {1}, KeepDims::yes); }, {distinct},
            any_columns)
            .without(rank_zero, along_an_axis),
        tensor_row("max", "long", [](auto x) { return max(x[0], {-1}); }, {distinct},
                   {{Shape{30}}, {Shape{1}}, {Shape{0, 5}}})
            .without(rank_zero, along_an_axis),
        tensor_row(
            "min", "all", [](auto x) { return min(x[0]); }, {distinct}, anything)
            .without(empty, "of nothing there is none"),
        tensor_row(
            "min", "axes 0 and 2", [](auto x) { return min(x[0], {0, 2}); }, {distinct}, rank_three)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "sort", "ascending", [](auto x) { return sort(x[0]); }, {distinct}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "sort", "descending, axis 0", [](auto x) { return sort(x[0], 0, Order::descending); }, {distinct},
            any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row("topk", "2 of 4", [](auto x) { return topk(x[0], 2).values; }, {distinct},
                   {{Shape{4}}, {Shape{3, 4}}, {Shape{2}}, {Shape{0, 4}}})
            .without(size_one, "the largest two are two")
            .without(rank_zero, along_an_axis),
        tensor_row("topk", "axis 0", [](auto x) { return topk(x[0], 1, 0).values; }, {distinct},
                   {{Shape{3, 2}}, {Shape{1}}, {Shape{3, 0}}})
            .without(rank_zero, along_an_axis),
    };
}

std::vector<Row> moment_rows()
{
    return {
        tensor_row(
            "variance", "all", [](auto x) { return variance(x[0]); }, {real}, anything)
            .without(empty, "of nothing there is none"),
        tensor_row("variance", "axis 0, corrected",
                   [](auto x) { return variance(x[0], {0}, KeepDims::no, 1); }, {real},
                   {{Shape{3, 4}}, {Shape{2, 1}}, {Shape{3, 0}}})
            .without(size_one, "the correction leaves nothing of one")
            .without(rank_zero, along_an_axis),
        tensor_row(
            "variance", "axis 1, kept", [](auto x) { return variance(x[0], {1}, KeepDims::yes); }, {real},
            any_columns)
            .without(rank_zero, along_an_axis),
        tensor_row("standard_deviation", "all", [](auto x) { return standard_deviation(x[0]); }, {distinct},
                   {{Shape{5}}, {Shape{3, 4}}, {Shape{1}}, {Shape{}}})
            .without(empty, "of nothing there is none"),
        tensor_row("standard_deviation", "axis 1, kept",
                   [](auto x) { return standard_deviation(x[0], {1}, KeepDims::yes, 1); }, {distinct},
                   {{Shape{3, 4}}, {Shape{0, 3}}})
            .without(size_one, "the correction leaves nothing of one")
            .without(rank_zero, along_an_axis),
        tensor_row(
            "norm", "all", [](auto x) { return norm(x[0]); }, {nonzero}, anything_or_empty),
        tensor_row(
            "norm", "axis 0", [](auto x) { return norm(x[0], {0}); }, {nonzero}, any_rows)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "norm", "axis 1, kept", [](auto x) { return norm(x[0], {1}, KeepDims::yes); }, {nonzero},
            any_columns)
            .without(rank_zero, along_an_axis),
    };
}

std::vector<Row> softmax_rows()
{
    return {
        tensor_row(
            "logsumexp", "all", [](auto x) { return logsumexp(x[0]); }, {real}, anything)
            .without(empty, "of nothing there is none"),
        tensor_row(
            "logsumexp", "axis 0", [](auto x) { return logsumexp(x[0], {0}); }, {real}, any_rows)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "logsumexp", "axis 1, kept", [](auto x) { return logsumexp(x[0], {1}, KeepDims::yes); }, {real},
            any_columns)
            .without(rank_zero, along_an_axis),
        tensor_row("layer_norm", "", [](auto x) { return layer_norm(x[0], x[1], x[2], 0.1); },
                   {real, real, real},
                   {{Shape{3, 5}, Shape{5}, Shape{5}},
                    {Shape{2, 2, 3}, Shape{3}, Shape{3}},
                    {Shape{4}, Shape{4}, Shape{4}},
                    {Shape{2, 1}, Shape{1}, Shape{1}},
                    {Shape{0, 3}, Shape{3}, Shape{3}},
                    {Shape{3, 19}, Shape{19}, Shape{19}},
                    {Shape{1}, Shape{1}, Shape{1}}})
            .without(rank_zero, along_an_axis),
        tensor_row(
            "softmax", "last axis", [](auto x) { return softmax(x[0]); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "softmax", "axis 0", [](auto x) { return softmax(x[0], {0}); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row("softmax", "all", [](auto x) { return softmax(x[0], {}); }, {real},
                   {{Shape{2, 3}}, {Shape{}}, {Shape{1}}, {Shape{2, 0}}}),
        tensor_row(
            "log_softmax", "last axis", [](auto x) { return log_softmax(x[0]); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "log_softmax", "axis 0", [](auto x) { return log_softmax(x[0], {0}); }, {real}, any_matrix)
            .without(rank_zero, along_an_axis),
    };
}

}  // namespace

std::vector<Row> reduction_rows()
{
    return joined({sum_rows(), extremum_rows(), moment_rows(), softmax_rows()});
}

}  // namespace autodiff::tests
