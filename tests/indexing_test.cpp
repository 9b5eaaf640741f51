// take, gather, scatter_add, one_hot; sort, argsort, topk, argmax, argmin; and the constants of
// ops/creation.hpp.

#include <support/derivatives.hpp>
#include <support/errors.hpp>
#include <support/layouts.hpp>
#include <support/random.hpp>

#include <autodiff/autodiff.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

IndexArray indices(std::initializer_list<Index> values)
{
    return IndexArray(Shape{static_cast<Index>(values.size())}, values);
}

}  // namespace

// ---------------------------------------- picking -----------------------------------------------------

BOOST_AUTO_TEST_CASE(take_puts_the_axes_of_the_indices_in_the_place_of_the_axis)
{
    const Tensor<> x{{1, 2, 3}, {4, 5, 6}};
    check_equal(take(x, indices({1, 0, 1})), Tensor<>{{4, 5, 6}, {1, 2, 3}, {4, 5, 6}});
    check_equal(take(x, indices({-1, 0}), 1), Tensor<>{{3, 1}, {6, 4}});
    check_equal(take(x, IndexArray(Shape{2, 2}, {0, 1, 2, -3}), -1),
                Tensor<>{{{1, 2}, {3, 1}}, {{4, 5}, {6, 4}}});
    check_equal(take(x, IndexArray(1), 0), Tensor<>{4, 5, 6});
    check_equal(take(x, indices({}), 1), Shape{2, 0}, {});
    check_equal(take(Tensor<>::zeros(Shape{0, 2}), indices({1}), 1), Shape{0, 1}, {});
}

BOOST_AUTO_TEST_CASE(take_reads_strided_tensors_and_indices)
{
    const Tensor<> x = sample(Shape{3, 4, 2});
    const IndexArray table(Shape{2, 3}, {0, 1, 2, 2, 2, 0});
    const IndexArray column = table.view(Shape{2}, Strides{3}, 1);  // 1, 2
    for (Index axis : {0, 1}) {
        const Tensor<> expected = take(x, indices({1, 2}), axis);
        for (const Tensor<>& same : {x, column_major(x), spaced(x), backwards(x)})
            check_equal(take(same, column, axis), expected);
    }
}

BOOST_AUTO_TEST_CASE(gather_takes_one_position_for_each_element)
{
    const Tensor<> x{{1, 2, 3}, {4, 5, 6}};
    check_equal(gather(x, IndexArray(Shape{2, 2}, {2, 0, -1, -1}), 1), Tensor<>{{3, 1}, {6, 6}});
    check_equal(gather(x, IndexArray(Shape{1, 3}, {1, 0, 1}), 0), Tensor<>{{4, 2, 6}});
    check_equal(gather(transpose(x), IndexArray(Shape{1, 2}, {2, 0}), 0), Tensor<>{{3, 4}});
    check_equal(gather(x, IndexArray(Shape{2, 0}, std::initializer_list<Index>{}), 1), Shape{2, 0}, {});
    check_equal(gather(x, argsort(x, 1, Order::descending), 1), flip(x, {1}));
}

BOOST_AUTO_TEST_CASE(scatter_add_adds_where_positions_repeat)
{
    const Tensor<> x{{1, 2, 3}, {4, 5, 6}};
    const IndexArray places(Shape{2, 2}, {0, 0, -1, 1});
    const Tensor<> y = scatter_add(x, places, Tensor<>{{10, 20}, {30, 40}}, 1);
    check_equal(y, Tensor<>{{31, 2, 3}, {4, 45, 36}});
    check_equal(x, Tensor<>{{1, 2, 3}, {4, 5, 6}});
    check_equal(scatter_add(Tensor<>::zeros(Shape{3}), indices({2, 2, 2}), Tensor<>{1, 2, 3}, 0),
                Tensor<>{0, 0, 6});
}

