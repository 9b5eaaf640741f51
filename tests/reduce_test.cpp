// Reductions, softmax and running sums: values against loops over all elements, conventions, errors,
// derivatives.

#include <support/derivatives.hpp>
#include <support/errors.hpp>
#include <support/layouts.hpp>

#include <autodiff/autodiff.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

using Elements = std::vector<double>;
using Reference = std::function<double(const Elements&)>;

/// `of` the elements that each element of the result is made of, found by their positions.
Tensor<double> reduced(const Tensor<double>& x, const Axes& axes, KeepDims keep_dims, const Reference& of)
{
    const Shape kept = reduced_shape(x.shape(), axes, true);
    std::vector<Elements> groups(static_cast<std::size_t>(kept.element_count()));
    const Elements elements = x.to_vector();
    for (Index i = 0; i < x.size(); ++i) {
        Index place = 0, rest = i, stride = 1;
        for (std::size_t axis = x.rank(); axis-- > 0; rest /= x.shape()[axis]) {
            if (kept[axis] == x.shape()[axis]) place += rest % x.shape()[axis] * stride;
            stride *= kept[axis];
        }
        groups[static_cast<std::size_t>(place)].push_back(elements[static_cast<std::size_t>(i)]);
    }
    Elements values;
    for (const Elements& group : groups) values.push_back(of(group));
    return Tensor<double>(reduced_shape(x.shape(), axes, keep_dims == KeepDims::yes),
                          std::span<const double>(values));
}

struct Case {
    const char* name;
    Tensor<double> (*op)(const Tensor<double>&, const Axes&, KeepDims);
    Reference reference;
    bool has_value_of_nothing;
};

double mean_of(const Elements& x)
{
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double variance_of(const Elements& x)
{
    double total = 0;
    for (double v : x) total += (v - mean_of(x)) * (v - mean_of(x));
    return total / static_cast<double>(x.size());
}

double norm_of(const Elements& x)
{
    return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
}

double logsumexp_of(const Elements& x)
{
    return std::log(
        std::accumulate(x.begin(), x.end(), 0.0, [](double a, double b) { return a + std::exp(b); }));
}

const std::vector<Case> cases{
    {"sum", [](auto& x, auto& a, auto k) { return sum(x, a, k); },
     [](const Elements& x) { return std::accumulate(x.begin(), x.end(), 0.0); }, true},
    {"prod", [](auto& x, auto& a, auto k) { return prod(x, a, k); },
     [](const Elements& x) { return std::accumulate(x.begin(), x.end(), 1.0, std::multiplies<>{}); }, true},
    {"mean", [](auto& x, auto& a, auto k) { return mean(x, a, k); }, mean_of, false},
    {"max", [](auto& x, auto& a, auto k) { return max(x, a, k); },
     [](const Elements& x) { return *std::max_element(x.begin(), x.end()); }, false},
    {"min", [](auto& x, auto& a, auto k) { return min(x, a, k); },
     [](const Elements& x) { return *std::min_element(x.begin(), x.end()); }, false},
    {"variance", [](auto& x, auto& a, auto k) { return variance(x, a, k); }, variance_of, false},
    {"standard_deviation", [](auto& x, auto& a, auto k) { return standard_deviation(x, a, k); },
     [](const Elements& x) { return std::sqrt(variance_of(x)); }, false},
    {"norm", [](auto& x, auto& a, auto k) { return norm(x, a, k); }, norm_of, true},
    {"logsumexp", [](auto& x, auto& a, auto k) { return logsumexp(x, a, k); }, logsumexp_of, true},
};

const std::vector<Axes> choices_of_axes{{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}};

// Sums of a few hundred terms near 1.
constexpr double rounding = 1e-13;

}  // namespace

BOOST_AUTO_TEST_CASE(reductions_agree_with_loops_over_any_axes_and_layout)
{
    for (const Shape& shape :
         {Shape{2, 3, 4}, Shape{1, 5, 1}, Shape{3, 1, 130}, Shape{130, 2, 3}, Shape{2, 300, 2}}) {
        const Tensor<> x = sample(shape);
        for (const Case& c : cases)
            for (const Axes& axes : choices_of_axes)
                for (KeepDims keep : {KeepDims::no, KeepDims::yes})
                    BOOST_TEST_CONTEXT(c.name << " over " << to_string(axes) << " of " << to_string(shape))
                    {
                        const Tensor<> expected = reduced(x, axes, keep, c.reference);
                        check_equal(c.op(x, axes, keep), expected, rounding);
                        for (const Tensor<>& same : {column_major(x), spaced(x), backwards(x)})
                            check_equal(c.op(same, axes, keep), c.op(x, axes, keep));
                    }
    }
}

