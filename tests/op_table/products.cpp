// Rows: products of vectors, matrices and batches of them, and Einstein's sums.

#include <op_table.hpp>

namespace autodiff::tests {

namespace {

std::vector<Row> matmul_rows()
{
    return {
        tensor_row("matmul", "", [](auto x) { return matmul(x[0], x[1]); }, {real, real},
                   {{Shape{2, 3}, Shape{3, 4}},
                    {Shape{3, 3}, Shape{3, 3}},
                    {Shape{1, 1}, Shape{1, 1}},
                    {Shape{1, 3}, Shape{3, 1}},
                    {Shape{0, 3}, Shape{3, 2}},
                    {Shape{2, 0}, Shape{0, 2}},
                    {Shape{3}, Shape{3, 2}},
                    {Shape{2, 3}, Shape{3}},
                    {Shape{3}, Shape{3}},
                    {Shape{0}, Shape{0}}}),
        tensor_row("matmul", "batches", [](auto x) { return matmul(x[0], x[1]); }, {real, real},
                   {{Shape{2, 2, 3}, Shape{2, 3, 2}},
                    {Shape{2, 2, 3}, Shape{3, 2}},
                    {Shape{2, 3}, Shape{2, 3, 2}},
                    {Shape{2, 1, 2, 2}, Shape{3, 2, 1}},
                    {Shape{3}, Shape{2, 3, 2}},
                    {Shape{2, 2, 3}, Shape{3}},
                    {Shape{0, 2, 3}, Shape{3, 2}},
                    {Shape{1, 1, 1}, Shape{1, 1, 1}}}),
        tensor_row("matmul", "first transposed",
                   [](auto x) { return matmul(x[0], x[1], Transpose::yes, Transpose::no); }, {real, real},
                   {{Shape{3, 2}, Shape{3, 4}},
                    {Shape{2, 3, 2}, Shape{3, 2}},
                    {Shape{1, 1}, Shape{1, 1}},
                    {Shape{0, 2}, Shape{0, 4}}}),
        tensor_row("matmul", "second transposed",
                   [](auto x) { return matmul(x[0], x[1], Transpose::no, Transpose::yes); }, {real, real},
                   {{Shape{2, 3}, Shape{4, 3}},
                    {Shape{2, 3}, Shape{2, 2, 3}},
                    {Shape{1, 1}, Shape{1, 1}},
                    {Shape{2, 3}, Shape{0, 3}}}),
        tensor_row("matmul", "both transposed",
                   [](auto x) { return matmul(x[0], x[1], Transpose::yes, Transpose::yes); }, {real, real},
                   {{Shape{3, 2}, Shape{4, 3}}, {Shape{1, 1}, Shape{1, 1}}, {Shape{3, 0}, Shape{4, 3}}}),
        tensor_row("linear", "", [](auto x) { return linear(x[0], x[1], x[2]); }, {real, real, real},
                   {{Shape{2, 3}, Shape{4, 3}, Shape{4}},
                    {Shape{1, 1}, Shape{1, 1}, Shape{1}},
                    {Shape{3}, Shape{2, 3}, Shape{2}},
                    {Shape{2, 2, 3}, Shape{4, 3}, Shape{4}},
                    {Shape{0, 3}, Shape{2, 3}, Shape{2}},
                    {Shape{2, 0}, Shape{3, 0}, Shape{3}},
                    {Shape{12, 9}, Shape{10, 9}, Shape{10}}}),
        tensor_row("dot", "", [](auto x) { return dot(x[0], x[1]); }, {real, real},
                   {{Shape{5}, Shape{5}}, {Shape{1}, Shape{1}}, {Shape{0}, Shape{0}}}),
        tensor_row("outer", "", [](auto x) { return outer(x[0], x[1]); }, {real, real},
                   {{Shape{3}, Shape{4}}, {Shape{2}, Shape{2}}, {Shape{0}, Shape{2}}, {Shape{1}, Shape{1}}}),
    };
}

std::vector<Row> einsum_rows()
{
    return {
        tensor_row("einsum", "ij,jk->ik", [](auto x) { return einsum("ij,jk->ik", x[0], x[1]); },
                   {real, real},
                   {{Shape{2, 3}, Shape{3, 2}}, {Shape{2, 0}, Shape{0, 2}}, {Shape{1, 1}, Shape{1, 1}}}),
        tensor_row("einsum", "ij->ji", [](auto x) { return einsum("ij->ji", x[0]); }, {real},
                   {{Shape{2, 3}}, {Shape{0, 2}}, {Shape{1, 1}}}),
        tensor_row("einsum", "ij->j", [](auto x) { return einsum("ij->j", x[0]); }, {real},
                   {{Shape{2, 3}}, {Shape{1, 1}}, {Shape{0, 2}}}),
        tensor_row("einsum", "ii->i", [](auto x) { return einsum("ii->i", x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{1, 1}}, {Shape{0, 0}}}),
        tensor_row("einsum", "ii", [](auto x) { return einsum("ii", x[0]); }, {real},
                   {{Shape{3, 3}}, {Shape{1, 1}}, {Shape{0, 0}}}),
        tensor_row("einsum", "i,i->", [](auto x) { return einsum("i,i->", x[0], x[1]); }, {real, real},
                   {{Shape{4}, Shape{4}}, {Shape{1}, Shape{1}}, {Shape{0}, Shape{0}}}),
        tensor_row("einsum", "i,j->ji", [](auto x) { return einsum("i,j->ji", x[0], x[1]); }, {real, real},
                   {{Shape{2}, Shape{3}}, {Shape{1}, Shape{1}}, {Shape{0}, Shape{3}}}),
        tensor_row("einsum", "bi,ij,bj->b", [](auto x) { return einsum("bi,ij,bj->b", x[0], x[1], x[2]); },
                   {real, real, real},
                   {{Shape{2, 3}, Shape{3, 2}, Shape{2, 2}},
                    {Shape{1, 1}, Shape{1, 1}, Shape{1, 1}},
                    {Shape{0, 3}, Shape{3, 2}, Shape{0, 2}}}),
        tensor_row("einsum", "...ij,...j->...i",
                   [](auto x) { return einsum("...ij,...j->...i", x[0], x[1]); }, {real, real},
                   {{Shape{2, 3, 2}, Shape{2}},
                    {Shape{3, 2}, Shape{2, 2}},
                    {Shape{1, 1}, Shape{1}},
                    {Shape{0, 2}, Shape{2}}}),
        tensor_row("einsum", "iij,j->i", [](auto x) { return einsum("iij,j->i", x[0], x[1]); }, {real, real},
                   {{Shape{2, 2, 3}, Shape{3}}, {Shape{1, 1, 1}, Shape{1}}, {Shape{2, 2, 0}, Shape{0}}}),
    };
}

}  // namespace

std::vector<Row> product_rows()
{
    constexpr auto rank_zero = ArgumentForm::rank_zero;
    return joined(
        {without(rank_zero, "vectors and matrices have axes", matmul_rows()),
         without(rank_zero, "each label is an axis", einsum_rows()),
         {tensor_row("einsum", ",i->i", [](auto x) { return einsum(",i->i", x[0], x[1]); }, {real, real},
                     {{Shape{}, Shape{3}}, {Shape{}, Shape{1}}, {Shape{}, Shape{0}}})}});
}

}  // namespace autodiff::tests