BOOST_AUTO_TEST_CASE(indices_outside_the_axis_are_named_with_their_position)
{
    const Tensor<> x = Tensor<>::ones(Shape{2, 3});
    BOOST_TEST(error_text<IndexError>([&] { take(x, IndexArray(Shape{2, 2}, {0, 1, 3, 0}), 1); }) ==
               "take: index 3 at (1, 0) of the indices is outside axis 1 of shape (2, 3), which has size 3");
    BOOST_TEST(error_text<IndexError>([&] { take(x, indices({0, -3})); }) ==
               "take: index -3 at (1,) of the indices is outside axis 0 of shape (2, 3), which has size 2");
    BOOST_TEST(error_text<IndexError>([&] { take(Tensor<>(), indices({0})); }) ==
               "take: index 0 at (0,) of the indices is outside axis 0 of shape (0,), which has size 0");
    BOOST_TEST(error_text<AxisError>([&] { take(x, indices({0}), 2); }) ==
               "take: axis 2 does not exist in an array of rank 2; axes run from -2 to 1");
    BOOST_TEST(
        error_text<IndexError>([&] { gather(x, IndexArray(Shape{2, 1}, {0, 5}), 1); }) ==
        "gather: index 5 at (1, 0) of the indices is outside axis 1 of shape (2, 3), which has size 3");
    BOOST_TEST(
        error_text<ShapeError>([&] { gather(x, IndexArray(Shape{3, 1}, {0, 0, 0}), 1); }) ==
        "gather: indices of shape (3, 1) for shape (2, 3) along axis 1; all other sizes must be equal");
    BOOST_TEST(error_text<ShapeError>([&] { gather(x, indices({0, 0}), 1); }) ==
               "gather: indices of shape (2,) for shape (2, 3) along axis 1; all other sizes must be equal");
    BOOST_TEST(error_text<ShapeError>([&] {
                   scatter_add(x, IndexArray(Shape{2, 1}, {0, 0}), Tensor<>{1, 2}, 1);
               }) == "scatter_add: updates of shape (2,) for indices of shape (2, 1); each needs its index");
    BOOST_TEST(
        error_text<IndexError>(
            [&] { scatter_add(x, IndexArray(Shape{2, 1}, {0, -4}), Tensor<>{{1}, {2}}, 1); }) ==
        "scatter_add: index -4 at (1, 0) of the indices is outside axis 1 of shape (2, 3), which has size 3");
}

BOOST_AUTO_TEST_CASE(one_hot_has_a_one_at_each_label)
{
    check_equal(one_hot(indices({2, 0}), 3), Tensor<>{{0, 0, 1}, {1, 0, 0}});
    check_equal(one_hot(IndexArray(Index{1}), 2), Tensor<>{0, 1});
    check_equal(one_hot(indices({}), 4), Shape{0, 4}, {});
    BOOST_TEST(one_hot<float>(indices({1}), 2)(0, 1) == 1.0f);
    BOOST_TEST(error_text<IndexError>([] { one_hot(IndexArray(Shape{1, 2}, {0, 3}), 3); }) ==
               "one_hot: label 3 at (0, 1) is not one of 3 classes, counted from 0");
    BOOST_TEST(error_text<IndexError>([] { one_hot(indices({-1}), 3); }) ==
               "one_hot: label -1 at (0,) is not one of 3 classes, counted from 0");
}

// ---------------------------------------- order -------------------------------------------------------

BOOST_AUTO_TEST_CASE(sort_puts_elements_in_order_along_an_axis)
{
    const Tensor<> x{{3, 1, 2}, {0, 5, 4}};
    check_equal(sort(x), Tensor<>{{1, 2, 3}, {0, 4, 5}});
    check_equal(sort(x, 0), Tensor<>{{0, 1, 2}, {3, 5, 4}});
    check_equal(sort(x, 1, Order::descending), Tensor<>{{3, 2, 1}, {5, 4, 0}});
    check_equal(sort(transpose(x), 0), transpose(sort(x, 1)));
    check_equal(sort(Tensor<>::zeros(Shape{2, 0})), Shape{2, 0}, {});
    check_equal(sort(Tensor<>{1}), Tensor<>{1.0});
    BOOST_TEST(error_text<AxisError>([] { sort(Tensor<>(1.0)); }) ==
               "sort: axis -1 of an array of rank 0, which has no axes");
}

BOOST_AUTO_TEST_CASE(order_is_stable_and_puts_nan_last)
{
    const Tensor<> x{2, not_a_number, 1, 2, inf, not_a_number, 1, -inf};
    check_equal(argsort(x), Shape{8}, {7, 2, 6, 0, 3, 4, 1, 5});
    check_equal(argsort(x, 0, Order::descending), Shape{8}, {4, 0, 3, 2, 6, 7, 1, 5});
    check_equal(topk(x, 4).indices, Shape{4}, {4, 0, 3, 2});
    check_equal(argsort(Tensor<>{0.0, -0.0, 0.0}), Shape{3}, {0, 1, 2});
}

