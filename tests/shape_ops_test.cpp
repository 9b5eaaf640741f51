// reshape and its kin, permutations, slices, pads and concatenations: values against hand-written references.

#include <support/derivatives.hpp>
#include <support/errors.hpp>
#include <support/layouts.hpp>

#include <autodiff/autodiff.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

bool shares_elements(const Tensor<double>& view, const Tensor<double>& x)
{
    const auto first = x.array().data(), last = first + x.size();
    return view.array().data() >= first && view.array().data() < last;
}

const Tensor<double> counting = reshape(arange(24), Shape{2, 3, 4});

/// The positions that a Python slice of a list of `size` elements gives, element by element.
std::vector<double> python_slice(Index size, const Slice& s)
{
    const auto place = [&](Index position) { return position < 0 ? position + size : position; };
    std::vector<double> result;
    for (Index i = s.step > 0 ? 0 : size - 1; i >= 0 && i < size; i += s.step > 0 ? 1 : -1) {
        const Index first = s.start ? place(*s.start) : s.step > 0 ? 0 : size - 1;
        const bool begun = s.step > 0 ? i >= first : i <= first;
        const bool ended = s.stop && (s.step > 0 ? i >= place(*s.stop) : i <= place(*s.stop));
        const Index origin = s.step > 0 ? std::max<Index>(first, 0) : std::min(first, size - 1);
        if (begun && !ended && (i - origin) % s.step == 0) result.push_back(static_cast<double>(i));
    }
    return result;
}

}  // namespace

// ---------------------------------------- reshape -----------------------------------------------------

BOOST_AUTO_TEST_CASE(reshape_keeps_the_order_of_elements_and_works_out_a_size)
{
    check_equal(reshape(counting, Shape{6, -1}), Shape{6, 4}, counting.to_vector());
    check_equal(reshape(Tensor<>(5.0), Shape{1, 1}), Shape{1, 1}, {5});
    check_equal(reshape(Tensor<>{5.0}, Shape{}), Shape{}, {5});
    check_equal(reshape(Tensor<>::zeros(Shape{0, 3}), Shape{3, 0, 2}), Shape{3, 0, 2}, {});
    check_equal(reshape(Tensor<>::zeros(Shape{0, 3}), Shape{2, -1}), Shape{2, 0}, {});
}

BOOST_AUTO_TEST_CASE(reshape_copies_only_where_no_strides_would_do)
{
    const Tensor<> columns = slice(counting, Slice{0, 2}, 2);  // (2, 3, 2) in steps of 12, 4, 1
    BOOST_TEST(shares_elements(reshape(columns, Shape{6, 2}), counting));
    BOOST_TEST(shares_elements(reshape(columns, Shape{1, 2, 3, 1, 2}), counting));
    BOOST_TEST(!shares_elements(reshape(columns, Shape{2, 6}), counting));
    check_equal(reshape(columns, Shape{2, 6}), Shape{2, 6}, {0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21});
    BOOST_TEST(shares_elements(unsqueeze(transpose(counting), {0}), counting));
    BOOST_TEST(shares_elements(reshape(flip(counting), Shape{24}), counting));
    check_equal(reshape(flip(counting), Shape{24}), flip(arange(24)));
}

BOOST_AUTO_TEST_CASE(reshape_agrees_with_a_copy_for_every_layout_and_shape)
{
    const Tensor<> x = sample(Shape{2, 3, 4});
    for (const Tensor<>& laid_out :
         {column_major(x), spaced(x), backwards(x), swap_axes(swap_axes(x, 0, 1), 1, 0)})
        for (const Shape& shape :
             {Shape{24}, Shape{4, 6}, Shape{6, 4}, Shape{2, 12}, Shape{3, 2, 2, 2}, Shape{1, 24, 1}})
            check_equal(reshape(laid_out, shape), shape, x.to_vector());
    check_equal(reshape(broadcast_to(Tensor<>{{1}, {2}}, Shape{2, 3}), Shape{6}), Shape{6},
                {1, 1, 1, 2, 2, 2});
}

