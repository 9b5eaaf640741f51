// Rows: ops that rearrange elements, cut tensors and put them together.

#include <op_table.hpp>

namespace autodiff::tests {

namespace {

const std::vector<Shapes> matrices{{Shape{3, 4}}, {Shape{1, 4}}, {Shape{3, 1}}, {Shape{2, 0}}};
const std::vector<Shapes> rank_three{{Shape{2, 3, 4}}, {Shape{1, 3, 1}}, {Shape{2, 0, 3}}};

std::vector<Row> view_rows()
{
    return {
        tensor_row("reshape", "", [](auto x) { return reshape(x[0], Shape{2, -1}); }, {real},
                   {{Shape{3, 4}}, {Shape{6}}, {Shape{2}}, {Shape{0, 3}}}),
        tensor_row("reshape", "to one axis more", [](auto x) { return reshape(x[0], Shape{2, 1, 3}); },
                   {real}, {{Shape{3, 2}}, {Shape{6}}}),
        tensor_row("reshape", "of a number", [](auto x) { return reshape(x[0], Shape{1, 1}); }, {real},
                   {{Shape{}}, {Shape{1}}}),
        tensor_row("reshape", "to a number", [](auto x) { return reshape(x[0], Shape{}); }, {real},
                   {{Shape{1}}, {Shape{1, 1}}}),
        tensor_row("flatten", "", [](auto x) { return flatten(x[0]); }, {real},
                   {{Shape{}}, {Shape{3, 4}}, {Shape{2, 0}}}),
        tensor_row(
            "flatten", "from axis 1", [](auto x) { return flatten(x[0], 1); }, {real}, rank_three),
        tensor_row("squeeze", "", [](auto x) { return squeeze(x[0]); }, {real},
                   {{Shape{1, 3, 1}}, {Shape{1, 1}}, {Shape{2}}}),
        tensor_row("squeeze", "axis 1", [](auto x) { return squeeze(x[0], {1}); }, {real},
                   {{Shape{2, 1, 3}}, {Shape{0, 1}}}),
        tensor_row("unsqueeze", "", [](auto x) { return unsqueeze(x[0], {0, -1}); }, {real},
                   {{Shape{}}, {Shape{2, 3}}, {Shape{0}}}),
        tensor_row("broadcast_to", "", [](auto x) { return broadcast_to(x[0], Shape{2, 3, 4}); }, {real},
                   {{Shape{}}, {Shape{4}}, {Shape{3, 1}}, {Shape{2, 1, 4}}, {Shape{2, 3, 4}}}),
        tensor_row("broadcast_to", "nothing", [](auto x) { return broadcast_to(x[0], Shape{2, 0}); }, {real},
                   {{Shape{}}, {Shape{1}}, {Shape{2, 1}}}),
        tensor_row("sum_to_shape", "", [](auto x) { return sum_to_shape(x[0], Shape{3, 1}); }, {real},
                   {{Shape{3, 4}}, {Shape{2, 3, 4}}, {Shape{3, 0}}}),
        tensor_row("sum_to_shape", "number", [](auto x) { return sum_to_shape(x[0], Shape{}); }, {real},
                   {{Shape{3, 4}}, {Shape{}}, {Shape{0}}}),
        tensor_row(
            "permute", "", [](auto x) { return permute(x[0], {2, 0, 1}); }, {real}, rank_three),
        tensor_row("transpose", "", [](auto x) { return transpose(x[0]); }, {real},
                   {{Shape{}}, {Shape{3}}, {Shape{3, 4}}, {Shape{2, 3, 4}}, {Shape{0, 2}}}),
        tensor_row(
            "swap_axes", "", [](auto x) { return swap_axes(x[0], 0, -1); }, {real}, rank_three),
        tensor_row("flip", "", [](auto x) { return flip(x[0]); }, {real},
                   {{Shape{}}, {Shape{3}}, {Shape{3, 4}}, {Shape{0, 2}}}),
        tensor_row(
            "flip", "axis 1", [](auto x) { return flip(x[0], {1}); }, {real}, matrices),
    };
}

std::vector<Row> part_rows()
{
    return {
        tensor_row(
            "slice", "", [](auto x) { return slice(x[0], {Slice{.start = 1}, Slice{.stop = -1}}); }, {real},
            matrices),
        tensor_row(
            "slice", "steps", [](auto x) { return slice(x[0], {Slice{.step = 2}, Slice{.step = -1}}); },
            {real}, matrices),
        tensor_row(
            "slice", "step -2 along axis 1", [](auto x) { return slice(x[0], Slice{3, 0, -2}, 1); }, {real},
            matrices),
        tensor_row(
            "slice", "nothing", [](auto x) { return slice(x[0], {Slice{1, 1}}); }, {real}, matrices),
        tensor_row("select", "", [](auto x) { return select(x[0], -1); }, {real},
                   {{Shape{3}}, {Shape{3, 4}}, {Shape{1, 0}}}),
        tensor_row("select", "axis 1", [](auto x) { return select(x[0], 0, 1); }, {real},
                   {{Shape{3, 4}}, {Shape{3, 1}}, {Shape{0, 2}}}),
        tensor_row("split", "",
                   [](auto x) {
                       const auto parts = split(x[0], 2, 1);
                       return parts[0] * parts[1];
                   },
                   {real}, {{Shape{3, 4}}, {Shape{1, 2}}, {Shape{3, 0}}}),
        tensor_row("split_sizes", "",
                   [](auto x) {
                       const auto parts = split_sizes(x[0], {1, 0, 2});
                       return parts[0] * parts[2];
                   },
                   {real}, {{Shape{3}}, {Shape{3, 2}}}),
        tensor_row(
            "pad", "", [](auto x) { return pad(x[0], {{1, 0}, {0, 2}}); }, {real}, matrices),
        tensor_row("pad", "with 3", [](auto x) { return pad(x[0], {{1, 2}}, 3); }, {real},
                   {{Shape{2}}, {Shape{0}}}),
        tensor_row("diagonal", "", [](auto x) { return diagonal(x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{2, 4}}, {Shape{2, 3, 2}}, {Shape{0, 2}}}),
        tensor_row("diagonal_matrix", "", [](auto x) { return diagonal_matrix(x[0]); }, {real},
                   {{Shape{3}}, {Shape{2, 3}}, {Shape{0}}, {Shape{1}}}),
        tensor_row("trace", "", [](auto x) { return trace(x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{2, 4}}, {Shape{2, 3, 3}}, {Shape{0, 2}}}),
        tensor_row("lower_triangle", "", [](auto x) { return lower_triangle(x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{2, 3, 2}}, {Shape{0, 2}}}),
        tensor_row("lower_triangle", "offset 1", [](auto x) { return lower_triangle(x[0], 1); }, {real},
                   {{Shape{3, 4}}}),
        tensor_row("upper_triangle", "", [](auto x) { return upper_triangle(x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{2, 2, 3}}, {Shape{0, 2}}}),
        tensor_row("upper_triangle", "offset 1", [](auto x) { return upper_triangle(x[0], 1); }, {real},
                   {{Shape{3, 4}}}),
    };
}

std::vector<Row> joining_rows()
{
    return {
        tensor_row("concatenate", "", [](auto x) { return concatenate(x); }, {real, real, real},
                   {{Shape{2}, Shape{1}, Shape{3}}, {Shape{2, 3}, Shape{1, 3}, Shape{0, 3}}}),
        tensor_row("concatenate", "axis -1", [](auto x) { return concatenate({x[0], x[1]}, -1); },
                   {real, real}, {{Shape{2, 3}, Shape{2, 1}}, {Shape{2, 2}, Shape{2, 2}}}),
        tensor_row("stack", "", [](auto x) { return stack(x); }, {real, real},
                   {{Shape{}, Shape{}}, {Shape{3}, Shape{3}}, {Shape{0}, Shape{0}}}),
        tensor_row("stack", "axis 1", [](auto x) { return stack({x[0], x[1]}, 1); }, {real, real},
                   {{Shape{2, 3}, Shape{2, 3}}}),
        tensor_row("where", "one condition for both",
                   [](auto x) { return where(BoolArray(Shape{2, 1}, {true, false}), x[0], x[1]); },
                   {real, real}, {{Shape{2, 3}, Shape{2, 3}}, {Shape{}, Shape{3}}, {Shape{2, 1}, Shape{}}}),
    };
}

std::vector<Row> indexing_rows()
{
    return {
        tensor_row("take", "", [](auto x) { return take(x[0], IndexArray(Shape{4}, {2, 0, -1, 2})); }, {real},
                   {{Shape{3}}, {Shape{3, 2}}, {Shape{4, 0}}}),
        tensor_row("take", "matrix of indices, axis 1",
                   [](auto x) { return take(x[0], IndexArray(Shape{2, 2}, {1, 1, 0, 1}), 1); }, {real},
                   {{Shape{2, 3}}, {Shape{2, 2, 2}}}),
        tensor_row("take", "nothing", [](auto x) { return take(x[0], IndexArray(Shape{0}, {})); }, {real},
                   {{Shape{3}}, {Shape{3, 2}}}),
        tensor_row("gather", "axis 0",
                   [](auto x) { return gather(x[0], IndexArray(Shape{2, 2}, {0, -1, 1, 0}), 0); }, {real},
                   {{Shape{3, 2}}}),
        tensor_row("gather", "axis 1",
                   [](auto x) { return gather(x[0], IndexArray(Shape{2, 4}, {0, 0, 0, 1, 2, 1, 0, 2}), 1); },
                   {real}, {{Shape{2, 3}}}),
        tensor_row("scatter_add", "",
                   [](auto x) { return scatter_add(x[0], IndexArray(Shape{4}, {2, 0, 2, -1}), x[1], 0); },
                   {real, real}, {{Shape{3}, Shape{4}}}),
        tensor_row("scatter_add", "axis 1",
                   [](auto x) { return scatter_add(x[0], IndexArray(Shape{2, 2}, {1, 1, 0, 2}), x[1], 1); },
                   {real, real}, {{Shape{2, 3}, Shape{2, 2}}}),
        tensor_row("one_hot", "times a tensor",
                   [](auto x) {
                       using T = typename std::remove_cvref_t<decltype(x[0])>::value_type;
                       return one_hot<T>(IndexArray(Shape{2}, {2, 0}), 3) * x[0];
                   },
                   {real}, {{Shape{3}}, {Shape{2, 3}}, {Shape{2, 1}}}),
    };
}

}  // namespace

std::vector<Row> shape_rows() { return joined({view_rows(), part_rows(), joining_rows(), indexing_rows()}); }

}  // namespace autodiff::tests