BOOST_AUTO_TEST_CASE(sort_agrees_with_a_stable_sort_of_many_equal_elements)
{
    Random random(7);
    std::vector<double> values(500);
    for (double& v : values) v = static_cast<double>(random.below(10));
    std::vector<Index> expected(values.size());
    std::iota(expected.begin(), expected.end(), Index{0});
    const auto value = [&](Index i) { return values[static_cast<std::size_t>(i)]; };
    std::stable_sort(expected.begin(), expected.end(), [&](Index i, Index j) { return value(i) > value(j); });
    const Tensor<> x(Shape{500}, std::span<const double>(values));
    check_equal(argsort(x, 0, Order::descending), Shape{500}, expected);
    for (Index k : {0, 1, 17, 499, 500})
        check_equal(topk(x, k).indices, Shape{k}, std::vector<Index>(expected.begin(), expected.begin() + k));
}

BOOST_AUTO_TEST_CASE(topk_gives_the_largest_first)
{
    const Tensor<> x{{3, 1, 2}, {0, 5, 4}};
    const auto [values, places] = topk(x, 2);
    check_equal(values, Tensor<>{{3, 2}, {5, 4}});
    check_equal(places, Shape{2, 2}, {0, 2, 1, 2});
    check_equal(topk(x, 1, 0).values, Tensor<>{{3, 5, 4}});
    BOOST_TEST(error_text<ShapeError>([&] { topk(x, 4); }) ==
               "topk: 4 elements of axis 1 of shape (2, 3), which has size 3");
    BOOST_TEST(error_text<ShapeError>([&] { topk(x, -1, 0); }) ==
               "topk: -1 elements of axis 0 of shape (2, 3), which has size 2");
}

BOOST_AUTO_TEST_CASE(argmax_and_argmin_give_the_first_of_several)
{
    const Tensor<> x{{3, 1, 3}, {0, 5, 0}};
    check_equal(argmax(x, 1), Shape{2}, {0, 1});
    check_equal(argmin(x, 1), Shape{2}, {1, 0});
    check_equal(argmax(x, 0, KeepDims::yes), Shape{1, 3}, {0, 1, 0});
    check_equal(argmin(transpose(x), 0, KeepDims::yes), Shape{1, 2}, {1, 0});
    BOOST_TEST(argmax(x) == 4);
    BOOST_TEST(argmin(x) == 3);
    BOOST_TEST(argmax(transpose(x)) == 3);
    BOOST_TEST(argmax(Tensor<>(2.0)) == 0);
    check_equal(argmax(Tensor<>::zeros(Shape{0, 2}), 1), Shape{0}, {});
}

BOOST_AUTO_TEST_CASE(argmax_and_argmin_find_the_first_nan_as_max_and_min_do)
{
    const Tensor<> x{1, not_a_number, 5, not_a_number};
    BOOST_TEST(argmax(x) == 1);
    BOOST_TEST(argmin(x) == 1);
    BOOST_TEST(argmin(Tensor<>{not_a_number, -inf}) == 0);
}

BOOST_AUTO_TEST_CASE(argmax_of_nothing_throws)
{
    BOOST_TEST(
        error_text<DomainError>([] { argmax(Tensor<>::zeros(Shape{2, 0}), 1); }) ==
        "argmax: there is nothing along axes (1,) of shape (2, 0); the maximum of nothing is undefined");
    BOOST_TEST(error_text<DomainError>([] { argmin(Tensor<>()); }) ==
               "argmin: there is nothing along axes (0,) of shape (0,); the minimum of nothing is undefined");
    BOOST_TEST(error_text<AxisError>([] { argmax(Tensor<>{1, 2}, 1); }) ==
               "argmax: axis 1 does not exist in an array of rank 1; axes run from -1 to 0");
}

// ---------------------------------------- derivatives -------------------------------------------------

BOOST_AUTO_TEST_CASE(adjoints_of_repeated_positions_are_summed)
{
    const auto f = [](const Tensor<>& x) {
        return sum(take(x, indices({1, 1, 1, 0})) * Tensor<>{1, 2, 3, 4});
    };
    check_equal(gradient(f, Tensor<>{5, 6, 7}), Tensor<>{4, 6, 0});
    const auto g = [](const Tensor<>& x) { return sum(gather(x, indices({2, 2}), 0)); };
    check_equal(gradient(g, Tensor<>{5, 6, 7}), Tensor<>{0, 0, 2});
}