BOOST_AUTO_TEST_CASE(reshape_rejects_shapes_that_do_not_fit)
{
    const Tensor<> x = counting;
    BOOST_TEST(error_text<ShapeError>([&] { reshape(x, Shape{5, 5}); }) ==
               "reshape: 24 elements of shape (2, 3, 4) do not fill shape (5, 5)");
    BOOST_TEST(error_text<ShapeError>([&] { reshape(x, Shape{5, -1}); }) ==
               "reshape: 24 elements of shape (2, 3, 4) do not fill shape (5, -1)");
    BOOST_TEST(error_text<ShapeError>([&] { reshape(x, Shape{-1, -1}); }) ==
               "reshape: more than one size is -1 in (-1, -1)");
    BOOST_TEST(error_text<ShapeError>([&] { reshape(Tensor<>(), Shape{0, -1}); }) ==
               "reshape: -1 in (0, -1) could be any size, since the others multiply to 0");
    BOOST_TEST(error_text<ShapeError>([&] { reshape(x, Shape{-2, -12}); }) ==
               "shape: negative size in (-2, -12)");
    BOOST_TEST(error_text<LimitError>([&] { reshape(x, Shape{Index{1} << 40, Index{1} << 40}); }) ==
               "reshape: 1099511627776 x 1099511627776 elements exceed what a 64-bit size can count");
}

BOOST_AUTO_TEST_CASE(flatten_merges_axes_from_one_on)
{
    check_equal(flatten(counting), arange(24));
    check_equal(flatten(counting, 1), Shape{2, 12}, counting.to_vector());
    check_equal(flatten(counting, -1), counting);
    check_equal(flatten(Tensor<>(3.0)), Shape{1}, {3});
    check_equal(flatten(Tensor<>::zeros(Shape{2, 0, 3}), 1), Shape{2, 0}, {});
    BOOST_TEST(error_text<AxisError>([] { flatten(counting, 3); }) ==
               "flatten: axis 3 does not exist in an array of rank 3; axes run from -3 to 2");
}

BOOST_AUTO_TEST_CASE(squeeze_and_unsqueeze_remove_and_add_axes_of_size_one)
{
    const Tensor<> x = reshape(counting, Shape{1, 6, 1, 4});
    BOOST_TEST(squeeze(x).shape() == (Shape{6, 4}));
    BOOST_TEST(squeeze(x, {0}).shape() == (Shape{6, 1, 4}));
    BOOST_TEST(squeeze(x, {-2, 0}).shape() == (Shape{6, 4}));
    BOOST_TEST(squeeze(Tensor<>{{1}}).shape() == Shape{});
    BOOST_TEST(unsqueeze(counting, {0, -1}).shape() == (Shape{1, 2, 3, 4, 1}));
    BOOST_TEST(unsqueeze(counting, {2, 1}).shape() == (Shape{2, 1, 1, 3, 4}));
    BOOST_TEST(unsqueeze(Tensor<>(1.0), {0}).shape() == Shape{1});
    BOOST_TEST(error_text<ShapeError>([&] { squeeze(x, {1}); }) ==
               "squeeze: axis 1 of shape (1, 6, 1, 4) has size 6; only axes of size 1 can be removed");
    BOOST_TEST(error_text<ShapeError>([&] { squeeze(Tensor<>::zeros({2, 0}), {1}); }) ==
               "squeeze: axis 1 of shape (2, 0) has size 0; only axes of size 1 can be removed");
    BOOST_TEST(error_text<AxisError>([&] { squeeze(x, {4}); }) ==
               "squeeze: axis 4 does not exist in an array of rank 4; axes run from -4 to 3");
    BOOST_TEST(error_text<AxisError>([&] { unsqueeze(x, {0, 0}); }) ==
               "unsqueeze: axis 0 is named twice in (0, 0)");
    BOOST_TEST(error_text<ShapeError>([&] { unsqueeze(x, {0, 1, 2, 3, 4}); }) ==
               "unsqueeze: shape (1, 6, 1, 4) with 5 more axes has more than 8");
}

