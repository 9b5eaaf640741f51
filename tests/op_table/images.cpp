// Rows: convolutions and pooling of images, and normalization of their channels.

#include <op_table.hpp>

namespace autodiff::tests {

namespace {

std::vector<Row> convolution_rows()
{
    return {
        tensor_row("conv2d", "", [](auto x) { return conv2d(x[0], x[1]); }, {real, real},
                   {{Shape{2, 2, 4, 5}, Shape{3, 2, 3, 2}},
                    {Shape{1, 1, 1, 1}, Shape{1, 1, 1, 1}},
                    {Shape{0, 2, 3, 3}, Shape{2, 2, 2, 2}},
                    {Shape{2, 0, 3, 3}, Shape{2, 0, 2, 2}},
                    {Shape{1, 1, 3, 12}, Shape{1, 1, 2, 3}}}),
        tensor_row("conv2d", "pointwise", [](auto x) { return conv2d(x[0], x[1]); }, {real, real},
                   {{Shape{2, 3, 2, 2}, Shape{2, 3, 1, 1}},
                    {Shape{1, 1, 1, 1}, Shape{1, 1, 1, 1}},
                    {Shape{0, 3, 2, 2}, Shape{2, 3, 1, 1}}}),
        tensor_row("conv2d", "with bias", [](auto x) { return conv2d(x[0], x[1], x[2], {.padding = 1}); },
                   {real, real, real},
                   {{Shape{2, 2, 3, 2}, Shape{2, 2, 3, 3}, Shape{2}},
                    {Shape{1, 1, 1, 1}, Shape{1, 1, 1, 1}, Shape{1}},
                    {Shape{0, 2, 3, 2}, Shape{2, 2, 3, 3}, Shape{2}}}),
        tensor_row("conv2d", "stride, padding, dilation",
                   [](auto x) {
                       return conv2d(x[0], x[1], {.stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}});
                   },
                   {real, real},
                   {{Shape{1, 2, 5, 4}, Shape{2, 2, 2, 3}},
                    {Shape{1, 1, 1, 1}, Shape{1, 1, 1, 1}},
                    {Shape{0, 2, 5, 4}, Shape{2, 2, 2, 3}}}),
        tensor_row("conv2d", "two groups", [](auto x) { return conv2d(x[0], x[1], {.groups = 2}); },
                   {real, real},
                   {{Shape{2, 4, 3, 3}, Shape{4, 2, 2, 2}},
                    {Shape{1, 2, 2, 2}, Shape{2, 1, 2, 2}},
                    {Shape{0, 2, 2, 2}, Shape{2, 1, 2, 2}}})
            .without(ArgumentForm::size_one, "two groups are two channels"),
        tensor_row("conv_transpose2d", "", [](auto x) { return conv_transpose2d(x[0], x[1]); }, {real, real},
                   {{Shape{2, 3, 2, 2}, Shape{3, 2, 2, 3}},
                    {Shape{1, 1, 1, 1}, Shape{1, 1, 1, 1}},
                    {Shape{0, 1, 2, 2}, Shape{1, 1, 2, 2}}}),
        tensor_row("conv_transpose2d", "stride, padding, dilation, output padding",
                   [](auto x) {
                       return conv_transpose2d(
                           x[0], x[1], {.stride = {2, 1}, .padding = {1, 2}, .dilation = {1, 2}}, {1, 1});
                   },
                   {real, real},
                   {{Shape{1, 2, 3, 4}, Shape{2, 2, 2, 3}}, {Shape{0, 2, 3, 4}, Shape{2, 2, 2, 3}}})
            .without(ArgumentForm::size_one, "padding takes all of one element away"),
    };
}

std::vector<Row> pooling_rows()
{
    return {
        tensor_row("max_pool2d", "", [](auto x) { return max_pool2d(x[0], 2); }, {distinct},
                   {{Shape{2, 1, 4, 5}}, {Shape{2, 2}}, {Shape{0, 2, 2}}, {Shape{1, 3, 8}}})
            .without(ArgumentForm::size_one, "a window is two by two"),
        tensor_row("max_pool2d", "window 1", [](auto x) { return max_pool2d(x[0], 1); }, {distinct},
                   {{Shape{2, 3}}, {Shape{1, 1}}, {Shape{0, 2, 2}}}),
        tensor_row("max_pool2d", "overlapping, padded, dilated",
                   [](auto x) {
                       return max_pool2d(x[0], {3, 2}, {.stride = 1, .padding = {1, 0}, .dilation = {1, 2}});
                   },
                   {distinct}, {{Shape{2, 4, 4}}, {Shape{3, 9}}, {Shape{0, 4, 4}}})
            .without(ArgumentForm::size_one, "a window is three columns wide"),
        tensor_row("avg_pool2d", "", [](auto x) { return avg_pool2d(x[0], 2); }, {real},
                   {{Shape{2, 1, 4, 5}}, {Shape{2, 2}}, {Shape{0, 2, 2}}})
            .without(ArgumentForm::size_one, "a window is two by two"),
        tensor_row("avg_pool2d", "window 1", [](auto x) { return avg_pool2d(x[0], 1); }, {real},
                   {{Shape{2, 3}}, {Shape{1, 1}}, {Shape{0, 2, 2}}}),
        tensor_row("avg_pool2d", "overlapping, padded, dilated",
                   [](auto x) {
                       return avg_pool2d(x[0], {2, 3},
                                         {.stride = {1, 2}, .padding = {1, 1}, .dilation = {2, 1}});
                   },
                   {real}, {{Shape{2, 4, 5}}, {Shape{0, 4, 5}}})
            .without(ArgumentForm::size_one, "windows would see only padding"),
    };
}

}  // namespace

std::vector<Row> image_rows()
{
    constexpr auto rank_zero = ArgumentForm::rank_zero;
    return joined({without(rank_zero, "images and filters have four axes", convolution_rows()),
                   without(rank_zero, "an image has rows and columns", pooling_rows()),
                   {tensor_row("batch_norm", "", [](auto x) { return batch_norm(x[0], x[1], x[2], 0.1).y; },
                               {real, real, real},
                               {{Shape{3, 2}, Shape{2}, Shape{2}},
                                {Shape{2, 3, 2, 2}, Shape{3}, Shape{3}},
                                {Shape{2, 1, 19}, Shape{1}, Shape{1}},
                                {Shape{1, 2}, Shape{2}, Shape{2}},
                                {Shape{1, 1}, Shape{1}, Shape{1}},
                                {Shape{2, 0}, Shape{0}, Shape{0}}})
                        .without(rank_zero, "channels are an axis")}});
}

}  // namespace autodiff::tests
