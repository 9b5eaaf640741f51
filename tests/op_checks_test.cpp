// The checks of the op table find what is wrong: ops with one deliberate mistake each, and the check that
// must fail.

#include <support/op_checks.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

template <class T>
Array<T> sine(const Array<T>& x)
{
    return sin(Tensor<T>(x)).array();
}

template <class T>
Tensor<T> constant(const Tensor<T>& x)
{
    return Tensor<T>(x.array());
}

template <class F>
Row unary(F)
{
    return tensor_row("wrong", "", [](auto x) { return F{}(x[0]); }, {real}, {{Shape{2, 3}}});
}

bool fails(const Row& row, Check check)
{
    const std::size_t before = account().failures().size();
    Random random(1);
    check_tensors(row, row.shapes[0], random);
    return std::any_of(account().failures().begin() + static_cast<std::ptrdiff_t>(before),
                       account().failures().end(), [&](const Failure& f) { return f.check == check; });
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_right_op_passes)
{
    Random random(1);
    const Row row = unary([](const auto& x) {
        return record("sine", sine(x.array()),
                      argument(
                          x, [x](const auto& y_bar) { return y_bar * cos(x); },
                          [x](const auto& x_dot) { return x_dot * cos(x); }));
    });
    check_tensors(row, row.shapes[0], random);
    BOOST_TEST(account().failures().empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_pullback_and_pushforward_disagree_with_differences)
{
    const Row row = unary([](const auto& x) {
        return record("sine", sine(x.array()),
                      argument(
                          x, [x](const auto& y_bar) { return y_bar * (1 + 1e-8) * cos(x); },
                          [x](const auto& x_dot) { return x_dot * (1 + 1e-8) * cos(x); }));
    });
    BOOST_TEST(fails(row, Check::differences));
    BOOST_TEST(!fails(row, Check::forward));
}

BOOST_AUTO_TEST_CASE(a_wrong_pushforward_disagrees_with_reverse_mode)
{
    const Row row = unary([](const auto& x) {
        return record("sine", sine(x.array()),
                      argument(
                          x, [x](const auto& y_bar) { return y_bar * cos(x); },
                          [x](const auto& x_dot) { return x_dot * (1 + 1e-8) * cos(x); }));
    });
    BOOST_TEST(fails(row, Check::forward));
    BOOST_TEST(!fails(row, Check::differences));
}

BOOST_AUTO_TEST_CASE(a_pullback_that_hides_its_argument_has_no_second_derivative)
{
    const Row row = unary([](const auto& x) {
        return record("sine", sine(x.array()),
                      argument(
                          x, [x](const auto& y_bar) { return y_bar * cos(constant(x)); },
                          [x](const auto& x_dot) { return x_dot * cos(x); }));
    });
    BOOST_TEST(fails(row, Check::second_differences));
    BOOST_TEST(!fails(row, Check::forward));
}

BOOST_AUTO_TEST_CASE(a_pullback_that_hides_its_adjoint_disagrees_with_other_nestings)
{
    const Row row = unary([](const auto& x) {
        return record("sine", sine(x.array()),
                      argument(
                          x, [x](const auto& y_bar) { return constant(y_bar) * cos(x); },
                          [x](const auto& x_dot) { return x_dot * cos(x); }));
    });
    BOOST_TEST(fails(row, Check::nested));
    BOOST_TEST(!fails(row, Check::second_differences));
}

BOOST_AUTO_TEST_CASE(a_value_that_ignores_strides_depends_on_the_layout)
{
    const Row row = unary([](const auto& x) {
        const auto as_if_dense = x.array().is_contiguous() ? x : flip(x, {0});
        return record(
            "same", as_if_dense.array(),
            argument(x, [](const auto& y_bar) { return y_bar; }, [](const auto& x_dot) { return x_dot; }));
    });
    BOOST_TEST(fails(row, Check::layouts));
    BOOST_TEST(!fails(row, Check::differences));
}

BOOST_AUTO_TEST_CASE(a_value_that_cancels_in_single_precision_disagrees_with_double)
{
    const Row row = unary([](const auto& x) { return (x + 1000) - 1000; });
    BOOST_TEST(fails(row, Check::single));
    BOOST_TEST(!fails(row, Check::differences));
}

BOOST_AUTO_TEST_CASE(differences_across_a_kink_are_found_too_inaccurate)
{
    Row row = unary([](const auto& x) { return abs(x); });
    // Nearer to the kink than the shortest step: a farther one is seen by the long steps alone.
    row.domains[0] = {{{-0.05, 0.05}}, 0, [](std::span<double> elements, const Shape&) {
                          std::ranges::fill(elements, 1e-5);
                      }};
    BOOST_TEST(fails(row, Check::differences));
}

BOOST_AUTO_TEST_CASE(a_pullback_that_forgets_to_sum_what_was_stretched_has_the_wrong_size)
{
    const Row row = tensor_row(
        "wrong", "",
        [](auto x) {
            const auto y = constant(x[0]) + constant(x[1]);
            const auto same = [](const auto& bar) { return bar; };
            const auto stretch = [shape = y.shape()](const auto& dot) { return broadcast_to(dot, shape); };
            return record("plus", y.array(), argument(x[0], same, same), argument(x[1], same, stretch));
        },
        {real, real}, {{Shape{2, 3}, Shape{3}}});
    BOOST_TEST(fails(row, Check::differences));
    BOOST_TEST(fails(row, Check::forward));
}