BOOST_AUTO_TEST_CASE(broadcast_to_stretches_without_copying_and_sum_to_shape_sums_it_up)
{
    const Tensor<> row{1, 2, 3};
    const Tensor<> rows = broadcast_to(row, Shape{2, 3});
    BOOST_TEST(shares_elements(rows, row));
    check_equal(rows, Tensor<>{{1, 2, 3}, {1, 2, 3}});
    check_equal(sum_to_shape(rows, Shape{3}), Tensor<>{2, 4, 6});
    check_equal(sum_to_shape(rows, Shape{2, 1}), Tensor<>{{6}, {6}});
    check_equal(sum_to_shape(rows, Shape{}), Tensor<>(12.0));
    check_equal(broadcast_to(Tensor<>(7.0), Shape{0, 2}), Shape{0, 2}, {});
    check_equal(sum_to_shape(Tensor<>::zeros(Shape{0, 2}), Shape{1, 2}), Tensor<>{{0, 0}});
    BOOST_TEST(
        error_text<ShapeError>([&] { broadcast_to(row, Shape{3, 2}); }) ==
        "broadcast_to: shape (3,) does not stretch to (3, 2); aligned at the last axis, each size must be "
        "equal or 1");
    BOOST_TEST(error_text<ShapeError>([&] { sum_to_shape(row, Shape{2}); }) ==
               "sum_to_shape: shape (2,) is not one that stretches to (3,)");
}

// ---------------------------------------- order -------------------------------------------------------

BOOST_AUTO_TEST_CASE(permute_moves_axis_axes_i_to_axis_i)
{
    const Tensor<> y = permute(counting, {2, 0, -2});
    BOOST_TEST(y.shape() == (Shape{4, 2, 3}));
    for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 3; ++j)
            for (Index k = 0; k < 4; ++k) BOOST_TEST(y(k, i, j) == counting(i, j, k));
    BOOST_TEST(shares_elements(y, counting));
    check_equal(permute(Tensor<>(1.0), {}), Tensor<>(1.0));
    BOOST_TEST(error_text<AxisError>([] { permute(counting, {0, 1}); }) ==
               "permute: (0, 1) names 2 axes of shape (2, 3, 4); name each of its 3 axes once");
    BOOST_TEST(error_text<AxisError>([] { permute(counting, {0, 1, -2}); }) ==
               "permute: axis 1 is named twice in (0, 1, -2)");
}

BOOST_AUTO_TEST_CASE(transpose_reverses_the_axes_and_swap_axes_exchanges_two)
{
    BOOST_TEST(transpose(counting).shape() == (Shape{4, 3, 2}));
    BOOST_TEST(transpose(counting)(3, 1, 1) == counting(1, 1, 3));
    check_equal(transpose(Tensor<>{{1, 2, 3}, {4, 5, 6}}), Tensor<>{{1, 4}, {2, 5}, {3, 6}});
    check_equal(transpose(Tensor<>{1, 2}), Tensor<>{1, 2});
    BOOST_TEST(swap_axes(counting, -1, 0).shape() == (Shape{4, 3, 2}));
    BOOST_TEST(swap_axes(counting, -1, -2)(1, 3, 2) == counting(1, 2, 3));
    BOOST_TEST(error_text<AxisError>([] { swap_axes(counting, 0, 3); }) ==
               "swap_axes: axis 3 does not exist in an array of rank 3; axes run from -3 to 2");
}

BOOST_AUTO_TEST_CASE(flip_reverses_the_elements_along_axes)
{
    const Tensor<> x{{1, 2, 3}, {4, 5, 6}};
    check_equal(flip(x), Tensor<>{{6, 5, 4}, {3, 2, 1}});
    check_equal(flip(x, {0}), Tensor<>{{4, 5, 6}, {1, 2, 3}});
    check_equal(flip(flip(x, {-1}), {1}), x);
    check_equal(flip(Tensor<>::zeros(Shape{2, 0})), Shape{2, 0}, {});
    check_equal(flip(Tensor<>(1.0)), Tensor<>(1.0));
    BOOST_TEST(shares_elements(flip(x), x));
    BOOST_TEST(error_text<AxisError>([&] { flip(x, {0, -2}); }) == "flip: axis 0 is named twice in (0, -2)");
}

// ---------------------------------------- parts -------------------------------------------------------