BOOST_AUTO_TEST_CASE(derivatives_of_indexing_are_linear_maps_and_their_transposes)
{
    const IndexArray table(Shape{2, 2}, {2, 0, -1, 2});
    const IndexArray places(Shape{3, 2}, {0, 1, 3, 3, 2, 0});
    const Tensor<> updates = sample(Shape{3, 2}, 5);
    const std::vector<TensorFunction> functions{
        [&](const auto& x) { return take(x, table, 0); },
        [&](const auto& x) { return take(x, table, 1); },
        [&](const auto& x) { return gather(x, places, 1); },
        [&](const auto& x) { return gather(x, IndexArray(Shape{1, 4}, {2, 0, 0, 1}), 0); },
        [&](const auto& x) { return scatter_add(x, places, updates, 1); },
        [&](const auto& x) {
            return scatter_add(Tensor<>::ones(Shape{3, 9}),
                               IndexArray(x.shape(), {0, 1, 1, 8, 2, 3, 4, 5, 0, 0, 0, 0}), x, 1);
        },
        [&](const auto& x) { return scatter_add(x, places, slice(x, Slice{0, 2}, 1), 1); },
        [](const auto& x) { return sort(x, 0); },
        [](const auto& x) { return sort(x, 1, Order::descending); },
        [](const auto& x) { return topk(x, 2).values; },
    };
    const Tensor<> x = sample(Shape{3, 4});  // whose elements differ by more than 0.002
    for (std::size_t i = 0; i < functions.size(); ++i)
        for (const Tensor<>& argument : {x, column_major(x), spaced(x)}) BOOST_TEST_CONTEXT("function " << i)
            {
                check_derivatives(functions[i], argument, 2, 0.001);
                check_derivatives([&](const auto& z) { return square(functions[i](z)); }, argument, 2, 0.001);
            }
}

BOOST_AUTO_TEST_CASE(equal_elements_keep_their_own_adjoints_when_sorted)
{
    const auto f = [](const Tensor<>& x) { return sum(sort(x) * Tensor<>{1, 10, 100}); };
    check_equal(gradient(f, Tensor<>{2, 1, 2}), Tensor<>{10, 1, 100});
    check_equal(gradient(f, Tensor<>{3, 3, 3}), Tensor<>{1, 10, 100});
}

// ---------------------------------------- constants ---------------------------------------------------

BOOST_AUTO_TEST_CASE(arange_counts_in_steps)
{
    check_equal(arange(3), Tensor<>{0, 1, 2});
    check_equal(arange(2.5), Tensor<>{0, 1, 2});
    check_equal(arange(1, 2, 0.25), Tensor<>{1, 1.25, 1.5, 1.75});
    check_equal(arange(3, 0, -1), Tensor<>{3, 2, 1});
    check_equal(arange(0, -1, 1), Tensor<>());
    BOOST_TEST(arange(0, 1, 0.1).size() == 10);
    BOOST_TEST(arange<float>(4)(3) == 3.0f);
    BOOST_TEST(error_text<DomainError>([] { arange(0, 1, 0); }) ==
               "arange: from 0 to 1 in steps of 0; numbers must be finite, the step not 0");
    BOOST_CHECK_THROW(arange(0, inf), DomainError);
    BOOST_TEST(error_text<LimitError>([] { arange(0, 1e300, 1); }) ==
               "arange: 1e+300 numbers exceed what a 64-bit size can count");
}

BOOST_AUTO_TEST_CASE(linspace_includes_both_ends)
{
    check_equal(linspace(0, 1, 5), Tensor<>{0, 0.25, 0.5, 0.75, 1});
    check_equal(linspace(-1, -3, 3), Tensor<>{-1, -2, -3});
    check_equal(linspace(2, 9, 1), Tensor<>{2.0});
    check_equal(linspace(2, 9, 0), Tensor<>());
    check_equal(linspace(0.1, 0.1, 7), Tensor<>::filled(Shape{7}, 0.1));
    BOOST_CHECK_THROW(linspace(0, 1, -1), ShapeError);
}

BOOST_AUTO_TEST_CASE(eye_and_likes_have_the_expected_elements)
{
    check_equal(eye(2), Tensor<>{{1, 0}, {0, 1}});
    check_equal(eye(2, 3), Tensor<>{{1, 0, 0}, {0, 1, 0}});
    check_equal(eye(0), Shape{0, 0}, {});
    check_equal(zeros_like(eye(2)), Tensor<>{{0, 0}, {0, 0}});
    check_equal(ones_like(Tensor<>{7, 8}), Tensor<>{1, 1});
    check_equal(full_like(Tensor<>{7, 8}, 3), Tensor<>{3, 3});
}
