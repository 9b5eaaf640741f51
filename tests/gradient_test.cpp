// gradient and value_and_gradient: every form of function, nesting, and errors.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>
#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace autodiff;
using autodiff::tests::error_text, autodiff::tests::recorded_value_and_gradient;

namespace {

const auto tolerance = boost::test_tools::tolerance(1e-13);

void check_elements(const Tensor<>& x, const Shape& shape, std::vector<double> expected)
{
    BOOST_TEST((x.shape() == shape), fmt::format("shape {} instead of {}", x.shape(), shape));
    BOOST_TEST(x.to_vector() == expected, tolerance << boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forms)

BOOST_AUTO_TEST_CASE(of_numbers)
{
    const auto f = [](const auto& x, const auto& y) { return sin(x) * y + exp(-x * x); };
    const auto [value, g] = value_and_gradient(f, 0.5, 2.0);
    BOOST_TEST(value == std::sin(0.5) * 2 + std::exp(-0.25), tolerance);
    BOOST_TEST(g[0] == std::cos(0.5) * 2 - std::exp(-0.25), tolerance);
    BOOST_TEST(g[1] == std::sin(0.5), tolerance);
    static_assert(std::same_as<decltype(gradient(f, 1.0, 2.0f)), std::array<double, 2>>);
    static_assert(std::same_as<decltype(gradient(f, 1.0f, 2.0f)), std::array<float, 2>>);
}

BOOST_AUTO_TEST_CASE(of_tensors)
{
    const auto f = [](const Tensor<>& x) { return sum(x * x); };
    const auto [value, g] = value_and_gradient(f, Tensor<>{{1, 2}, {3, 4}});
    BOOST_TEST(value.item() == 30);
    check_elements(g, Shape{2, 2}, {2, 4, 6, 8});
    BOOST_TEST(value.session() == 0u);
    BOOST_TEST(g.session() == 0u);
}

BOOST_AUTO_TEST_CASE(of_several_tensors_of_different_shapes)
{
    const auto f = [](const Tensor<>& w, const Tensor<>& x, const Tensor<>& b) {
        return sum(matmul(w, x) + b);
    };
    const auto [w_bar, x_bar, b_bar] = gradient(f, Tensor<>{{1, 2}, {3, 4}}, Tensor<>{5, 6}, Tensor<>(1.0));
    check_elements(w_bar, Shape{2, 2}, {5, 6, 5, 6});
    check_elements(x_bar, Shape{2}, {4, 6});
    check_elements(b_bar, Shape{}, {2});
}

BOOST_AUTO_TEST_CASE(of_parameters_by_name)
{
    Tensor<> w{1, 2}, b(3.0);
    const Parameters<> parameters{{"weight", &w}, {"bias", &b}};
    const auto [value, g] = value_and_gradient([&] { return sum(w * w) * b; }, parameters);
    BOOST_TEST(value.item() == 15);
    check_elements(g[0], Shape{2}, {6, 12});
    check_elements(g[1], Shape{}, {5});
    BOOST_TEST(w.session() == 0u);
    check_elements(w, Shape{2}, {1, 2});
}

BOOST_AUTO_TEST_CASE(of_float)
{
    const Tensor<float> g =
        gradient([](const Tensor<float>& x) { return sum(0.5f * x * x); }, Tensor<float>{1, 2});
    BOOST_TEST(g(1) == 2.f);
}

BOOST_AUTO_TEST_CASE(of_a_result_that_does_not_depend)
{
    const auto g =
        gradient([](const Tensor<>& x, const Tensor<>& y) { return sum(x) + 0 * sum(stop_gradient(y)); },
                 Tensor<>{1, 2}, Tensor<>::ones(Shape{2, 0, 3}));
    check_elements(g[0], Shape{2}, {1, 1});
    check_elements(g[1], Shape{2, 0, 3}, {});
    check_elements(gradient([](const Tensor<>&) { return Tensor<>(3.0); }, Tensor<>{1, 2}), Shape{2}, {0, 0});
    check_elements(gradient([](const Tensor<>& x) { return x; }, Tensor<>(2.0)), Shape{}, {1});
}

BOOST_AUTO_TEST_CASE(of_one_tensor_given_twice)
{
    const Tensor<> x{1, 2};
    const auto g = gradient([](const Tensor<>& a, const Tensor<>& b) { return sum(a * a * b); }, x, x);
    check_elements(g[0], Shape{2}, {2, 8});
    check_elements(g[1], Shape{2}, {1, 4});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(forwards)

namespace {

/// Some of everything: powers, functions, a branch, a loop.
const auto mixture = [](const auto& x) {
    using std::abs, std::exp, std::sin;
    std::remove_cvref_t<decltype(x[0])> sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const auto& next = x[(i + 1) % x.size()];
        sum += sin(x[i]) * next / (2.0 + x[i] * x[i]) + exp(-abs(x[i] - 0.3));
        if (next > 0.5) sum *= 1.5 - next;
    }
    return sum;
};

template <class T, std::size_t N>
void check_forwards_against_recorded(double tolerated)
{
    std::array<T, N> x;
    for (std::size_t i = 0; i < N; ++i) x[i] = static_cast<T>(0.9 - 0.17 * static_cast<double>(i * i % 7));
    const auto is_dual = [](const auto& v) {
        static_assert(!std::same_as<std::remove_cvref_t<decltype(v[0])>, Scalar<T>>);
        return mixture(v);
    };
    const auto forwards = value_and_gradient(is_dual, x);
    const auto recorded = recorded_value_and_gradient(mixture, x);
    BOOST_TEST(forwards.value == recorded.value);
    for (std::size_t i = 0; i < N; ++i)
        BOOST_TEST(std::abs(forwards.gradient[i] - recorded.gradient[i]) <= tolerated,
                   "∂/∂x" << i << " of " << N << ": " << forwards.gradient[i] << ", recorded "
                          << recorded.gradient[i]);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_few_numbers_have_the_gradient_that_a_recording_gives)
{
    [&]<std::size_t... N>(std::index_sequence<N...>) {
        (check_forwards_against_recorded<double, N + 1>(4e-15), ...);
        (check_forwards_against_recorded<float, N + 1>(2e-6), ...);
    }(std::make_index_sequence<8>{});
}

BOOST_AUTO_TEST_CASE(more_than_eight_numbers_are_recorded)
{
    const auto f = [](const auto& x) {
        static_assert(std::same_as<std::remove_cvref_t<decltype(x[0])>, Scalar<double>>);
        return mixture(x);
    };
    std::array<double, 9> x{};
    BOOST_TEST(gradient(f, x).size() == 9u);
    const auto nine = [](const auto&... v) { return (v + ...); };
    BOOST_TEST(gradient(nine, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)[8] == 1);
}

BOOST_AUTO_TEST_CASE(functions_that_take_scalars_are_recorded)
{
    int statements = 0;
    const auto f = [&](const Scalar<>& x, const Scalar<>& y) {
        const Scalar<> product = x * y;
        statements = static_cast<int>(product.node()) - 1;
        return product;
    };
    BOOST_TEST(gradient(f, 2.0, 3.0)[0] == 3);
    BOOST_TEST(statements == 1);
}

BOOST_AUTO_TEST_CASE(a_zero_wins_over_an_infinite_partial)
{
    const auto g = gradient([](const auto& x, const auto& y) { return sqrt(x) * y; }, 0.0, 2.0);
    BOOST_TEST(std::isinf(g[0]));
    BOOST_TEST(g[1] == 0);
    BOOST_TEST(gradient([](const auto& x, const auto& y) { return sqrt(x * x + y * y); }, 0.0, 0.0)[0] == 0);
}

BOOST_AUTO_TEST_CASE(array_primitives_have_the_partials_of_a_recording)
{
    const double inf = std::numeric_limits<double>::infinity();
    for (const std::array<double, 3> x : {std::array{inf, inf, 2.0}, std::array{-inf, -inf, -inf},
                                          std::array{0.0, 0.0, 0.0}, std::array{1.0, -2.0, 0.5}}) {
        const auto check = [&](const auto& f) {
            const auto forwards = gradient(f, x), recorded = recorded_value_and_gradient(f, x).gradient;
            for (std::size_t i = 0; i < x.size(); ++i)
                BOOST_TEST((std::abs(forwards[i] - recorded[i]) <= 1e-15 || forwards[i] == recorded[i] ||
                            (std::isnan(forwards[i]) && std::isnan(recorded[i]))),
                           forwards[i] << ", recorded " << recorded[i]);
        };
        check([](const auto& v) { return norm(v); });
        check([](const auto& v) { return logsumexp(v); });
        check([](const auto& v) { return prod(v); });
        check([](const auto& v) { return sum(v); });
        check([](const auto& v) { return dot(v, v); });
    }
}

BOOST_AUTO_TEST_CASE(a_value_and_its_gradient_are_of_one_evaluation)
{
    int calls = 0;
    const auto f = [&](const auto& x, const auto& y) { return ++calls * (sqrt(x) * y + y); };
    const auto [value, g] = value_and_gradient(f, 0.0, 2.0);
    BOOST_TEST(calls == 2);  // once more, because a zero met an infinity
    BOOST_TEST(value == 4);
    BOOST_TEST(g[1] == 2);
}

BOOST_AUTO_TEST_CASE(gradients_within_are_differentiated_too)
{
    // d/dx (3 x⁴) = 12 x³
    const auto f = [](const auto& x) { return gradient([](const auto& y) { return y * y * y; }, x * x); };
    BOOST_TEST(gradient(f, 2.0) == 96, tolerance);
    const auto g = [](const auto& x) { return x * gradient([](const auto& y) { return y * y; }, 3.0); };
    BOOST_TEST(gradient(g, 2.0) == 6, tolerance);
}

BOOST_AUTO_TEST_CASE(directions_within_are_differentiated_too)
{
    // x · d/dx x² = 2 x²
    const auto f = [](const auto& x) { return x * jvp([](const auto& y) { return y * y; }, x, 1.0).tangent; };
    const auto y = jvp(f, 3.0, 1.0);
    BOOST_TEST(y.value == 18);
    BOOST_TEST(y.tangent == 12);
    BOOST_TEST(gradient(f, 3.0) == 12);
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_nothing_behind)
{
    struct Stop {};
    const auto throws = [](const auto& x) {
        if (x > 1) throw Stop();
        return x * x;
    };
    BOOST_CHECK_THROW(gradient(throws, 2.0), Stop);
    BOOST_TEST(gradient([](const Scalar<>& x) { return x * x; }, 3.0) == 6);
    const auto pauses = [](const auto& x) {
        const PauseRecording<ScalarSpace<double>> pause;
        return x * x;
    };
    BOOST_CHECK_THROW(gradient(pauses, 2.0), RecordingError);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(nesting)

BOOST_AUTO_TEST_CASE(to_third_order)
{
    const auto f = [](const Tensor<>& x) { return sum(exp(2 * x) * x); };
    const auto first = [&](const Tensor<>& x) { return sum(gradient(f, x)); };
    const auto second = [&](const Tensor<>& x) { return sum(gradient(first, x)); };
    const Tensor<> x{0.7, -0.2};
    const auto derivative = [](double at, int n) {  // of e²ˣ x
        return std::pow(2, n) * std::exp(2 * at) * (at + n / 2.0);
    };
    check_elements(gradient(f, x), Shape{2}, {derivative(0.7, 1), derivative(-0.2, 1)});
    check_elements(gradient(first, x), Shape{2}, {derivative(0.7, 2), derivative(-0.2, 2)});
    check_elements(gradient(second, x), Shape{2}, {derivative(0.7, 3), derivative(-0.2, 3)});
    BOOST_TEST(jvp(second, x, Tensor<>{1, 0}).tangent.item() == derivative(0.7, 3), tolerance);
}

BOOST_AUTO_TEST_CASE(perturbations_are_not_confused)
{
    const auto f = [](const Tensor<>& x) {
        return x * gradient([&](const Tensor<>& y) { return x + y; }, Tensor<>(1.0));
    };
    BOOST_TEST(gradient(f, Tensor<>(3.0)).item() == 1);
    BOOST_TEST(jvp(f, Tensor<>(3.0), Tensor<>(1.0)).tangent.item() == 1);
    const auto g = [](const Tensor<>& x) {
        return x * jvp([&](const Tensor<>& y) { return x + y; }, Tensor<>(1.0), Tensor<>(1.0)).tangent;
    };
    BOOST_TEST(gradient(g, Tensor<>(3.0)).item() == 1);
    BOOST_TEST(jvp(g, Tensor<>(3.0), Tensor<>(1.0)).tangent.item() == 1);
}

BOOST_AUTO_TEST_CASE(an_inner_gradient_may_use_outer_variables)
{
    // d/dx Σ d/dy (x y² + sin x) at y = x² is 6 x².
    const auto f = [](const Tensor<>& x) {
        return sum(gradient([&](const Tensor<>& y) { return sum(x * y * y + sin(x)); }, x * x));
    };
    check_elements(gradient(f, Tensor<>{1.5, 2}), Shape{2}, {13.5, 24});
}

BOOST_AUTO_TEST_CASE(an_inner_gradient_of_a_constant_point_depends_on_outer_variables_only)
{
    const auto f = [](const Tensor<>& x) {
        const Tensor<> inner = gradient([&](const Tensor<>& y) { return sum(x * y * y); }, Tensor<>{3, 4});
        return sum(inner * inner);  // (2 x y)²
    };
    check_elements(gradient(f, Tensor<>{1, 2}), Shape{2}, {2 * 36, 2 * 64 * 2});
}

BOOST_AUTO_TEST_CASE(scalars_and_tensors_may_be_recorded_side_by_side)
{
    const auto f = [](const auto& x) {
        const Tensor<> g = gradient([](const Tensor<>& t) { return sum(t * t); }, Tensor<>{1, 2});
        return x * g(1);
    };
    BOOST_TEST(gradient(f, 3.0) == 4);
}

BOOST_AUTO_TEST_CASE(values_of_nested_gradients_are_variables_of_the_outer_recording)
{
    const auto f = [](const Tensor<>& x) {
        const auto [value, g] = value_and_gradient([](const Tensor<>& y) { return sum(y * y * y); }, x);
        return value + sum(g);
    };
    check_elements(gradient(f, Tensor<>{1, 2}), Shape{2}, {3 + 6, 12 + 12});
}

BOOST_AUTO_TEST_CASE(parameters_may_be_differentiated_twice)
{
    Tensor<> w{1, 2};
    const Parameters<> parameters{{"w", &w}};
    const auto penalty = [&] {
        const auto g = gradient([&] { return sum(w * w * w); }, parameters);
        return sum(g[0] * g[0]);  // 9 w⁴
    };
    check_elements(gradient(penalty, parameters)[0], Shape{2}, {36, 288});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(only_a_single_number_has_a_gradient)
{
    BOOST_TEST(error_text<ShapeError>(
                   [] { return gradient([](const Tensor<>& x) { return x * x; }, Tensor<>{1, 2}); }) ==
               "gradient: the function returns shape (2,), but only a single number (rank 0) has a gradient; "
               "reduce it "
               "with sum or mean, or use jacobian or vjp");
    Tensor<> w{{1}};
    BOOST_TEST(error_text<ShapeError>([&] { return gradient([&] { return w; }, Parameters<>{{"w", &w}}); }) ==
               "gradient: the function returns shape (1, 1), but only a single number (rank 0) has a "
               "gradient; reduce "
               "it with sum or mean, or use jacobian or vjp");
    BOOST_TEST(w.session() == 0u);
}

BOOST_AUTO_TEST_CASE(a_parameter_may_be_named_once)
{
    Tensor<> w{1};
    BOOST_TEST(error_text<RecordingError>([&] {
                   return gradient([&] { return sum(w); }, Parameters<>{{"first", &w}, {"second", &w}});
               }) == "gradient: parameters 'first' and 'second' are the same tensor; list it once");
}

BOOST_AUTO_TEST_CASE(an_exception_gives_parameters_and_recorder_back)
{
    struct Stop {};
    Tensor<> w{1, 2}, b(3.0);
    const Parameters<> parameters{{"w", &w}, {"b", &b}};
    for (int i = 0; i < 3; ++i) {
        BOOST_CHECK_THROW(gradient(
                              [&]() -> Tensor<> {
                                  const Tensor<> y = sum(w * b);
                                  if (y.item() > 0) throw Stop{};
                                  return y;
                              },
                              parameters),
                          Stop);
        BOOST_TEST(w.session() == 0u);
        check_elements(w, Shape{2}, {1, 2});
        BOOST_TEST(recorder<TensorSpace<double>>.tape == nullptr);
        BOOST_TEST(recorder<TensorSpace<double>>.session == 0u);
        check_elements(gradient([&] { return sum(w * b); }, parameters)[0], Shape{2}, {3, 3});
    }
}

BOOST_AUTO_TEST_CASE(an_exception_in_an_inner_gradient_leaves_the_outer_one_intact)
{
    const auto f = [](const Tensor<>& x) {
        const Tensor<> y = x * x;
        try {
            gradient([&](const Tensor<>& v) { return sum(matmul(v * y, Tensor<>{1, 2, 3})); }, x);
        } catch (const ShapeError&) {
        }
        try {
            gradient([&](const Tensor<>& v) { return v * y; }, x);  // not a single number
        } catch (const ShapeError&) {
        }
        return sum(y * x);
    };
    check_elements(gradient(f, Tensor<>{1, 2}), Shape{2}, {3, 12});
}

BOOST_AUTO_TEST_CASE(an_error_in_the_sweep_leaves_the_recorder_as_it_was)
{
    const auto wrong = custom_op(
        "wrong", [](const Tensor<>& x) { return x * 2; },
        [](const Tensor<>&, const Tensor<>&, const Tensor<>&) { return Tensor<>{1, 2, 3}; });
    BOOST_TEST(error_text<ShapeError>([&] {
                   return gradient([&](const Tensor<>& x) { return sum(wrong(x)); }, Tensor<>{1, 2});
               }) == "wrong: the pullback gave an adjoint of shape (3,) for argument 0 of shape (2,)");
    BOOST_TEST(recorder<TensorSpace<double>>.tape == nullptr);
    check_elements(gradient([](const Tensor<>& x) { return sum(x * x); }, Tensor<>{1, 2}), Shape{2}, {2, 4});
}

BOOST_AUTO_TEST_SUITE_END()

// ---------------------------------------- several directions at once ----------------------------------

namespace {

/// yᵢ = xᵢ x_{i+1} exp(xᵢ) + cos x₀: as many results as there are arguments, some more than a vector has
/// lanes.
const auto neighbours = []<class X>(const std::vector<X>& x) {
    std::vector<X> y;
    for (std::size_t i = 0; i < x.size(); ++i)
        y.push_back(x[i] * x[(i + 1) % x.size()] * exp(x[i]) + cos(x[0]));
    y.push_back(X(2));  // depends on nothing
    y.push_back(x[0]);
    return y;
};

std::vector<double> points(std::size_t count)
{
    std::vector<double> x;
    for (std::size_t i = 0; i < count; ++i) x.push_back(0.3 + 0.1 * static_cast<double>(i * i % 7));
    return x;
}

}  // namespace

BOOST_AUTO_TEST_CASE(rows_of_a_jacobian_that_are_swept_at_once_are_those_swept_alone)
{
    for (const std::size_t n : {1u, 3u, 6u, 7u, 8u, 17u}) {
        const std::vector<double> x = points(n);
        const ScalarTrace trace(x);
        const auto y = trace.run(neighbours);
        const auto rows = jacobian(neighbours, x);
        BOOST_REQUIRE(rows.size() == n + 2);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            std::vector<double> unit(rows.size());
            unit[i] = 1;
            const auto alone = trace.pull(y, unit);
            BOOST_TEST(trace.pull_units(y, i, 1)[0] == alone, boost::test_tools::per_element());
            BOOST_TEST(trace.pull_units(y, i / 8 * 8,
                                        std::min(std::size_t{8}, rows.size() - i / 8 * 8))[i % 8] == alone,
                       boost::test_tools::per_element());
            // jacobian records f anew, and the compiler may merge other links.
            BOOST_TEST(rows[i] == alone, tolerance << boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(columns_of_a_hessian_that_are_computed_at_once_are_those_computed_alone)
{
    const auto f = [](const auto& x) {
        auto total = x[0] * 0.0;
        for (const auto& y : neighbours(x)) total += y * y;
        return total;
    };
    for (const std::size_t n : {1u, 3u, 8u, 9u, 17u}) {
        const std::vector<double> x = points(n);
        const auto rows = hessian(f, x);
        for (std::size_t i = 0; i < n; ++i) {
            std::vector<double> unit(n);
            unit[i] = 1;
            BOOST_TEST(rows[i] == hvp(f, x, unit), boost::test_tools::tolerance(1e-14)
                                                       << boost::test_tools::per_element());
        }
    }
    // A zero wins over infinity in each direction.
    const auto norm_of = [](const auto& x) { return sqrt(x[0] * x[0] + x[1]) * x[2]; };
    const auto at_origin = hessian(norm_of, std::vector<double>{0, 1, 0});
    for (const auto& row : at_origin)
        for (const double entry : row) BOOST_TEST(std::isfinite(entry));
}
