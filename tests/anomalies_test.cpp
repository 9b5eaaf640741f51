// DetectAnomalies: the first NaN or infinity is told of with its op, what it was computed from, and the line
// of this file. The suite is compiled with debug information.

#include <anomalies/anomaly.hpp>

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <thread>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

BOOST_AUTO_TEST_CASE(a_value_is_told_of_by_op_shapes_elements_and_line)
{
    const Tensor<> x{{2, 1, 3}, {4, 5, 6}}, w{1, 2, 3};
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const auto& a) {
                line = this_line() + 1;
                auto y = log(a - 1.0) * w;
                return sum(y);
            },
            x);
    });
    check_text(
        text,
        "log: its value, of shape (2, 3), is -inf at (0, 1), although what it is computed from is finite: "
        "argument 0, of shape (2, 3), is 0 there",
        line);
}

BOOST_AUTO_TEST_CASE(a_stretched_argument_is_told_of_by_the_element_that_was_used)
{
    const Tensor<> x{{2, 1, 3}, {4, 5, 6}}, w{1, 2, 0};
    int line = 0;
    const std::string text = anomaly([&] {
        line = this_line() + 1;
        x / w;
    });
    check_text(
        text,
        "divide: its value, of shape (2, 3), is inf at (0, 2), although what it is computed from is finite: "
        "argument 0, of shape (2, 3), is 3 there; argument 1, of shape (3,), is 0 there",
        line);
}

BOOST_AUTO_TEST_CASE(an_op_that_is_not_elementwise_is_told_of_by_its_extremes)
{
    const Tensor<float> a{{1e30F, 0}, {2, -1}}, b{{1, 1}, {-1e30F, 1e30F}};
    int line = 0;
    const std::string text = anomaly([&] {
        line = this_line() + 1;
        matmul(a * 1e5F, b * 1e5F);
    });
    check_text(
        text,
        "matmul: its value, of shape (2, 2), is inf at (0, 0), although what it is computed from is finite: "
        "argument 0, of shape (2, 2), is between -100000 at (1, 1) and 1e+35 at (0, 0); argument 1, of shape "
        "(2, 2), is between -1e+35 at (1, 0) and 1e+35 at (1, 1)",
        line);
}

BOOST_AUTO_TEST_CASE(an_adjoint_is_told_of_by_the_line_that_made_the_op)
{
    const Tensor<> x{4, 0};
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const Tensor<>& a) {
                line = this_line() + 1;
                const Tensor<> root = sqrt(a);
                return sum(root * 3.0);
            },
            x);
    });
    check_text(text,
               "sqrt: the adjoint of argument 0, of shape (2,), is inf at (1,), although the adjoint of its "
               "value and "
               "all it is computed from are finite: argument 0, of shape (2,), is 0 there",
               line);
}

BOOST_AUTO_TEST_CASE(an_adjoint_names_the_argument_that_it_is_of)
{
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const auto& a, const auto& b) {
                line = this_line() + 1;
                return sum(pow(a, b));
            },
            Tensor<>{2, 0}, Tensor<>{1, 0.5});
    });
    check_text(
        text,
        "pow: the adjoint of argument 0, of shape (2,), is inf at (1,), although the adjoint of its value "
        "and "
        "all it is computed from are finite: argument 0, of shape (2,), is 0 there; argument 1, of shape "
        "(2,), is 0.5 there",
        line);
}

BOOST_AUTO_TEST_CASE(what_overflows_where_adjoints_are_added_is_told_of)
{
    const std::string text =
        anomaly([&] { gradient([](const auto& a) { return sum(a * 1e308 + a * 1e308); }, Tensor<>{1e-10}); });
    BOOST_TEST(text.starts_with("add: its value, of shape (1,), is inf at (0,)"), text);
}

BOOST_AUTO_TEST_CASE(the_line_is_that_of_the_innermost_function_outside_the_library)
{
    int line = 0;
    const auto helper = [&](const Tensor<>& a) {
        line = this_line() + 1;
        const Tensor<> y = 1.0 / a;
        return y + 1.0;
    };
    const std::string text =
        anomaly([&] { gradient([&](const auto& a) { return sum(helper(a) * 2.0); }, Tensor<>{1, 0}); });
    BOOST_TEST_REQUIRE(line > 0);
    check_line(text, line);
}

