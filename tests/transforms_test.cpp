// vjp, jvp, jacobian, hessian, hvp, checkpoint, stop_gradient and custom ops: alone, and within each other.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

const auto tolerance = boost::test_tools::tolerance(1e-13);

void check_elements(const Tensor<>& x, const Shape& shape, std::vector<double> expected)
{
    BOOST_TEST((x.shape() == shape), fmt::format("shape {} instead of {}", x.shape(), shape));
    BOOST_TEST(x.to_vector() == expected, tolerance << boost::test_tools::per_element());
}

const Tensor<> point{0.3, -0.2};
const Tensor<> weight{{0.9, 0.4}, {-0.3, 1.1}};

/// x ↦ (x₀ x₁, x₁ x₂, x₂²), with Jacobian rows (x₁, x₀, 0), (0, x₂, x₁), (0, 0, 2 x₂).
const auto products = [](const auto& x) {
    if constexpr (is_tensor<std::remove_cvref_t<decltype(x)>>)
        return x * concatenate({slice(x, Slice{1, 3}, 0), slice(x, Slice{2, 3}, 0)});
    else return std::vector{x[0] * x[1], x[1] * x[2], x[2] * x[2]};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(linear_maps)

BOOST_AUTO_TEST_CASE(a_pullback_may_be_applied_many_times)
{
    const auto [y, pullback] = vjp(products, Tensor<>{1, 2, 3});
    check_elements(y, Shape{3}, {2, 6, 9});
    check_elements(pullback(Tensor<>{1, 0, 0}), Shape{3}, {2, 1, 0});
    check_elements(pullback(Tensor<>{0, 1, 10}), Shape{3}, {0, 3, 62});
    check_elements(pullback(Tensor<>{1, 0, 0}), Shape{3}, {2, 1, 0});
}

BOOST_AUTO_TEST_CASE(a_pullback_of_numbers_may_be_applied_many_times)
{
    const auto [y, pullback] = vjp(products, std::vector<double>{1, 2, 3});
    BOOST_TEST(y[2] == 9);
    const std::vector<double> x_bar = pullback({0, 1, 10});
    BOOST_TEST(x_bar[1] == 3);
    BOOST_TEST(x_bar[2] == 62);
    BOOST_TEST(error_text<ShapeError>([&, &back = pullback] { return back({1}); }) ==
               "pullback: 1 adjoints for 3 results");
}

BOOST_AUTO_TEST_CASE(a_pullback_of_several_tensors_gives_an_array)
{
    const auto traced = vjp([](const Tensor<>& a, const Tensor<>& b) { return matmul(a, b); },
                            Tensor<>{{1, 2}, {3, 4}}, Tensor<>{5, 6});
    const auto [a_bar, b_bar] = traced.pullback(Tensor<>{1, 10});
    check_elements(a_bar, Shape{2, 2}, {5, 6, 50, 60});
    check_elements(b_bar, Shape{2}, {31, 42});
}

BOOST_AUTO_TEST_CASE(adjoints_and_tangents_must_have_the_right_shape)
{
    const auto traced = vjp(products, Tensor<>{1, 2, 3});
    BOOST_TEST(error_text<ShapeError>([&] { return traced.pullback(Tensor<>(1.0)); }) ==
               "pullback: the adjoint has shape (), but the result (3,); they must be equal");
    BOOST_TEST(error_text<ShapeError>([&] { return jvp(products, Tensor<>{1, 2, 3}, Tensor<>{1}); }) ==
               "jvp: the tangent of argument 0 has shape (1,), but the argument (3,); they must be equal");
}

BOOST_AUTO_TEST_CASE(a_pushed_direction_is_a_column_of_the_jacobian)
{
    const auto [y, y_dot] = jvp(products, Tensor<>{1, 2, 3}, Tensor<>{0, 1, 0});
    check_elements(y, Shape{3}, {2, 6, 9});
    check_elements(y_dot, Shape{3}, {1, 3, 0});
}

BOOST_AUTO_TEST_CASE(an_inner_pullback_may_be_differentiated)
{
    // ⟨Jᵀ u, u⟩ = u₀² x₁ + u₀ u₁ x₀ + … is linear in x here; its gradient is constant.
    const Tensor<> u{1, 2, 3};
    const auto f = [&](const Tensor<>& x) {
        const auto [y, pullback] = vjp(products, x);
        return sum(pullback(u) * u);
    };
    // Rows of second derivatives: of x₀x₁, x₁x₂ and x₂², weighted by u.
    check_elements(gradient(f, Tensor<>{1, 2, 3}), Shape{3}, {1 * 2, 1 + 2 * 3, 2 * 2 + 3 * 2 * 3});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(matrices)

BOOST_AUTO_TEST_CASE(the_jacobian_has_the_shape_of_result_and_argument)
{
    check_elements(jacobian(products, Tensor<>{1, 2, 3}), Shape{3, 3}, {2, 1, 0, 0, 3, 2, 0, 0, 6});
    const auto rows = jacobian(products, std::vector<double>{1, 2, 3});
    BOOST_TEST(rows.size() == 3u);
    BOOST_TEST(rows[1][1] == 3);
    BOOST_TEST(rows[2][2] == 6);

    const auto tall = [](const Tensor<>& x) { return outer(Tensor<>{1, 2, 3}, x); };
    const Tensor<> j = jacobian(tall, Tensor<>{1, 2});
    check_elements(j, Shape{3, 2, 2}, {1, 0, 0, 1, 2, 0, 0, 2, 3, 0, 0, 3});
    BOOST_TEST((jacobian([](const Tensor<>& x) { return sum(x); }, Tensor<>{{1, 2}}).shape() == Shape{1, 2}));
    BOOST_TEST((jacobian([](const Tensor<>& x) { return x; }, Tensor<>()).shape() == Shape{0, 0}));
}

BOOST_AUTO_TEST_CASE(the_hessian_is_symmetric)
{
    // x₀² x₁ + x₁ x₂³
    const auto f = [](const auto& x) {
        if constexpr (is_tensor<std::remove_cvref_t<decltype(x)>>)
            return square(select(x, 0)) * select(x, 1) + select(x, 1) * pow(select(x, 2), 3);
        else return square(x[0]) * x[1] + x[1] * pow(x[2], 3);
    };
    const std::vector<double> expected{4, 2, 0, 2, 0, 27, 0, 27, 36};
    check_elements(hessian(f, Tensor<>{1, 2, 3}), Shape{3, 3}, expected);
    const auto rows = hessian(f, std::vector<double>{1, 2, 3});
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j) BOOST_TEST(rows[i][j] == expected[3 * i + j], tolerance);

    const auto of_two = hessian([](const auto& x, const auto& y) { return x * x * y; }, 2.0, 3.0);
    BOOST_TEST(of_two[0][0] == 6);
    BOOST_TEST(of_two[0][1] == 4);
    BOOST_TEST(of_two[1][1] == 0);

    // The slope of xᵖ by x is 0 at p = 0, and not near it.
    const auto of_power = hessian([](const auto& x, const auto& p) { return pow(x, p); }, 2.0, 0.0);
    BOOST_TEST(of_power[0][0] == 0);
    BOOST_TEST(of_power[0][1] == 0.5, tolerance);
    BOOST_TEST(of_power[1][0] == 0.5, tolerance);
    const auto of_powers = [](const Tensor<>& x) { return pow(select(x, 0), select(x, 1)); };
    const double log_2 = std::log(2.0);
    check_elements(hessian(of_powers, Tensor<>{2, 0}), Shape{2, 2}, {0, 0.5, 0.5, log_2 * log_2});
}

BOOST_AUTO_TEST_CASE(a_product_with_the_hessian_needs_no_matrix)
{
    const auto f = [](const Tensor<>& x) { return sum(x * x * x); };
    check_elements(hvp(f, Tensor<>{1, 2}, Tensor<>{1, -1}), Shape{2}, {6, -12});
    const auto g = [](const auto& x) { return x[0] * x[0] * x[1]; };
    const auto product = hvp(g, std::vector<double>{2, 3}, std::vector<double>{1, 1});
    BOOST_TEST(product[0] == 6 + 4);
    BOOST_TEST(product[1] == 4);

    Tensor<> w{1, 2}, b(3.0);
    const auto of_model = hvp([&] { return sum(w * w) * b; }, Parameters<>{{"w", &w}, {"b", &b}},
                              std::vector<Tensor<>>{Tensor<>{1, 0}, Tensor<>(1.0)});
    check_elements(of_model[0], Shape{2}, {6 + 2, 4});
    check_elements(of_model[1], Shape{}, {2});
    BOOST_TEST(w.session() == 0u);
}

// The product that is a weight's adjoint is not computed there; its derivative is.
BOOST_AUTO_TEST_CASE(hessian_vector_products_of_a_model_are_those_of_its_tensors)
{
    const Tensor<> x{{0.5, -1, 2}, {1, 0.25, -0.5}}, v{{1, -2, 0.5}, {0.25, 1, -1}};
    const auto f = [&](const Tensor<>& w) {
        const Tensor<> y = tanh(linear(x, w, sum(w, {1})));
        return mean(square(matmul(y, w))) + sum(matmul(w, w, Transpose::no, Transpose::yes) * y) +
               sum(sin(matmul(stack({w, 2.0 * w}), transpose(x))));
    };
    Tensor<> w{{0.1, 0.2, -0.3}, {0.4, -0.5, 0.6}};
    const Tensor<> expected = hvp(f, w, v);
    const Parameters<> parameters{{"w", &w}};
    const auto of_model = [&] { return hvp([&] { return f(w); }, parameters, {v})[0]; };
    const Tensor<> actual = of_model();
    for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 3; ++j) BOOST_TEST(actual(i, j) == expected(i, j), tolerance);
    // Within another derivative the values are there.
    const auto along = [&](const Tensor<>& t) {
        const Tensor<> before = w;
        w = w + t * v;
        const Tensor<> result = sum(of_model() * v);
        w = before;
        return result;
    };
    const auto of_tensor = [&](const Tensor<>& t) { return sum(hvp(f, w + t * v, v) * v); };
    BOOST_TEST(gradient(along, Tensor<>(0)).item() == gradient(of_tensor, Tensor<>(0)).item(), tolerance);
}