BOOST_AUTO_TEST_CASE(slice_takes_the_positions_that_python_takes)
{
    const std::optional<Index> none;
    for (Index size : {0, 1, 5})
        for (const std::optional<Index>& start : {none, {-7}, {-5}, {-2}, {0}, {1}, {4}, {5}, {9}})
            for (const std::optional<Index>& stop : {none, {-7}, {-5}, {-1}, {0}, {2}, {5}, {9}})
                for (Index step : {1, 2, 3, 7, -1, -2, -3, -7}) {
                    const std::vector<double> expected = python_slice(size, {start, stop, step});
                    check_equal(slice(arange(static_cast<double>(size)), {Slice{start, stop, step}}),
                                Shape{static_cast<Index>(expected.size())}, expected);
                }
}

BOOST_AUTO_TEST_CASE(slice_is_a_view_with_one_slice_an_axis_from_the_first_on)
{
    const Tensor<> y = slice(counting, {Slice{1, 2}, Slice::all(), Slice{.step = -2}});
    check_equal(y, Shape{1, 3, 2}, {15, 13, 19, 17, 23, 21});
    BOOST_TEST(shares_elements(y, counting));
    check_equal(slice(counting, {Slice{.start = -1}}), Shape{1, 3, 4},
                {12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23});
    check_equal(slice(counting, Slice{.stop = 1}, 1), Shape{2, 1, 4}, {0, 1, 2, 3, 12, 13, 14, 15});
    check_equal(slice(slice(arange(10), {Slice{.step = -2}}), {Slice{1, 4, 2}}), Tensor<>{7, 3});
}

BOOST_AUTO_TEST_CASE(slice_survives_extreme_steps_and_rejects_a_step_of_zero)
{
    constexpr Index most = std::numeric_limits<Index>::max(), least = std::numeric_limits<Index>::min();
    check_equal(slice(arange(3), {Slice{.step = most}}), Tensor<>{0.0});
    check_equal(slice(arange(3), {Slice{.step = least}}), Tensor<>{2.0});
    check_equal(slice(arange(3), {Slice{least, most, 2}}), Tensor<>{0, 2});
    BOOST_TEST(error_text<IndexError>([] { slice(counting, {Slice{}, Slice{0, 2, 0}}); }) ==
               "slice: the step along axis 1 is 0; it must go forwards or backwards");
    BOOST_TEST(error_text<AxisError>([] { slice(Tensor<>{1, 2}, {Slice{}, Slice{}}); }) ==
               "slice: 2 slices for shape (2,), which has 1 axes");
    BOOST_TEST(error_text<AxisError>([] { slice(Tensor<>{1, 2}, Slice{}, 1); }) ==
               "slice: axis 1 does not exist in an array of rank 1; axes run from -1 to 0");
}

BOOST_AUTO_TEST_CASE(select_takes_one_position_and_removes_the_axis)
{
    check_equal(select(counting, 1), reshape(arange(12, 24), Shape{3, 4}));
    check_equal(select(counting, -1, -1), Tensor<>{{3, 7, 11}, {15, 19, 23}});
    check_equal(select(Tensor<>{4, 5}, 0), Tensor<>(4.0));
    BOOST_TEST(shares_elements(select(counting, 2, 1), counting));
    BOOST_TEST(error_text<IndexError>([] { select(counting, -4, 1); }) ==
               "select: position -4 is outside axis 1 of shape (2, 3, 4), which has size 3");
    BOOST_TEST(error_text<IndexError>([] { select(counting, 3, 1); }) ==
               "select: position 3 is outside axis 1 of shape (2, 3, 4), which has size 3");
    BOOST_TEST(error_text<AxisError>([] { select(Tensor<>(1.0), 0); }) ==
               "select: axis 0 of an array of rank 0, which has no axes");
}

BOOST_AUTO_TEST_CASE(split_gives_parts_that_concatenate_joins_again)
{
    const auto thirds = split(counting, 3, 1);
    BOOST_TEST(thirds.size() == 3u);
    check_equal(thirds[1], Shape{2, 1, 4}, {4, 5, 6, 7, 16, 17, 18, 19});
    check_equal(concatenate(thirds, 1), counting);
    const auto parts = split_sizes(counting, {1, 0, 3}, -1);
    check_equal(parts[0], Shape{2, 3, 1}, {0, 4, 8, 12, 16, 20});
    check_equal(parts[1], Shape{2, 3, 0}, {});
    check_equal(concatenate(parts, 2), counting);
    BOOST_TEST(error_text<ShapeError>([] { split(counting, 3, 2); }) ==
               "split: axis 2 of shape (2, 3, 4) does not divide into 3 equal parts; give their sizes to "
               "split_sizes");
    BOOST_TEST(
        error_text<ShapeError>([] { split_sizes(counting, {1, 1}, 2); }) ==
        "split: parts of 2 elements in all do not make up axis 2 of shape (2, 3, 4), which has size 4");
    BOOST_TEST(error_text<ShapeError>([] { split_sizes(counting, {5, -1}, 2); }) ==
               "split: a part of negative size -1");
}