BOOST_AUTO_TEST_CASE(a_layer_is_told_of_by_the_line_of_the_model)
{
    nn::Linear<> layer(2, 2, Key(1));
    int line = 0;
    const std::string text = anomaly([&] {
        value_and_gradient(
            [&] {
                line = this_line() + 1;
                const Tensor<> z = layer(Tensor<>{{1e308, 1e308}, {1, 1}} * 1.7);
                return sum(z);
            },
            nn::parameters("layer", layer));
    });
    BOOST_TEST(text.starts_with("linear: its value, of shape (2, 2), is"), text);
    check_line(text, line);
}

BOOST_AUTO_TEST_CASE(a_derivative_of_a_derivative_is_told_of_by_the_line_of_the_op)
{
    int line = 0;
    const auto f = [&](const Tensor<>& x) {
        line = this_line() + 1;
        const Tensor<> y = pow(x, 1.5);  // the second derivative is 0.75 / sqrt(x)
        return sum(y);
    };
    const auto slope = [&](const Tensor<>& x) { return sum(gradient(f, x)); };
    const Tensor<> x{1, 0};
    {
        const DetectAnomalies scope;
        gradient(f, x);
    }
    const std::string text = anomaly([&] { gradient(slope, x); });
    check_line(text, line);
}

BOOST_AUTO_TEST_CASE(a_derivative_along_a_direction_is_watched)
{
    int line = 0;
    const std::string text = anomaly([&] {
        jvp(
            [&](const auto& x) {
                line = this_line() + 1;
                return sqrt(x) + x;
            },
            0.0, 1.0);
    });
    check_text(
        text,
        "sqrt: the derivative with respect to argument 0 is not finite (partial inf), although what it is "
        "computed from is finite: argument 0 is 0",
        line);
    const auto roots = [](const auto& x) { return std::array{sqrt(x[0]) * x[1], x[1]}; };
    const DetectAnomalies scope;
    BOOST_CHECK_THROW(jvp(roots, std::array{0.0, 2.0}, std::array{1.0, 0.0}), AnomalyError);
    // A zero wins over it, and a value is told of at once.
    BOOST_TEST(jvp(roots, std::array{0.0, 2.0}, std::array{0.0, 1.0}).tangent[1] == 1);
    BOOST_TEST(jvp([](const auto& x) { return 0 * sqrt(x); }, 0.0, 1.0).tangent == 0);
    BOOST_CHECK_THROW(jvp([](const auto& x) { return log(x); }, 0.0, 1.0), AnomalyError);
}

BOOST_AUTO_TEST_CASE(a_step_that_makes_a_weight_infinite_is_told_of)
{
    Tensor<> weight{1, -1e200, 3};
    nn::Sgd<> sgd{{.learning_rate = 1e200}};
    const Parameters<> parameters{{"weight", &weight}};
    int line = 0;
    const std::string text = anomaly([&] {
        line = this_line() + 1;
        sgd.step(parameters, {Tensor<>{0, 1e200, 0}});
    });
    check_text(
        text,
        "sgd: the update makes its argument 0, of shape (3,), -inf at (1,), although what it is computed "
        "from is "
        "finite: argument 0, of shape (3,), is -1e+200 there; argument 1, of shape (3,), is 1e+200 there",
        line);
    BOOST_TEST(weight.to_vector() == (std::vector{1.0, -1e200, 3.0}));
}

BOOST_AUTO_TEST_CASE(an_update_of_ones_own_is_watched_and_taken_back)
{
    Tensor<float> theta{1, 2}, velocity{3, 0};
    const Tensor<float> gradient{1, 0};
    int line = 0;
    const auto divided = [](auto& x, auto& v, auto g) {
        x = x + g;
        v = g / v;
    };
    const std::string text = anomaly([&] {
        line = this_line() + 1;
        update_in_place("divided", divided, theta, velocity, gradient);
    });
    check_text(
        text,
        "divided: the update makes its argument 1, of shape (2,), nan at (1,), although what it is computed "
        "from is finite: argument 0, of shape (2,), is 2 there; argument 1, of shape (2,), is 0 there; "
        "argument 2, of shape (2,), is 0 there",
        line);
    BOOST_TEST(theta.to_vector() == (std::vector{1.0f, 2.0f}));
    BOOST_TEST(velocity.to_vector() == (std::vector{3.0f, 0.0f}));
    // What was not finite before is no news, and what stays finite is written as ever.
    const DetectAnomalies scope;
    const Tensor<float> not_a_number{NAN, 1};
    update_in_place("divided", divided, theta, velocity, not_a_number);
    BOOST_TEST(std::isnan(theta(0)));
    BOOST_TEST(theta(1) == 3);
    BOOST_TEST(std::isinf(velocity(1)));
    const Tensor<float> plain{1, 2}, plain_velocity{3, 4};
    Tensor<float> watched = plain, watched_velocity = plain_velocity;
    update_in_place("divided", divided, watched, watched_velocity, gradient);
    BOOST_TEST(watched.to_vector() == (std::vector{2.0f, 2.0f}));
    BOOST_TEST(watched_velocity.to_vector() == (std::vector{1 / 3.0f, 0.0f}));
    BOOST_TEST(plain.to_vector() == (std::vector{1.0f, 2.0f}));
}