BOOST_AUTO_TEST_CASE(matrices_of_derivatives_can_be_differentiated)
{
    const auto trace_of_hessian = [](const Tensor<>& x) {
        return trace(hessian([](const Tensor<>& v) { return sum(pow(v, 4)); }, x));
    };
    check_elements(gradient(trace_of_hessian, Tensor<>{1, 2}), Shape{2}, {24, 48});
    const auto norm_of_jacobian = [](const Tensor<>& x) { return sum(square(jacobian(products, x))); };
    check_elements(gradient(norm_of_jacobian, Tensor<>{1, 2, 3}), Shape{3}, {2, 2 * 2 * 2, 6 + 24});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(checkpoints)

namespace {

/// A chain of ten layers, with or without checkpoints.
Tensor<> deep(const Tensor<>& x, const Tensor<>& w, bool with_checkpoints)
{
    Tensor<> y = x;
    for (int i = 0; i < 10; ++i) {
        const auto layer = [w](const Tensor<>& v) { return tanh(matmul(w, v) + sin(v) * 0.1); };
        y = with_checkpoints ? checkpoint(layer, y) : layer(y);
    }
    return sum(y * y);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_checkpoint_has_the_same_derivatives)
{
    const auto with = [](const Tensor<>& x, const Tensor<>& w) { return deep(x, w, true); };
    const auto without = [](const Tensor<>& x, const Tensor<>& w) { return deep(x, w, false); };
    const auto expected = gradient(without, point, weight);
    const auto actual = gradient(with, point, weight);
    check_elements(actual[0], Shape{2}, expected[0].to_vector());
    check_elements(actual[1], Shape{2, 2}, expected[1].to_vector());

    const std::array x{point, weight}, x_dot{Tensor<>{1, -1}, Tensor<>{{0.5, 0}, {1, 2}}};
    BOOST_TEST(jvp(with, x, x_dot).tangent.item() == jvp(without, x, x_dot).tangent.item(), tolerance);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_can_be_differentiated_twice)
{
    const auto slope = [](bool with_checkpoints) {
        return [=](const Tensor<>& x) {
            return sum(
                square(gradient([&](const Tensor<>& v) { return deep(v, weight, with_checkpoints); }, x)));
        };
    };
    check_elements(gradient(slope(true), point), Shape{2}, gradient(slope(false), point).to_vector());
}

BOOST_AUTO_TEST_CASE(a_checkpoint_keeps_less_on_the_tape)
{
    const auto links = [](bool with_checkpoints) {
        std::size_t count = 0;
        gradient(
            [&](const Tensor<>& x) {
                const Tensor<> y = deep(x, weight, with_checkpoints);
                count = recorder<TensorSpace<double>>.tape->link_count();
                return y;
            },
            point);
        return count;
    };
    BOOST_TEST(links(true) < links(false) / 2);
}

BOOST_AUTO_TEST_CASE(a_pullback_through_a_checkpoint_may_be_applied_many_times)
{
    const auto f = [](const Tensor<>& x) {
        return checkpoint([](const Tensor<>& v) { return v * v * v; }, x);
    };
    const auto [y, pullback] = vjp(f, Tensor<>{1, 2});
    for (double scale : {1.0, 2.0, 3.0})
        check_elements(pullback(Tensor<>{scale, scale}), Shape{2}, {3 * scale, 12 * scale});
}

// The inner sweep needs the adjoint of one argument only; the next sweep must not find what is left of it.
BOOST_AUTO_TEST_CASE(an_inner_pullback_through_a_checkpoint_of_an_outer_variable_may_be_applied_many_times)
{
    const auto f = [](const Tensor<>& x) {
        const auto inner = vjp(
            [&](const Tensor<>& v) {
                return checkpoint([](const Tensor<>& a, const Tensor<>& b) { return a * a * b; }, v, x);
            },
            Tensor<>{5, 7});
        check_elements(stop_gradient(inner.pullback(Tensor<>{1, 1})), Shape{2}, {10, 28});
        const Tensor<> second = inner.pullback(Tensor<>{2, 3});
        check_elements(stop_gradient(second), Shape{2}, {20, 84});
        return sum(second);
    };
    check_elements(gradient(f, Tensor<>{1, 2}), Shape{2}, {20, 42});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_outside_a_recording_is_a_call)
{
    check_elements(checkpoint([](const Tensor<>& v) { return 2 * v; }, Tensor<>{1, 2}), Shape{2}, {2, 4});
    check_elements(
        gradient([](const Tensor<>& x) { return sum(checkpoint([](const Tensor<>& v) { return v; }, x)); },
                 point),
        Shape{2}, {1, 1});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(users_ops)

namespace {

const auto cube = custom_op(
    "cube", [](const Tensor<>& x) { return x * x * x; },
    [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>& x) { return 3 * y_bar * x * x; });

const auto product_op = custom_op(
    "product", [](const Tensor<>& a, const Tensor<>& b) { return a * b; },
    [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>& a, const Tensor<>& b) {
        return std::array{y_bar * b, y_bar * a};
    });

}  // namespace

// A checkpoint forgets what its function recorded: adjoints left of an incomplete sweep are then on no tape.
BOOST_AUTO_TEST_CASE(an_inner_pullback_through_a_custom_op_may_be_applied_in_a_checkpoint)
{
    const Tensor<> one{1, 1};
    const auto f = [&](const Tensor<>& x) {
        const auto inner = vjp([&](const Tensor<>& v) { return product_op(v * v, x); }, Tensor<>{5, 7});
        return sum(
            checkpoint([pullback = inner.pullback, one](const Tensor<>& a) { return a * pullback(one); }, x));
    };
    // Σ x 2 v x
    check_elements(gradient(f, Tensor<>{1, 2}), Shape{2}, {20, 56});
}

BOOST_AUTO_TEST_CASE(a_custom_op_has_the_users_derivative_to_any_order)
{
    const auto f = [](const Tensor<>& x) { return sum(cube(x)); };
    check_elements(cube(Tensor<>{1, 2}), Shape{2}, {1, 8});
    check_elements(gradient(f, Tensor<>{1, 2}), Shape{2}, {3, 12});
    check_elements(hessian(f, Tensor<>{1, 2}), Shape{2, 2}, {6, 0, 0, 12});
    check_elements(jvp(cube, Tensor<>{1, 2}, Tensor<>{1, 10}).tangent, Shape{2}, {3, 120});
}

BOOST_AUTO_TEST_CASE(a_custom_op_may_differ_from_its_values_derivative)
{
    // The straight-through estimator: rounds forwards, passes adjoints on.
    const auto straight_through = custom_op(
        "step", [](const Tensor<>& x) { return where(x > 0, Tensor<>(1.0), Tensor<>(0.0)); },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>&) { return y_bar; });
    const auto [value, g] =
        value_and_gradient([&](const Tensor<>& x) { return sum(straight_through(x)); }, Tensor<>{-1, 2});
    BOOST_TEST(value.item() == 1);
    check_elements(g, Shape{2}, {1, 1});
}

BOOST_AUTO_TEST_CASE(a_custom_op_of_two_arguments_takes_constants_and_the_same_variable_twice)
{
    const Tensor<> x{1, 2}, c{5, 7};
    check_elements(gradient([&](const Tensor<>& v) { return sum(product_op(v, c)); }, x), Shape{2}, {5, 7});
    check_elements(gradient([&](const Tensor<>& v) { return sum(product_op(c, v)); }, x), Shape{2}, {5, 7});
    check_elements(gradient([&](const Tensor<>& v) { return sum(product_op(v, v)); }, x), Shape{2}, {2, 4});
}

// As for checkpoints: an inner sweep that leaves out an argument must leave nothing behind.
BOOST_AUTO_TEST_CASE(an_inner_pullback_through_a_custom_op_of_an_outer_variable_may_be_applied_many_times)
{
    const auto f = [](const Tensor<>& x) {
        const auto inner = vjp([&](const Tensor<>& v) { return product_op(v * v, x); }, Tensor<>{5, 7});
        check_elements(stop_gradient(inner.pullback(Tensor<>{1, 1})), Shape{2}, {10, 28});
        const Tensor<> second = inner.pullback(Tensor<>{2, 3});
        check_elements(stop_gradient(second), Shape{2}, {20, 84});
        return sum(second);
    };
    check_elements(gradient(f, Tensor<>{1, 2}), Shape{2}, {20, 42});
}

BOOST_AUTO_TEST_CASE(a_pullback_of_the_wrong_shape_or_number_is_an_error)
{
    const auto wrong_shape = custom_op(
        "op", [](const Tensor<>& x) { return x * 1; },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>&) { return sum(y_bar); });
    BOOST_TEST(error_text<ShapeError>([&] {
                   return gradient([&](const Tensor<>& x) { return sum(wrong_shape(x)); }, point);
               }) == "op: the pullback gave an adjoint of shape () for argument 0 of shape (2,)");
    const auto wrong_number = custom_op(
        "op", [](const Tensor<>& x) { return x * 1; },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>&) { return std::array{y_bar, y_bar}; });
    BOOST_TEST(error_text<ShapeError>([&] {
                   return gradient([&](const Tensor<>& x) { return sum(wrong_number(x)); }, point);
               }) == "op: the pullback gave 2 adjoints for 1 arguments");
}