BOOST_AUTO_TEST_CASE(no_axes_mean_all_and_negative_ones_count_from_the_end)
{
    const Tensor<> x = sample(Shape{2, 3});
    for (const Case& c : cases) {
        check_equal(c.op(x, {}, KeepDims::no), c.op(x, {0, 1}, KeepDims::no));
        check_equal(c.op(x, {-1}, KeepDims::no), c.op(x, {1}, KeepDims::no));
        BOOST_TEST(c.op(x, {}, KeepDims::yes).shape() == (Shape{1, 1}));
        check_equal(c.op(Tensor<>(0.5), {}, KeepDims::no), Shape{}, {c.reference({0.5})}, rounding);
    }
}

BOOST_AUTO_TEST_CASE(reductions_of_nothing_have_a_value_or_throw)
{
    check_equal(sum(Tensor<>::zeros(Shape{0, 2}), {0}), Tensor<>{0, 0});
    check_equal(prod(Tensor<>()), Tensor<>(1.0));
    check_equal(norm(Tensor<>::zeros(Shape{2, 0}), {1}), Tensor<>{0, 0});
    check_equal(logsumexp(Tensor<>::zeros(Shape{2, 0}), {1}), Tensor<>{-inf, -inf});
    for (const Case& c : cases) {
        check_equal(c.op(Tensor<>::zeros(Shape{0, 2}), {1}, KeepDims::no), Tensor<>());
        if (c.has_value_of_nothing) c.op(Tensor<>(), {}, KeepDims::no);
        else BOOST_CHECK_THROW(c.op(Tensor<>::zeros(Shape{3, 0}), {1}, KeepDims::no), DomainError);
    }
    BOOST_TEST(error_text<DomainError>([] { max(Tensor<>::zeros(Shape{0, 3}), {0}); }) ==
               "max: there is nothing along axes (0,) of shape (0, 3); the maximum of nothing is undefined");
    BOOST_TEST(
        error_text<DomainError>([] { min(Tensor<>::zeros(Shape{0, 3})); }) ==
        "min: there is nothing along axes (0, 1) of shape (0, 3); the minimum of nothing is undefined");
    BOOST_TEST(error_text<DomainError>([] { mean(Tensor<>()); }) ==
               "mean: there is nothing along axes (0,) of shape (0,); the mean of nothing is undefined");
    // Of which the count less the correction would overflow, if it is the least.
    for (const Index correction : {Index(-1), std::numeric_limits<Index>::min()}) {
        BOOST_CHECK_THROW(variance(Tensor<>{1, 2}, {}, KeepDims::no, correction), DomainError);
        BOOST_CHECK_THROW(standard_deviation(Tensor<>{1, 2}, {}, KeepDims::no, correction), DomainError);
    }
    BOOST_TEST(error_text<DomainError>([] { variance(Tensor<>{1, 2}, {}, KeepDims::no, -1); }) ==
               "variance: correction -1; it must not be negative");
    BOOST_TEST(
        error_text<DomainError>([] { variance(Tensor<>{1}, {}, KeepDims::no, 1); }) ==
        "variance: 1 elements along axes (0,) of shape (1,) with a correction of 1; there must be more "
        "elements than that");
}

BOOST_AUTO_TEST_CASE(reductions_reject_axes_that_do_not_exist_or_repeat)
{
    const Tensor<> x = Tensor<>::ones(Shape{2, 3});
    for (const Case& c : cases) {
        const std::string op = c.name;
        BOOST_TEST(error_text<AxisError>([&] { c.op(x, {2}, KeepDims::no); }) ==
                   op + ": axis 2 does not exist in an array of rank 2; axes run from -2 to 1");
        BOOST_TEST(error_text<AxisError>([&] { c.op(x, {1, -1}, KeepDims::no); }) ==
                   op + ": axis 1 is named twice in (1, -1)");
        BOOST_TEST(error_text<AxisError>([&] { c.op(Tensor<>(1.0), {0}, KeepDims::no); }) ==
                   op + ": axis 0 of an array of rank 0, which has no axes");
    }
}