BOOST_AUTO_TEST_CASE(pad_puts_a_margin_of_constants_around)
{
    const Tensor<> x{{1, 2}, {3, 4}};
    check_equal(pad(x, {{1, 0}, {0, 2}}), Tensor<>{{0, 0, 0, 0}, {1, 2, 0, 0}, {3, 4, 0, 0}});
    check_equal(pad(x, {{0, 0}, {1, 1}}, 9), Tensor<>{{9, 1, 2, 9}, {9, 3, 4, 9}});
    check_equal(pad(Tensor<>(), {{1, 2}}, 5), Tensor<>{5, 5, 5});
    check_equal(pad(Tensor<>(3.0), {}), Tensor<>(3.0));
    BOOST_TEST(error_text<ShapeError>([&] { pad(x, {{1, 1}}); }) ==
               "pad: 1 paddings for shape (2, 2), which has 2 axes; give one an axis");
    BOOST_TEST(error_text<ShapeError>([&] { pad(x, {{1, 1}, {-1, 0}}); }) ==
               "pad: a negative padding (-1, 0) along axis 1; use slice to cut off elements");
    BOOST_TEST(error_text<ShapeError>([&] { pad(x, {{0, -1}, {0, 0}}); }) ==
               "pad: a negative padding (0, -1) along axis 0; use slice to cut off elements");
    BOOST_TEST(error_text<LimitError>([&] { pad(x, {{0, 0}, {0, std::numeric_limits<Index>::max()}}); }) ==
               "pad: 2 + 9223372036854775807 elements exceed what a 64-bit size can count");
}

BOOST_AUTO_TEST_CASE(concatenate_and_stack_join_tensors_along_an_old_and_a_new_axis)
{
    const Tensor<> a{{1, 2}, {3, 4}}, b{{5}, {6}};
    check_equal(concatenate({a, b}, 1), Tensor<>{{1, 2, 5}, {3, 4, 6}});
    check_equal(concatenate({transpose(a), flip(a)}), Tensor<>{{1, 3}, {2, 4}, {4, 3}, {2, 1}});
    check_equal(concatenate({Tensor<>(), Tensor<>{1, 2}, Tensor<>()}), Tensor<>{1, 2});
    check_equal(stack({Tensor<>{1, 2}, Tensor<>{3, 4}}), Tensor<>{{1, 2}, {3, 4}});
    check_equal(stack({Tensor<>{1, 2}, Tensor<>{3, 4}}, -1), Tensor<>{{1, 3}, {2, 4}});
    check_equal(stack(std::vector{Tensor<>(1.0), Tensor<>(2.0), Tensor<>(3.0)}), Tensor<>{1, 2, 3});
    BOOST_TEST(
        error_text<ShapeError>([&] { concatenate({a, b}, 0); }) ==
        "concatenate: part 0 has shape (2, 2), but part 1 (2, 1); only their sizes along axis 0 may differ");
    BOOST_TEST(error_text<ShapeError>([&] { stack({a, b}); }) ==
               "stack: part 0 has shape (2, 2), but part 1 (2, 1); they must be equal");
    BOOST_TEST(error_text<ShapeError>([] { concatenate(std::vector<Tensor<>>{}); }) ==
               "concatenate: no tensors were given, so the result has no shape");
    BOOST_TEST(error_text<AxisError>([] { concatenate({Tensor<>(1.0), Tensor<>(2.0)}); }) ==
               "concatenate: axis 0 of an array of rank 0, which has no axes");
    BOOST_TEST(error_text<AxisError>([&] { stack({a, a}, 3); }) ==
               "stack: axis 3 does not exist in an array of rank 3; axes run from -3 to 2");
}

