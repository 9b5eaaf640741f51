// Rows: ops that rearrange elements, cut tensors and put them together.

#include <op_table.hpp>

namespace autodiff::tests {

namespace {

const std::vector<Shapes> matrices{{Shape{3, 4}}, {Shape{1, 4}}, {Shape{3, 1}}, {Shape{2, 0}}, {Shape{1, 1}}};
const std::vector<Shapes> rank_three{{Shape{2, 3, 4}}, {Shape{1, 3, 1}}, {Shape{2, 0, 3}}, {Shape{1, 1, 1}}};

constexpr auto rank_zero = ArgumentForm::rank_zero, empty = ArgumentForm::empty,
               size_one = ArgumentForm::size_one;
const std::string along_an_axis = "it works along an axis", as_many_axes = "it names as many axes",
                  several_indices = "the indices are of several elements";

std::vector<Row> view_rows()
{
    return {
        tensor_row("reshape", "", [](auto x) { return reshape(x[0], Shape{2, -1}); }, {real},
                   {{Shape{3, 4}}, {Shape{6}}, {Shape{2}}, {Shape{0, 3}}})
            .without(size_one, "two rows are two elements")
            .without(rank_zero, "two rows are two elements"),
        tensor_row("reshape", "to one axis more", [](auto x) { return reshape(x[0], Shape{2, 1, 3}); },
                   {real}, {{Shape{3, 2}}, {Shape{6}}})
            .without(size_one, "six elements are meant")
            .without(rank_zero, "six elements are meant")
            .without(empty, "six elements are meant"),
        of_a_number(tensor_row("reshape", "of a number", [](auto x) { return reshape(x[0], Shape{1, 1}); },
                               {real}, {{Shape{}}, {Shape{1}}})),
        of_a_number(tensor_row("reshape", "to a number", [](auto x) { return reshape(x[0], Shape{}); },
                               {real}, {{Shape{1}}, {Shape{1, 1}}, {Shape{}}})),
        tensor_row("flatten", "", [](auto x) { return flatten(x[0]); }, {real},
                   {{Shape{}}, {Shape{3, 4}}, {Shape{2, 0}}, {Shape{1}}}),
        tensor_row(
            "flatten", "from axis 1", [](auto x) { return flatten(x[0], 1); }, {real}, rank_three)
            .without(rank_zero, along_an_axis),
        tensor_row("squeeze", "", [](auto x) { return squeeze(x[0]); }, {real},
                   {{Shape{1, 3, 1}}, {Shape{1, 1}}, {Shape{2}}, {Shape{1, 0}}, {Shape{}}}),
        tensor_row("squeeze", "axis 1", [](auto x) { return squeeze(x[0], {1}); }, {real},
                   {{Shape{2, 1, 3}}, {Shape{0, 1}}, {Shape{1, 1}}})
            .without(rank_zero, along_an_axis),
        tensor_row("unsqueeze", "", [](auto x) { return unsqueeze(x[0], {0, -1}); }, {real},
                   {{Shape{}}, {Shape{2, 3}}, {Shape{0}}, {Shape{1}}}),
        tensor_row("broadcast_to", "", [](auto x) { return broadcast_to(x[0], Shape{2, 3, 4}); }, {real},
                   {{Shape{}}, {Shape{4}}, {Shape{3, 1}}, {Shape{2, 1, 4}}, {Shape{2, 3, 4}}, {Shape{1}}})
            .without(empty, "nothing cannot be repeated into something"),
        tensor_row("broadcast_to", "nothing", [](auto x) { return broadcast_to(x[0], Shape{2, 0}); }, {real},
                   {{Shape{}}, {Shape{1}}, {Shape{2, 1}}, {Shape{0}}}),
        tensor_row("sum_to_shape", "", [](auto x) { return sum_to_shape(x[0], Shape{3, 1}); }, {real},
                   {{Shape{3, 4}}, {Shape{2, 3, 4}}, {Shape{3, 0}}})
            .without(size_one, "the sums are three")
            .without(rank_zero, "the sums are three"),
        tensor_row("sum_to_shape", "number", [](auto x) { return sum_to_shape(x[0], Shape{}); }, {real},
                   {{Shape{3, 4}}, {Shape{}}, {Shape{0}}, {Shape{1}}}),
        tensor_row(
            "permute", "", [](auto x) { return permute(x[0], {2, 0, 1}); }, {real}, rank_three)
            .without(rank_zero, as_many_axes),
        of_a_number(tensor_row("permute", "of a number", [](auto x) { return permute(x[0], Axes{}); }, {real},
                               {{Shape{}}})
                        .without(size_one, "it names no axes")),
        tensor_row("transpose", "", [](auto x) { return transpose(x[0]); }, {real},
                   {{Shape{}}, {Shape{3}}, {Shape{3, 4}}, {Shape{2, 3, 4}}, {Shape{0, 2}}, {Shape{1}}}),
        tensor_row(
            "swap_axes", "", [](auto x) { return swap_axes(x[0], 0, -1); }, {real}, rank_three)
            .without(rank_zero, along_an_axis),
        tensor_row("flip", "", [](auto x) { return flip(x[0]); }, {real},
                   {{Shape{}}, {Shape{3}}, {Shape{3, 4}}, {Shape{0, 2}}, {Shape{1}}}),
        tensor_row(
            "flip", "axis 1", [](auto x) { return flip(x[0], {1}); }, {real}, matrices)
            .without(rank_zero, along_an_axis),
    };
}

std::vector<Row> part_rows()
{
    return {
        tensor_row(
            "slice", "", [](auto x) { return slice(x[0], {Slice{.start = 1}, Slice{.stop = -1}}); }, {real},
            matrices)
            .without(rank_zero, as_many_axes),
        tensor_row(
            "slice", "steps", [](auto x) { return slice(x[0], {Slice{.step = 2}, Slice{.step = -1}}); },
            {real}, matrices)
            .without(rank_zero, as_many_axes),
        tensor_row(
            "slice", "step -2 along axis 1", [](auto x) { return slice(x[0], Slice{3, 0, -2}, 1); }, {real},
            matrices)
            .without(rank_zero, along_an_axis),
        tensor_row(
            "slice", "nothing", [](auto x) { return slice(x[0], {Slice{1, 1}}); }, {real}, matrices)
            .without(rank_zero, as_many_axes),
        tensor_row("slice", "no axes", [](auto x) { return slice(x[0], std::vector<Slice>{}); }, {real},
                   {{Shape{}}, {Shape{1}}, {Shape{2, 3}}, {Shape{0}}}),
        tensor_row("select", "", [](auto x) { return select(x[0], -1); }, {real},
                   {{Shape{3}}, {Shape{3, 4}}, {Shape{1, 0}}, {Shape{1}}})
            .without(rank_zero, along_an_axis),
        tensor_row("select", "axis 1", [](auto x) { return select(x[0], 0, 1); }, {real},
                   {{Shape{3, 4}}, {Shape{3, 1}}, {Shape{0, 2}}, {Shape{1, 1}}})
            .without(rank_zero, along_an_axis),
        tensor_row("split", "",
                   [](auto x) {
                       const auto parts = split(x[0], 2, 1);
                       return parts[0] * parts[1];
                   },
                   {real}, {{Shape{3, 4}}, {Shape{1, 2}}, {Shape{3, 0}}})
            .without(rank_zero, along_an_axis)
            .without(size_one, "there are two parts"),
        tensor_row("split", "into one", [](auto x) { return split(x[0], 1)[0]; }, {real},
                   {{Shape{1}}, {Shape{3, 2}}, {Shape{0}}})
            .without(rank_zero, along_an_axis),
        tensor_row("split_sizes", "",
                   [](auto x) {
                       const auto parts = split_sizes(x[0], {1, 0, 2});
                       return parts[0] * parts[2];
                   },
                   {real}, {{Shape{3}}, {Shape{3, 2}}, {Shape{3, 0}}})
            .without(rank_zero, along_an_axis)
            .without(size_one, "three elements are meant"),
        tensor_row("split_sizes", "into one", [](auto x) { return split_sizes(x[0], {1})[0]; }, {real},
                   {{Shape{1}}, {Shape{1, 2}}, {Shape{1, 0}}})
            .without(rank_zero, along_an_axis),
        tensor_row(
            "pad", "", [](auto x) { return pad(x[0], {{1, 0}, {0, 2}}); }, {real}, matrices)
            .without(rank_zero, as_many_axes),
        tensor_row("pad", "with 3", [](auto x) { return pad(x[0], {{1, 2}}, 3); }, {real},
                   {{Shape{2}}, {Shape{0}}, {Shape{1}}})
            .without(rank_zero, as_many_axes),
        of_a_number(tensor_row("pad", "of a number", [](auto x) { return pad(x[0], std::vector<Padding>{}); },
                               {real}, {{Shape{}}})
                        .without(size_one, "it names no axes")),
        tensor_row("diagonal", "", [](auto x) { return diagonal(x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{2, 4}}, {Shape{2, 3, 2}}, {Shape{0, 2}}, {Shape{1, 1}}})
            .without(rank_zero, "a matrix has rows and columns"),
        tensor_row("diagonal_matrix", "", [](auto x) { return diagonal_matrix(x[0]); }, {real},
                   {{Shape{3}}, {Shape{2, 3}}, {Shape{0}}, {Shape{1}}})
            .without(rank_zero, "a diagonal is an axis"),
        tensor_row("trace", "", [](auto x) { return trace(x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{2, 4}}, {Shape{2, 3, 3}}, {Shape{0, 2}}, {Shape{1, 1}}})
            .without(rank_zero, "a matrix has rows and columns"),
        tensor_row("lower_triangle", "", [](auto x) { return lower_triangle(x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{2, 3, 2}}, {Shape{0, 2}}, {Shape{1, 1}}})
            .without(rank_zero, "a matrix has rows and columns"),
        tensor_row("lower_triangle", "offset 1", [](auto x) { return lower_triangle(x[0], 1); }, {real},
                   {{Shape{3, 4}}, {Shape{1, 1}}, {Shape{0, 2}}})
            .without(rank_zero, "a matrix has rows and columns"),
        tensor_row("upper_triangle", "", [](auto x) { return upper_triangle(x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{2, 2, 3}}, {Shape{0, 2}}, {Shape{1, 1}}})
            .without(rank_zero, "a matrix has rows and columns"),
        tensor_row("upper_triangle", "offset 1", [](auto x) { return upper_triangle(x[0], 1); }, {real},
                   {{Shape{3, 4}}, {Shape{1, 1}}, {Shape{0, 2}}})
            .without(rank_zero, "a matrix has rows and columns"),
    };
}

std::vector<Row> joining_rows()
{
    return {
        tensor_row("concatenate", "", [](auto x) { return concatenate(x); }, {real, real, real},
                   {{Shape{2}, Shape{1}, Shape{3}},
                    {Shape{2, 3}, Shape{1, 3}, Shape{0, 3}},
                    {Shape{1}, Shape{1}, Shape{1}}})
            .without(rank_zero, along_an_axis),
        tensor_row("concatenate", "axis -1", [](auto x) { return concatenate({x[0], x[1]}, -1); },
                   {real, real},
                   {{Shape{2, 3}, Shape{2, 1}},
                    {Shape{2, 2}, Shape{2, 2}},
                    {Shape{1}, Shape{1}},
                    {Shape{2, 0}, Shape{2, 1}}})
            .without(rank_zero, along_an_axis),
        tensor_row("stack", "", [](auto x) { return stack(x); }, {real, real},
                   {{Shape{}, Shape{}}, {Shape{3}, Shape{3}}, {Shape{0}, Shape{0}}, {Shape{1}, Shape{1}}}),
        tensor_row("stack", "axis 1", [](auto x) { return stack({x[0], x[1]}, 1); }, {real, real},
                   {{Shape{2, 3}, Shape{2, 3}}, {Shape{1}, Shape{1}}, {Shape{0}, Shape{0}}})
            .without(rank_zero, "there is no axis to come after"),
        tensor_row("where", "one condition for both",
                   [](auto x) { return where(BoolArray(Shape{2, 1}, {true, false}), x[0], x[1]); },
                   {real, real},
                   {{Shape{2, 3}, Shape{2, 3}},
                    {Shape{}, Shape{3}},
                    {Shape{2, 1}, Shape{}},
                    {Shape{1}, Shape{1, 1}},
                    {Shape{0}, Shape{}}}),
    };
}

std::vector<Row> indexing_rows()
{
    return {
        tensor_row("take", "", [](auto x) { return take(x[0], IndexArray(Shape{4}, {2, 0, -1, 2})); }, {real},
                   {{Shape{3}}, {Shape{3, 2}}, {Shape{4, 0}}})
            .without(rank_zero, along_an_axis)
            .without(size_one, several_indices),
        tensor_row("take", "first and last", [](auto x) { return take(x[0], IndexArray(Shape{2}, {0, -1})); },
                   {real}, {{Shape{3}}, {Shape{1}}, {Shape{2, 0}}})
            .without(rank_zero, along_an_axis),
        tensor_row("take", "matrix of indices, axis 1",
                   [](auto x) { return take(x[0], IndexArray(Shape{2, 2}, {1, 1, 0, 1}), 1); }, {real},
                   {{Shape{2, 3}}, {Shape{2, 2, 2}}, {Shape{0, 2}}})
            .without(rank_zero, along_an_axis)
            .without(size_one, several_indices),
        tensor_row("take", "nothing", [](auto x) { return take(x[0], IndexArray(Shape{0}, {})); }, {real},
                   {{Shape{3}}, {Shape{3, 2}}, {Shape{1}}, {Shape{0}}})
            .without(rank_zero, along_an_axis),
        tensor_row("gather", "axis 0",
                   [](auto x) { return gather(x[0], IndexArray(Shape{2, 2}, {0, -1, 1, 0}), 0); }, {real},
                   {{Shape{3, 2}}})
            .without(rank_zero, along_an_axis)
            .without(size_one, several_indices)
            .without(empty, several_indices),
        tensor_row("gather", "axis 1",
                   [](auto x) { return gather(x[0], IndexArray(Shape{2, 4}, {0, 0, 0, 1, 2, 1, 0, 2}), 1); },
                   {real}, {{Shape{2, 3}}})
            .without(rank_zero, along_an_axis)
            .without(size_one, several_indices)
            .without(empty, several_indices),
        tensor_row("gather", "the first row",
                   [](auto x) { return gather(x[0], IndexArray::filled(Shape{1, x[0].size(1)}, 0), 0); },
                   {real}, {{Shape{3, 2}}, {Shape{1, 1}}, {Shape{3, 0}}})
            .without(rank_zero, along_an_axis),
        tensor_row("scatter_add", "",
                   [](auto x) { return scatter_add(x[0], IndexArray(Shape{4}, {2, 0, 2, -1}), x[1], 0); },
                   {real, real}, {{Shape{3}, Shape{4}}})
            .without(rank_zero, along_an_axis)
            .without(size_one, several_indices)
            .without(empty, several_indices),
        tensor_row("scatter_add", "axis 1",
                   [](auto x) { return scatter_add(x[0], IndexArray(Shape{2, 2}, {1, 1, 0, 2}), x[1], 1); },
                   {real, real}, {{Shape{2, 3}, Shape{2, 2}}})
            .without(rank_zero, along_an_axis)
            .without(size_one, several_indices)
            .without(empty, several_indices),
        tensor_row("scatter_add", "to the first row",
                   [](auto x) { return scatter_add(x[0], IndexArray::filled(x[1].shape(), 0), x[1], 0); },
                   {real, real},
                   {{Shape{3, 2}, Shape{4, 2}},
                    {Shape{1}, Shape{1}},
                    {Shape{2, 0}, Shape{3, 0}},
                    {Shape{2}, Shape{0}}})
            .without(rank_zero, along_an_axis),
        tensor_row("one_hot", "times a tensor",
                   [](auto x) {
                       using T = typename std::remove_cvref_t<decltype(x[0])>::value_type;
                       return one_hot<T>(IndexArray(Shape{2}, {2, 0}), 3) * x[0];
                   },
                   {real},
                   {{Shape{3}}, {Shape{2, 3}}, {Shape{2, 1}}, {Shape{1}}, {Shape{}}, {Shape{0, 2, 3}}}),
    };
}

}  // namespace

std::vector<Row> shape_rows() { return joined({view_rows(), part_rows(), joining_rows(), indexing_rows()}); }

}  // namespace autodiff::tests