BOOST_AUTO_TEST_CASE(a_users_elementwise_op_is_differentiated_on_every_kind_of_number)
{
    const auto swish = elementwise("swish", [](auto x) { return x / (1 + exp(-x)); });
    const double x = 0.4;
    const double expected = gradient([](const auto& v) { return silu(v); }, x);
    BOOST_TEST(gradient(swish, x) == expected, tolerance);
    BOOST_TEST(gradient(swish, Tensor<>(x)).item() == expected, tolerance);
    BOOST_TEST(jvp(swish, x, 1.0).tangent == expected, tolerance);
    const double second = hessian([](const auto& v) { return silu(v); }, x);
    BOOST_TEST(hessian(swish, x) == second, tolerance);
    BOOST_TEST(hessian(swish, Tensor<>(x)).item() == second, tolerance);
}

BOOST_AUTO_TEST_CASE(stop_gradient_makes_constants_of_every_kind_of_number)
{
    BOOST_TEST(gradient([](const auto& x) { return x * stop_gradient(x); }, 3.0) == 3);
    BOOST_TEST(hessian([](const auto& x) { return x * x * stop_gradient(x); }, 3.0) == 6);
    BOOST_TEST(jvp([](const auto& x) { return x * stop_gradient(x); }, 3.0, 1.0).tangent == 3);
    check_elements(gradient([](const Tensor<>& x) { return sum(x * stop_gradient(x)); }, Tensor<>{2, 3}),
                   Shape{2}, {2, 3});
    BOOST_TEST(stop_gradient(2.5) == 2.5);
}

BOOST_AUTO_TEST_SUITE_END()