BOOST_AUTO_TEST_CASE(views_do_not_change_what_they_look_at)
{
    Tensor<> x{1, 2, 3};
    const Tensor<> view = flip(x);
    x += 1;
    check_equal(view, Tensor<>{3, 2, 1});
    check_equal(x, Tensor<>{2, 3, 4});
}

// ---------------------------------------- derivatives -------------------------------------------------

BOOST_AUTO_TEST_CASE(derivatives_of_shape_ops_are_linear_maps_and_their_transposes)
{
    const std::vector<TensorFunction> functions{
        [](const auto& x) { return reshape(x, Shape{4, 6}); },
        [](const auto& x) { return squeeze(unsqueeze(flatten(x, 1), {1}), {1}); },
        [](const auto& x) { return broadcast_to(unsqueeze(x, {0}), Shape{5, 2, 3, 4}); },
        [](const auto& x) { return sum_to_shape(x, Shape{3, 1}); },
        [](const auto& x) { return permute(x, {1, 2, 0}); },
        [](const auto& x) { return transpose(x); },
        [](const auto& x) { return swap_axes(x, 0, -1); },
        [](const auto& x) { return flip(x, {0, 2}); },
        [](const auto& x) { return slice(x, {Slice{1, 2}, Slice{.step = -2}, Slice{0, 3, 2}}); },
        [](const auto& x) { return slice(x, {Slice{2, 2}}); },
        [](const auto& x) { return select(x, -1, 1); },
        [](const auto& x) { return split(x, 2, 2)[1]; },
        [](const auto& x) { return pad(x, {{1, 0}, {0, 0}, {2, 1}}, 7); },
        [](const auto& x) { return concatenate({x, 2 * x, slice(x, Slice{0, 1}, 1), x}, 1); },
        [](const auto& x) { return stack({x, Tensor<>::ones(x.shape()), x * x}, 1); },
    };
    const Tensor<> x = sample(Shape{2, 3, 4});
    for (std::size_t i = 0; i < functions.size(); ++i)
        for (const Tensor<>& argument : {x, column_major(x), spaced(x), backwards(x)})
            BOOST_TEST_CONTEXT("function " << i)
            {
                check_derivatives(functions[i], argument);
                check_derivatives([&](const auto& z) { return square(functions[i](z)); }, argument, 3);
            }
}

BOOST_AUTO_TEST_CASE(derivatives_of_shape_ops_exist_for_empty_and_single_elements)
{
    for (const Shape& shape : {Shape{0, 2}, Shape{1, 1}}) {
        const Tensor<> x = sample(shape);
        check_derivatives([](const auto& z) { return concatenate({z, square(z)}, 1); }, x);
        check_derivatives([](const auto& z) { return pad(square(z), {{1, 0}, {0, 2}}); }, x);
        check_derivatives([](const auto& z) { return slice(square(z), {Slice{.step = -1}}); }, x);
        check_derivatives([](const auto& z) { return flatten(transpose(square(z))); }, x);
    }
    check_derivatives([](const auto& z) { return stack({z, square(z)}); }, Tensor<>(0.7));
}

BOOST_AUTO_TEST_CASE(padding_has_no_gradient_and_what_is_cut_off_neither)
{
    const auto f = [](const Tensor<>& x) {
        return sum(pad(slice(x, {Slice{1, 3}}), {{1, 1}}, 100) * Tensor<>{1, 2, 3, 4});
    };
    check_equal(gradient(f, Tensor<>{1, 2, 3, 4}), Tensor<>{0, 2, 3, 0});
}

BOOST_AUTO_TEST_CASE(parts_that_cannot_be_counted_are_refused)
{
    const Tensor<> huge = broadcast_to(Tensor<>(1), Shape{Index{1} << 62});
    BOOST_TEST(error_text<LimitError>([&] { concatenate({huge, huge}); }) ==
               "concatenate: 4611686018427387904 + 4611686018427387904 elements exceed what a 64-bit size "
               "can count");
    BOOST_TEST(error_text<LimitError>([] { split(Tensor<>::zeros({0}), Index{1} << 62); }) ==
               "split: 4611686018427387904 parts; there can be 2147483647 at most");
}