BOOST_AUTO_TEST_CASE(what_is_not_finite_from_the_start_is_no_anomaly)
{
    const DetectAnomalies scope;
    BOOST_TEST(std::isnan(gradient([](const auto& a) { return sum(a * a); }, Tensor<>{NAN})(0)));
    BOOST_TEST(std::isnan(gradient([](const auto& a) { return a * a; }, double{NAN})));
    BOOST_TEST(std::isnan(gradient([](const auto& a) { return a[0] * a[0]; }, std::vector<double>{NAN})[0]));
    BOOST_TEST(gradient([](const auto& a) { return sum(exp(a)); }, Tensor<>{-infinity})(0) == 0);
}

BOOST_AUTO_TEST_CASE(a_partial_over_which_a_zero_wins_is_no_anomaly)
{
    const DetectAnomalies scope;
    const Tensor<> x{4, 0};
    const auto f = [](const Tensor<>& a) { return sum(where(a > 0.0, sqrt(a), a)); };
    BOOST_TEST(gradient(f, x).to_vector() == (std::vector{0.25, 1.0}));
    const auto of_number = [](const auto& a) { return where(a > 0.0, sqrt(a), a); };
    BOOST_TEST(gradient(of_number, 0.0) == 1);
    BOOST_TEST(gradient([&](const auto& a) { return of_number(a[0]); }, std::vector{0.0})[0] == 1);
}

BOOST_AUTO_TEST_CASE(gradients_are_those_without)
{
    const Tensor<> x{{0.5, -1.25}, {3, 0.125}};
    const auto f = [](const Tensor<>& a) { return sum(tanh(matmul(a, a)) * a + logsumexp(a, {1})); };
    const std::vector<double> numbers{0.5, -1.25, 3, 0.125, 0.75, 2, -0.5, 1.5, 0.25};
    const auto g = [](const auto& a) {
        auto s = a[0] * 0.1;
        for (std::size_t i = 0; i + 1 < a.size(); ++i) s += sin(a[i]) * a[i + 1] / (1 + a[i] * a[i]);
        return s * s;
    };
    const auto h = [](const auto& a, const auto& b) { return tanh(a * b) / b - a; };
    const auto exactly = [&] { return std::tuple(gradient(f, x).to_vector(), gradient(h, 0.5, 2.0)); };
    const auto nearly = [&] {
        std::vector<std::vector<double>> rows =
            jacobian([&](const auto& a) { return std::vector{g(a), a[3] * a[1]}; }, numbers);
        rows.push_back(gradient(g, numbers));
        return rows;
    };
    const auto expected = exactly();
    const auto expected_nearly = nearly();
    const DetectAnomalies scope;
    BOOST_TEST((exactly() == expected));
    const auto rows = nearly();
    for (std::size_t i = 0; i < rows.size(); ++i)  // links to one variable are not merged: another rounding
        BOOST_TEST(rows[i] == expected_nearly[i], boost::test_tools::tolerance(1e-14)
                                                      << boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_ends_with_its_scope_and_is_for_its_thread)
{
    const auto f = [](const auto& a) { return log(a[0] * 0.0); };
    const std::vector<double> x{1};
    {
        const DetectAnomalies outer;
        {
            const DetectAnomalies inner;
        }
        BOOST_CHECK_THROW(gradient(f, x), AnomalyError);
        std::thread([&] { BOOST_CHECK_NO_THROW(gradient(f, x)); }).join();
    }
    BOOST_CHECK_NO_THROW(gradient(f, x));
    BOOST_CHECK_NO_THROW(log(Tensor<>{0}));
}

BOOST_AUTO_TEST_CASE(training_can_run_under_it)
{
    nn::Linear<> model(1, 1, Key(1));
    auto training = nn::compile(model, nn::Sgd<>{{.learning_rate = 1e200}}, nn::mse);
    const Tensor<> x{{1}, {2}}, y{{3}, {5}};
    BOOST_CHECK_THROW(training.fit(x, y, {.epochs = 10, .detect_anomalies = true}), AnomalyError);
    BOOST_CHECK_NO_THROW(training.fit(x, y, {.epochs = 10}));
}