BOOST_AUTO_TEST_CASE(a_sum_of_a_million_terms_is_right_to_a_few_roundings)
{
    BOOST_TEST(std::abs(sum(Tensor<>::filled(Shape{1'000'000}, 0.1)).item() - 100'000) < 1e-9);
    BOOST_TEST(std::abs(sum(Tensor<float>::filled(Shape{1'000'000}, 0.1f)).item() - 100'000) < 0.05);
    const Tensor<float> rows = Tensor<float>::filled(Shape{1'000'000, 2}, 0.1f);
    BOOST_TEST(std::abs(sum(rows, {0})(1) - 100'000) < 0.1);
}

BOOST_AUTO_TEST_CASE(variance_divides_by_the_count_less_its_correction)
{
    const Tensor<> x{{1, 2, 3, 6}, {2, 2, 2, 2}};
    check_equal(variance(x, {1}), Tensor<>{3.5, 0});
    check_equal(variance(x, {1}, KeepDims::yes, 1), Tensor<>{{14.0 / 3}, {0}}, rounding);
    check_equal(standard_deviation(x, {1}, KeepDims::no, 1), Tensor<>{std::sqrt(14.0 / 3), 0}, rounding);
    check_equal(variance(Tensor<>{1e9 + 1, 1e9 + 2, 1e9 + 3}), Tensor<>(2.0 / 3), rounding);
}

BOOST_AUTO_TEST_CASE(norm_neither_overflows_nor_underflows)
{
    check_equal(norm(Tensor<>{3e200, -4e200}), Tensor<>(5e200), 1e-15);
    BOOST_TEST(std::abs(norm(Tensor<>{3e-200, 4e-200}).item() / 5e-200 - 1) < 1e-15);
    BOOST_TEST(std::abs(norm(Tensor<>{3e-320, 4e-320}).item() / 5e-320 - 1) <
               1e-3);  // few digits are left there
    check_equal(norm(Tensor<>{{1e300, 1e300}, {0, 0}, {3, 4}}, {1}), Tensor<>{std::sqrt(2.0) * 1e300, 0, 5},
                1e-15);
    check_equal(norm(Tensor<>{{inf, 1}, {-inf, inf}}, {1}), Tensor<>{inf, inf});
    check_equal(norm(Tensor<>{not_a_number, 1}), Tensor<>(not_a_number));
    check_equal(gradient([](const Tensor<>& x) { return norm(x); }, Tensor<>{3e200, -4e200}),
                Tensor<>{0.6, -0.8}, 1e-15);
}

// ---------------------------------------- conventions -------------------------------------------------

BOOST_AUTO_TEST_CASE(maximum_and_minimum_share_their_gradient_among_ties)
{
    const Tensor<> x{{1, 3, 3}, {2, 2, 2}};
    const auto largest = [](const Tensor<>& z) { return sum(max(z, {1}) * Tensor<>{6, 3}); };
    const auto smallest = [](const Tensor<>& z) { return sum(min(z, {1}) * Tensor<>{6, 3}); };
    check_equal(gradient(largest, x), Tensor<>{{0, 3, 3}, {1, 1, 1}});
    check_equal(gradient(smallest, x), Tensor<>{{6, 0, 0}, {1, 1, 1}});
    check_equal(gradient([](const Tensor<>& z) { return max(z); }, x), Tensor<>{{0, 0.5, 0.5}, {0, 0, 0}},
                1e-16);
    check_equal(gradient([](const Tensor<>& z) { return max(z); }, Tensor<>{inf, 1, -inf}),
                Tensor<>{1, 0, 0});
}

BOOST_AUTO_TEST_CASE(maximum_and_minimum_of_nan_are_nan)
{
    check_equal(max(Tensor<>{1, not_a_number, 3}), Tensor<>(not_a_number));
    check_equal(min(Tensor<>{not_a_number, 1, 3}), Tensor<>(not_a_number));
    check_equal(max(Tensor<>{{1, 2}, {not_a_number, 0}}, {0}), Tensor<>{not_a_number, 2});
    check_equal(gradient([](const Tensor<>& z) { return max(z); }, Tensor<>{1, not_a_number, 3}),
                Tensor<>{0, 1, 0});
    for (Index place : {0, 5, 63, 64, 500, 999}) {
        Array<double> x = Array<double>::filled(Shape{1000}, 1.0);
        x.writable()[place] = not_a_number;
        BOOST_TEST(std::isnan(max(Tensor<>(x)).item()));
        BOOST_TEST(std::isnan(min(Tensor<>(x)).item()));
    }
}

BOOST_AUTO_TEST_CASE(prod_has_right_derivatives_with_zeros_among_its_factors)
{
    const auto f = [](const Tensor<>& x) { return prod(x); };
    check_equal(gradient(f, Tensor<>{2, 0, 3, 4}), Tensor<>{0, 24, 0, 0});
    check_equal(gradient(f, Tensor<>{2, 0, 0, 4}), Tensor<>{0, 0, 0, 0});
    check_equal(gradient(f, Tensor<>{5}), Tensor<>{1.0});
    check_equal(gradient(f, Tensor<>()), Tensor<>());
    // Of x1 x2 x3 x4 the mixed second derivatives are products of the two others.
    const auto g = [&](const Tensor<>& x) { return sum(gradient(f, x) * Tensor<>{0, 1, 0, 0}); };
    check_equal(gradient(g, Tensor<>{2, 0, 0, 4}), Tensor<>{0, 0, 8, 0});
    for (const Tensor<>& x :
         {Tensor<>{0.0, 0, 0, 0, 0}, Tensor<>{2.0, 0, 3, 0, 1, 5, -2}, Tensor<>{0.0}, Tensor<>{0.0, 3}})
        check_derivatives(f, x, 4, 0.1);
    check_derivatives([](const Tensor<>& x) { return prod(x, {0, 2}); },
                      Tensor<>{{{0, 1, 2}, {3, 0, 0}}, {{1, 1, -1}, {0, 2, 5}}}, 3, 0.1);
}

BOOST_AUTO_TEST_CASE(at_the_origin_norm_and_at_no_spread_standard_deviation_have_gradient_zero)
{
    const Tensor<> zeros = Tensor<>::zeros(Shape{2, 2});
    const auto f = [](const Tensor<>& x) { return sum(norm(x, {1})); };
    check_equal(gradient(f, zeros), zeros);
    check_equal(gradient(f, Tensor<>{{0, 0}, {3, 4}}), Tensor<>{{0, 0}, {0.6, 0.8}}, 1e-15);
    check_equal(gradient([&](const Tensor<>& x) { return sum(square(gradient(f, x))); }, zeros), zeros);
    const auto g = [](const Tensor<>& x) { return sum(standard_deviation(x, {1})); };
    check_equal(gradient(g, Tensor<>::ones(Shape{2, 2})), zeros);
    check_equal(gradient(g, Tensor<>{{1, 1}, {1, 3}}), Tensor<>{{0, 0}, {-0.5, 0.5}}, 1e-15);
    check_equal(gradient([&](const Tensor<>& x) { return sum(square(gradient(g, x))); }, zeros), zeros);
}

// ---------------------------------------- softmax -----------------------------------------------------

BOOST_AUTO_TEST_CASE(softmax_sums_to_one_over_its_axes)
{
    const Tensor<> x = 5 * sample(Shape{3, 4, 5});
    for (const Axes& axes : choices_of_axes) {
        const Tensor<> y = softmax(x, axes);
        check_equal(sum(y, axes), Tensor<>::ones(reduced_shape(x.shape(), axes, false)), 1e-15);
        check_equal(y, exp(x) / sum(exp(x), axes, KeepDims::yes), 1e-15);
        check_equal(log_softmax(x, axes), log(y), 1e-14);
        check_equal(log_softmax(x, axes), x - logsumexp(x, axes, KeepDims::yes), 1e-15);
        for (const Tensor<>& same : {column_major(x), spaced(x), backwards(x)})
            check_equal(softmax(same, axes), y);
    }
    check_equal(softmax(x), softmax(x, {2}));
    check_equal(softmax(Tensor<>::zeros(Shape{2, 0})), Shape{2, 0}, {});
    check_equal(softmax(Tensor<>(3.0), {}), Tensor<>(1.0));
    BOOST_TEST(error_text<AxisError>([] { softmax(Tensor<>(3.0)); }) ==
               "softmax: axis -1 of an array of rank 0, which has no axes");
    BOOST_TEST(error_text<AxisError>([] { log_softmax(Tensor<>{1}, {1}); }) ==
               "log_softmax: axis 1 does not exist in an array of rank 1; axes run from -1 to 0");
}

BOOST_AUTO_TEST_CASE(softmax_of_columns_is_that_of_rows_however_many_there_are)
{
    const Tensor<> x = sample(Shape{3, 1100}, 4), u = sample(Shape{3, 1100}, 5);
    const auto of_columns = [&](const auto& f) {
        return value_and_gradient([&](const Tensor<>& v) { return sum(u * f(v, Axes{0})); }, x);
    };
    const auto of_rows = [&](const auto& f) {
        return value_and_gradient(
            [&](const Tensor<>& v) { return sum(u * transpose(f(transpose(v), Axes{1}))); }, x);
    };
    const auto check = [&](const auto& f) {
        check_equal(f(x, Axes{0}), transpose(f(transpose(x), Axes{1})),
                    1e-15);  // the same sums, in another order
        check_equal(of_columns(f).gradient, of_rows(f).gradient, 1e-15);
    };
    check([](const Tensor<>& v, const Axes& axes) { return softmax(v, axes); });
    check([](const Tensor<>& v, const Axes& axes) { return log_softmax(v, axes); });
}

BOOST_AUTO_TEST_CASE(softmax_of_huge_numbers_does_not_overflow)
{
    const Tensor<> x{{1e308, -1e308, 1e308}, {-1e5, -1e5 - std::log(2.0), -1e5}};
    check_equal(softmax(x), Tensor<>{{0.5, 0, 0.5}, {0.4, 0.2, 0.4}}, 1e-11);  // ln 2 is added to 1e5
    check_equal(logsumexp(x, {1}), Tensor<>{1e308, -1e5 + std::log(2.5)}, 1e-15);
    check_equal(log_softmax(Tensor<>{1000, 0}), Tensor<>{0, -1000});
    const auto f = [](const Tensor<>& z) {
        return sum(log_softmax(z) * Tensor<>{1, 0, 0}) + sum(logsumexp(z, {1}));
    };
    for (double g : gradient(f, x).to_vector()) BOOST_TEST(std::isfinite(g));
    const auto second = [&](const Tensor<>& z) { return sum(square(gradient(f, z))); };
    for (double g : gradient(second, x).to_vector()) BOOST_TEST(std::isfinite(g));
}

BOOST_AUTO_TEST_CASE(softmax_of_infinite_numbers_is_the_limit_of_finite_ones)
{
    const Tensor<> x{{-inf, -inf}, {inf, 1}, {inf, inf}, {0, -inf}};
    check_equal(softmax(x), Tensor<>{{0.5, 0.5}, {1, 0}, {0.5, 0.5}, {1, 0}});
    check_equal(log_softmax(x),
                Tensor<>{{-std::log(2), -std::log(2)}, {0, -inf}, {-std::log(2), -std::log(2)}, {0, -inf}},
                1e-15);
    check_equal(logsumexp(x, {1}), Tensor<>{-inf, inf, inf, 0});
    const auto f = [](const Tensor<>& z) { return sum(logsumexp(z, {1})); };
    check_equal(gradient(f, x), Tensor<>{{0.5, 0.5}, {1, 0}, {0.5, 0.5}, {1, 0}});
    const auto g = [](const Tensor<>& z) { return sum(softmax(z) * Tensor<>{1, 3}); };
    check_equal(gradient(g, x), Tensor<>{{-0.5, 0.5}, {0, 0}, {-0.5, 0.5}, {0, 0}});
    const auto h = [](const Tensor<>& z) { return sum(log_softmax(z) * Tensor<>{1, 3}); };
    check_equal(gradient(h, x), Tensor<>{{-1, 1}, {-3, 3}, {-1, 1}, {-3, 3}});
    check_equal(softmax(Tensor<>{not_a_number, 1}), Tensor<>{not_a_number, not_a_number});
}

// ---------------------------------------- running sums ------------------------------------------------

BOOST_AUTO_TEST_CASE(cumsum_runs_along_an_axis)
{
    const Tensor<> x{{1, 2, 3}, {4, 5, 6}};
    check_equal(cumsum(x, 0), Tensor<>{{1, 2, 3}, {5, 7, 9}});
    check_equal(cumsum(x, -1), Tensor<>{{1, 3, 6}, {4, 9, 15}});
    check_equal(cumsum(transpose(x), 0), transpose(cumsum(x, 1)));
    check_equal(cumsum(Tensor<>::zeros(Shape{2, 0}), 1), Shape{2, 0}, {});
    check_equal(gradient([](const Tensor<>& z) { return sum(cumsum(z, 0)); }, Tensor<>{7, 7, 7}),
                Tensor<>{3, 2, 1});
    BOOST_TEST(error_text<AxisError>([] { cumsum(Tensor<>(1.0), 0); }) ==
               "cumsum: axis 0 of an array of rank 0, which has no axes");
}

// ---------------------------------------- derivatives -------------------------------------------------

BOOST_AUTO_TEST_CASE(reductions_have_derivatives_over_any_axes)
{
    const Tensor<> x = sample(Shape{2, 3, 4});
    for (const Case& c : cases)
        for (const Axes& axes : choices_of_axes)
            for (KeepDims keep : {KeepDims::no, KeepDims::yes})
                BOOST_TEST_CONTEXT(c.name << " over " << to_string(axes))
                {
                    // Within 0.001 no two elements of the sample change places.
                    const double step = std::string(c.name).starts_with("m") ? 0.001 : 0.01;
                    const auto f = [&](const Tensor<>& z) { return c.op(z, axes, keep); };
                    check_derivatives(f, x, 2, step);
                    check_derivatives(f, column_major(x), 2, step);
                    check_derivatives([&](const Tensor<>& z) { return square(f(z)); }, x, 2, step);
                }
}

BOOST_AUTO_TEST_CASE(reductions_have_derivatives_of_empty_and_single_elements)
{
    for (const Case& c : cases) {
        const std::string name = c.name;
        for (const Shape& shape : {Shape{}, Shape{1}, Shape{1, 1}, Shape{0, 3}, Shape{3, 0}})
            BOOST_TEST_CONTEXT(name << " of " << to_string(shape))
            {
                const bool is_flat = name == "variance" || name == "standard_deviation";
                if (shape.element_count() == 0 && !c.has_value_of_nothing) continue;
                check_derivatives([&](const Tensor<>& z) { return c.op(z, {}, KeepDims::no); }, sample(shape),
                                  is_flat ? 1 : 2);
            }
    }
}

BOOST_AUTO_TEST_CASE(corrected_variances_have_derivatives)
{
    const Tensor<> x = sample(Shape{3, 4});
    check_derivatives([](const Tensor<>& z) { return variance(z, {1}, KeepDims::no, 1); }, x, 3);
    check_derivatives([](const Tensor<>& z) { return standard_deviation(z, {0}, KeepDims::yes, 1); }, x, 3);
}

BOOST_AUTO_TEST_CASE(softmax_and_cumsum_have_derivatives)
{
    const Tensor<> x = 2 * sample(Shape{2, 3, 4});
    for (const Axes& axes : choices_of_axes) {
        check_derivatives([&](const Tensor<>& z) { return softmax(z, axes); }, x, 3);
        check_derivatives([&](const Tensor<>& z) { return log_softmax(z, axes); }, x, 3);
        check_derivatives([&](const Tensor<>& z) { return softmax(z, axes); }, spaced(x));
    }
    for (Index axis : {0, 1, 2})
        check_derivatives([&](const Tensor<>& z) { return square(cumsum(z, axis)); }, x);
}

BOOST_AUTO_TEST_CASE(reductions_of_floats_agree_with_doubles)
{
    const Tensor<> x = sample(Shape{4, 5});
    std::vector<float> single;
    for (double v : x.to_vector()) single.push_back(static_cast<float>(v));
    const Tensor<float> y(x.shape(), std::span<const float>(single));
    const auto f = [](const auto& z) {
        return sum(softmax(z) * z) + prod(z) + max(z) + mean(z) + norm(z) + logsumexp(z) + variance(z) +
               standard_deviation(z) + min(z) + sum(cumsum(log_softmax(z), 1));
    };
    const std::vector<double> expected = gradient(f, x).to_vector();
    const std::vector<float> actual = gradient(f, y).to_vector();
    for (std::size_t i = 0; i < expected.size(); ++i) BOOST_TEST(std::abs(actual[i] - expected[i]) < 1e-5);
}
