// The snippets of docs/index.md ("Start here"), compiled and checked. A snippet is what stands between two
// markers.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>
#include <support/errors.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

/// Rounding of a few operations on numbers near 1.
constexpr double rounding = 1e-14;

void require_near(double actual, double expected, double tolerance = rounding)
{
    BOOST_TEST(std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected)),
               actual << " is not " << expected);
}

/// Fails unless the text is what this file of docs/ holds, which the pages quote. With ADJOINT_WRITE_DOCS set
/// in the environment the file is written instead.
void require_documented(const std::string& file, const std::string& text)
{
    const auto path = std::filesystem::path(__FILE__).parent_path().parent_path() / "docs" / file;
    if (std::getenv("ADJOINT_WRITE_DOCS")) std::ofstream(path) << text;
    std::stringstream documented;
    documented << std::ifstream(path).rdbuf();
    BOOST_TEST(text == documented.str(), path << " should read\n" << text);
}

}  // namespace

using namespace autodiff;
using autodiff::tests::error_text;

BOOST_AUTO_TEST_CASE(a_function_of_numbers_has_a_gradient)
{
    //! [numbers]
    auto f = [](const auto& x, const auto& y) { return sin(x) * y + exp(-x * x); };

    const double plain = f(0.5, 2.0);                             // a plain function
    const auto [value, slope] = value_and_gradient(f, 0.5, 2.0);  // f and (∂f/∂x, ∂f/∂y)
    fmt::print("f = {:.6f}, gradient = ({:.6f}, {:.6f})\n", value, slope[0], slope[1]);
    //! [numbers]
    require_near(plain, std::sin(0.5) * 2 + std::exp(-0.25));
    require_near(value, plain);
    require_near(slope[0], 2 * std::cos(0.5) - 2 * 0.5 * std::exp(-0.25));
    require_near(slope[1], std::sin(0.5));
    require_documented("output/guide_numbers.txt",
                       fmt::format("f = {:.6f}, gradient = ({:.6f}, {:.6f})\n", value, slope[0], slope[1]));
}

BOOST_AUTO_TEST_CASE(a_vector_of_numbers_has_a_vector_of_derivatives)
{
    //! [container]
    auto rosenbrock = [](const auto& x) {
        auto sum = 0 * x[0];
        for (std::size_t i = 0; i + 1 < x.size(); ++i)
            sum += 100 * square(x[i + 1] - square(x[i])) + square(1 - x[i]);
        return sum;
    };
    const std::vector<double> slope = gradient(rosenbrock, std::vector{1.2, 1.0, 0.8});
    //! [container]
    BOOST_TEST(slope.size() == 3u);
    require_near(slope[0], -400 * 1.2 * (1.0 - 1.44) - 2 * (1 - 1.2), 1e-13);
    require_near(slope[1], 200 * (1.0 - 1.44) - 400 * (0.8 - 1.0), 1e-13);
    require_near(slope[2], 200 * (0.8 - 1.0), 1e-13);
}

BOOST_AUTO_TEST_CASE(loops_and_branches_are_differentiated_as_executed)
{
    //! [control flow]
    auto newton_root = [](const auto& a) {  // the square root of a, by Newton's method
        auto x = 1 + 0 * a;
        for (int i = 0; i < 8; ++i) x = (x + a / x) / 2;
        if (x < 0) x = -x;
        return x;
    };
    const auto [root, slope] = value_and_gradient(newton_root, 2.0);  // √2 and 1 / (2 √2)
    //! [control flow]
    require_near(root, std::sqrt(2.0));
    require_near(slope, 0.5 / std::sqrt(2.0));
}

BOOST_AUTO_TEST_CASE(a_function_of_tensors_has_a_gradient)
{
    //! [tensors]
    const Tensor<> a{{1, 2, 3}, {4, 5, 6}};  // shape (2, 3)
    const Tensor<> x{0.1, -0.2, 0.3};        // shape (3)

    auto energy = [](const Tensor<>& matrix, const Tensor<>& vector) {
        return sum(square(matmul(matrix, vector)));
    };
    const auto [value, slope] = value_and_gradient(energy, a, x);
    // slope[0] has the shape of a: 2 (a x) xᵀ;   slope[1] has the shape of x: 2 aᵀ (a x)
    //! [tensors]
    require_near(value.item(), 0.6 * 0.6 + 1.2 * 1.2);
    BOOST_TEST((slope[0].shape() == a.shape()));
    require_near(slope[0](1, 2), 2 * 1.2 * 0.3);
    require_near(slope[1](0), 2 * (1 * 0.6 + 4 * 1.2));
}

BOOST_AUTO_TEST_CASE(tensors_broadcast_as_in_numpy)
{
    //! [broadcasting]
    const Tensor<> rows{{1, 2, 3}, {4, 5, 6}};
    const Tensor<> offset{10, 20, 30};

    const Tensor<> shifted = rows + offset;         // (2, 3) + (3): added to each row
    const Tensor<> halved = 0.5 * shifted;          // plain numbers mix in on either side
    const Tensor<> column_sums = sum(halved, {0});  // over axis 0: shape (3)
    const double last = column_sums(2);
    //! [broadcasting]
    require_near(last, 0.5 * (33 + 36));
}

namespace {

//! [model]
struct Xor {
    nn::Linear<> hidden{2, 4, Key{1}}, output{4, 1, Key{2}};

    Tensor<> operator()(const Tensor<>& x) const { return sigmoid(output(sigmoid(hidden(x)))); }
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};
//! [model]

}  // namespace

BOOST_AUTO_TEST_CASE(a_model_is_trained_by_the_gradient_of_its_parameters)
{
    //! [training]
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const Tensor<> y{{0}, {1}, {1}, {0}};

    Xor model;
    nn::Sgd sgd{{.learning_rate = 2}};
    for (int epoch = 0; epoch < 3000; ++epoch) {
        const auto [loss, gradients] =
            value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
        sgd.step(model.parameters(), gradients);
    }
    //! [training]
    const Tensor<> prediction = model(x);
    for (Index i = 0; i < 4; ++i) require_near(prediction(i, 0), y(i, 0), 0.1);
}

BOOST_AUTO_TEST_CASE(a_step_is_recorded_once_and_replayed)
{
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y{{0}, {1}, {1}, {0}};
    //! [replay]
    Xor model;
    nn::Sgd sgd{{.learning_rate = 2}};
    Replay step(
        [&](const Tensor<>& inputs, const Tensor<>& targets) { return nn::mse(model(inputs), targets); },
        model.parameters());
    for (int epoch = 0; epoch < 3000; ++epoch) {
        const auto [loss, gradients] = step(x, y);
        sgd.step(model.parameters(), gradients);
    }
    //! [replay]
    const Tensor<> prediction = model(x);
    for (Index i = 0; i < 4; ++i) require_near(prediction(i, 0), y(i, 0), 0.1);
}

BOOST_AUTO_TEST_CASE(a_step_has_a_schedule_and_a_clipped_gradient)
{
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y{{0}, {1}, {1}, {0}};
    //! [optimizer]
    Xor model;
    nn::AdamW adam{{.weight_decay = 1e-4}};
    const nn::WarmUp schedule{.steps = 50, .next = nn::CosineAnnealing{.learning_rate = 0.1, .steps = 450}};
    for (Index step = 0; step < 500; ++step) {
        auto [loss, gradients] = value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
        nn::clip_by_global_norm(gradients, 1);
        adam.options.learning_rate = schedule(step);
        adam.step(model.parameters(), gradients);
    }
    //! [optimizer]
    const Tensor<> prediction = model(x);
    for (Index i = 0; i < 4; ++i) require_near(prediction(i, 0), y(i, 0), 0.1);
}

namespace {

//! [own optimizer]
/// Lion (Chen et al. 2023): steps of one length, in the direction of a running mean's sign.
struct Lion {
    double learning_rate = 1e-3;
    nn::OptimizerState<> state{};

    void step(const Parameters<>& parameters, const std::vector<Tensor<>>& gradients)
    {
        nn::require_step("lion", parameters, gradients, state);
        const auto formula = [rate = learning_rate](auto& theta, const auto& g, auto& m) {
            const auto direction = 0.9 * m + 0.1 * g;
            theta = where(direction > 0, theta - rate, where(direction < 0, theta + rate, theta));
            m = 0.99 * m + 0.01 * g;
        };
        std::vector<Tensor<>>& mean = state.named("mean", parameters);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            update_in_place("lion", formula, *parameters[i].tensor, gradients[i], mean[i]);
    }
};
//! [own optimizer]

}  // namespace

BOOST_AUTO_TEST_CASE(an_optimizer_of_ones_own_is_its_formula)
{
    Tensor<> theta{1.0, 2.0, 3.0};
    Lion lion{.learning_rate = 0.5};
    for (double expected : {0.5, 0.0}) {
        lion.step({{"theta", &theta}}, {Tensor<>{1.0, 0.0, -1.0}});
        require_near(theta(0), expected);
        require_near(theta(1), 2);
        require_near(theta(2), 4 - expected);
    }
}

BOOST_AUTO_TEST_CASE(a_dataset_is_loaded_in_batches)
{
    const Tensor<> x = normal(Key(1), {100, 2});
    const IndexArray labels = randint(Key(2), {100}, 0, 3);
    int batches = 0;
    const auto train = [&](const Tensor<>& inputs, const IndexArray& targets) {
        BOOST_TEST(inputs.size(0) == targets.size());
        ++batches;
    };
    //! [data]
    const nn::data::Dataset dataset(x, labels);
    const auto [training, validation] = dataset.split(0.1, Key(1));  // 90 samples and 10

    const nn::data::Loader loader(training, {.batch_size = 32, .key = Key(1), .prefetch = 2});
    for (int epoch = 0; epoch < 5; ++epoch)
        for (const auto& [inputs, targets] : loader.epoch(epoch)) train(inputs, targets);
    //! [data]
    BOOST_TEST(batches == 15);
    BOOST_TEST(validation.size() == 10);
}

BOOST_AUTO_TEST_CASE(a_model_is_saved_and_loaded)
{
    const std::string path =
        (std::filesystem::temp_directory_path() / fmt::format("xor-{}.safetensors", getpid())).string();
    Xor trained;
    trained.hidden.bias = Tensor<>{1, 2, 3, 4};
    //! [save]
    nn::io::save(path, trained);

    Xor model;
    nn::io::load(path, model);
    //! [save]
    std::filesystem::remove(path);
    BOOST_TEST(model.hidden.bias.to_vector() == (std::vector<double>{1, 2, 3, 4}));
}

BOOST_AUTO_TEST_CASE(gradients_nest)
{
    //! [nested]
    auto f = [](const auto& x) { return x * x * x; };
    auto first = [&](const auto& x) { return gradient(f, x); };       // 3 x²
    auto second = [&](const auto& x) { return gradient(first, x); };  // 6 x

    const double of_a_number = gradient(second, 2.0);            // 6
    const Tensor<> of_a_tensor = gradient(second, Tensor<>(2));  // 6
    //! [nested]
    require_near(of_a_number, 6);
    require_near(of_a_tensor.item(), 6);
}

BOOST_AUTO_TEST_CASE(linear_maps_are_applied_either_way)
{
    //! [vjp and jvp]
    auto f = [](const Tensor<>& x) { return sin(x) * sum(x); };
    const Tensor<> x{0.1, 0.2, 0.3};

    const auto [y, pullback] = vjp(f, x);
    const Tensor<> x_bar = pullback(Tensor<>{1, 0, 0});  // Jᵀ ȳ, for as many ȳ as wanted

    const auto [same_y, y_dot] = jvp(f, x, Tensor<>{0, 1, 0});  // J ẋ
    //! [vjp and jvp]
    require_near(x_bar(1), std::sin(0.1));
    require_near(y_dot(0), std::sin(0.1));
    require_near(y_dot(1), std::sin(0.2) + 0.6 * std::cos(0.2));
    require_near(y(2), same_y(2));
}

BOOST_AUTO_TEST_CASE(first_and_second_derivatives_come_as_matrices)
{
    //! [matrices]
    auto polar = [](const Tensor<>& x) { return x * norm(x); };
    const Tensor<> j = jacobian(polar, Tensor<>{3, 4});  // shape (2, 2)

    auto f = [](const Tensor<>& x) { return prod(x); };
    const Tensor<> x{2, 3, 5};
    const Tensor<> h = hessian(f, x);                         // shape (3, 3)
    const Tensor<> h_times_v = hvp(f, x, Tensor<>{1, 0, 0});  // one column, without the others
    //! [matrices]
    require_near(j(0, 0), 5 + 9 / 5.0);
    require_near(j(0, 1), 12 / 5.0);
    require_near(h(0, 1), 5);
    require_near(h(1, 1), 0);
    require_near(h_times_v(2), 3);
}

BOOST_AUTO_TEST_CASE(matrices_that_are_mostly_zero_come_in_few_sweeps)
{
    //! [sparse]
    auto differences = []<class X>(const std::vector<X>& x) {
        std::vector<X> y(x.size() - 1);
        for (std::size_t i = 0; i < y.size(); ++i) y[i] = x[i + 1] * x[i + 1] - x[i];
        return y;
    };
    const std::vector<double> x(1000, 0.5);
    const auto j = sparse_jacobian(differences, x);  // (999, 1000), with 1998 entries in compressed rows
    const double entry = j(10, 11);
    //! [sparse]
    BOOST_TEST(j.values.size() == 1998u);
    require_near(entry, 1);

    //! [sparse plan]
    const SparsePlan plan(jacobian_pattern(differences, x));  // two colours
    const auto elsewhere = sparse_jacobian(differences, std::vector<double>(1000, 2.0), plan);
    //! [sparse plan]
    BOOST_TEST(plan.colour_count() == 2u);
    require_near(elsewhere(10, 11), 4);
}

BOOST_AUTO_TEST_CASE(stop_gradient_makes_a_constant)
{
    //! [stop gradient]
    auto f = [](const auto& x) { return x * stop_gradient(x); };
    const double slope = gradient(f, 3.0);  // 3, not 6: the second factor is a constant
    //! [stop gradient]
    require_near(slope, 3);
}

BOOST_AUTO_TEST_CASE(an_elementwise_op_needs_no_partial)
{
    //! [elementwise]
    const auto swish = elementwise("swish", [](auto x) { return x / (1 + exp(-x)); });

    const Tensor<> x{-1, 0, 1};
    const Tensor<> slope = gradient([&](const Tensor<>& t) { return sum(swish(t)); }, x);
    //! [elementwise]
    require_near(slope(1), 0.5);
    require_near(slope(0) + slope(2), 1);
}

BOOST_AUTO_TEST_CASE(a_custom_op_has_the_pullback_it_is_given)
{
    //! [custom op]
    // The root of x³ + x = a, found by iteration; its derivative by the implicit function theorem.
    const auto root = custom_op(
        "root",
        [](const Tensor<>& a) {
            Tensor<> x = a;
            for (int i = 0; i < 50; ++i) x -= (x * x * x + x - a) / (3 * x * x + 1);
            return x;
        },
        [](const Tensor<>& x_bar, const Tensor<>& x, const Tensor<>& /* a */) {
            return x_bar / (3 * x * x + 1);
        });

    auto total = [&](const Tensor<>& a) { return sum(root(a)); };
    const Tensor<> slope = gradient(total, Tensor<>{2, 10});  // 1 / (3 x² + 1): 1/4 and 1/13
    //! [custom op]
    require_near(slope(0), 1 / 4.0);
    require_near(slope(1), 1 / 13.0);
    check_gradient([&](const Tensor<>& a) { return root(a); }, Tensor<>{2, 10});
}

BOOST_AUTO_TEST_CASE(a_checkpoint_computes_again_instead_of_storing)
{
    //! [checkpoint]
    auto block = [](const Tensor<>& x) { return tanh(sin(x) + square(x)); };
    auto deep = [&](Tensor<> x) {
        for (int i = 0; i < 20; ++i) x = checkpoint(block, x);  // keeps 20 values instead of 80
        return sum(x);
    };
    const Tensor<> slope = gradient(deep, Tensor<>{0.1, 0.2});
    //! [checkpoint]
    const Tensor<> stored = gradient(
        [&](Tensor<> x) {
            for (int i = 0; i < 20; ++i) x = block(x);
            return sum(x);
        },
        Tensor<>{0.1, 0.2});
    require_near(slope(0), stored(0));
    require_near(slope(1), stored(1));
}

BOOST_AUTO_TEST_CASE(a_sum_is_swept_term_by_term)
{
    //! [sum over]
    const std::vector<double> data{0.3, 1.2, -0.4};
    auto log_likelihood = [&](const auto& mean, const auto& rate) {
        return sum_over(
            data.size(),
            [&](std::size_t i, const auto& m, const auto& r) { return log(r) - r * abs(data[i] - m); }, mean,
            rate);
    };
    const auto slope = gradient(log_likelihood, 0.5, 2.0);
    //! [sum over]
    require_near(slope[0], 2.0 * (-1 + 1 - 1));
    require_near(slope[1], 3 / 2.0 - (0.2 + 0.7 + 0.9));
}

BOOST_AUTO_TEST_CASE(iterate_keeps_checkpoints_of_a_loop)
{
    //! [iterate]
    // y'' = -k y by 1,000 steps; how the last position depends on stiffness and start
    auto last_position = []<class X>(const X& stiffness, const X& start) {
        auto step = [](std::size_t, const auto& state, const auto& k) {
            auto next = state;
            next[1] = state[1] - 0.001 * k * state[0];
            next[0] = state[0] + 0.001 * next[1];
            return next;
        };
        return iterate(1000, std::array<X, 2>{start, 0}, step, stiffness)[0];
    };
    const auto slope = gradient(last_position, 4.0, 1.5);
    //! [iterate]
    // y = start cos(√k t)
    BOOST_TEST(slope[0] == -1.5 * std::sin(2.0) / 4, boost::test_tools::tolerance(5e-3));
    BOOST_TEST(slope[1] == std::cos(2.0), boost::test_tools::tolerance(5e-3));
}

BOOST_AUTO_TEST_CASE(array_primitives_are_one_step_each)
{
    //! [array primitives]
    // |A x - b|² of a 2 x 3 matrix A
    auto misfit = [](const auto& a, const auto& x, const std::vector<double>& b) {
        auto residual = matmul(as_matrix(a, 2, 3), x);
        for (std::size_t i = 0; i < b.size(); ++i) residual[i] -= b[i];
        return dot(residual, residual);
    };
    const std::vector<double> a{1, 2, 3, 4, 5, 6}, x{1, 0, -1};
    const auto a_bar = gradient([&](const auto& matrix) { return misfit(matrix, x, {1, 1}); }, a);
    //! [array primitives]
    BOOST_TEST(a_bar == (std::vector<double>{-6, 0, 6, -6, 0, 6}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(check_gradient_compares_with_differences)
{
    //! [check gradient]
    auto f = [](const Tensor<>& x) { return x * exp(-square(x)); };
    const CheckReport report = check_gradient(f, Tensor<>{0.1, 0.7, -1.3});
    fmt::print("{} derivatives, worst error {:.0e}\n", report.compared, report.worst_error);
    //! [check gradient]
    BOOST_TEST(report.compared == 3u);
    BOOST_TEST(report.worst_error < 1e-10);  // the accuracy of extrapolated differences
}

namespace {

//! [neuron]
const auto loss = [](const auto& x, const auto& w, const auto& b) {
    const auto p = named("p", sigmoid(named("z", w * x + b)));  // names are optional
    return named("L", square(p - 1));
};
//! [neuron]

}  // namespace

BOOST_AUTO_TEST_CASE(explain_prints_the_derivation)
{
    //! [explain]
    fmt::print("{}", explain(loss, input("x", 0.5), input("w", 2.0), input("b", -1.0)));
    //! [explain]
    require_documented("output/explain_neuron.txt",
                       explain(loss, input("x", 0.5), input("w", 2.0), input("b", -1.0)));
}

BOOST_AUTO_TEST_CASE(explain_prints_the_derivation_of_tensors)
{
    //! [explain tensors]
    const auto layer = [](const Tensor<>& x, const Tensor<>& W, const Tensor<>& b) {
        const auto p = named("p", sigmoid(named("z", matmul(x, transpose(W)) + b)));
        return named("L", mean(square(p - 1)));
    };
    const auto x = input("x", Tensor<>{{1, 0}, {1, 1}});
    const auto W = input("W", Tensor<>{{0.5, -1}, {1, 0.25}});
    const auto b = input("b", Tensor<>{0.1, -0.2});
    fmt::print("{}", explain(layer, x, W, b));
    //! [explain tensors]
    require_documented("output/explain_tensors.txt", explain(layer, x, W, b));
}

BOOST_AUTO_TEST_CASE(explain_prints_the_derivation_of_a_models_parameters)
{
    //! [explain parameters]
    nn::Linear<> hidden(Tensor<>{{1, 0}, {0.5, -1}, {-1, 1}}, Tensor<>{0, 0.5, -0.5});
    const Tensor<> samples{{1, 2}, {-1, 0.5}};
    const auto mean_log = [&] {
        const auto z = named("z", hidden(named("x", samples)));
        return named("L", mean(logsumexp(z, {1})));
    };
    fmt::print("{}", explain(mean_log, nn::parameters("hidden", hidden)));
    //! [explain parameters]
    require_documented("output/explain_parameters.txt", explain(mean_log, nn::parameters("hidden", hidden)));
}

BOOST_AUTO_TEST_CASE(to_dot_draws_the_graph)
{
    //! [to dot]
    const std::string graph = to_dot(loss, input("x", 0.5), input("w", 2.0), input("b", -1.0));
    //! [to dot]
    require_documented("images/neuron.dot", graph);
}

BOOST_AUTO_TEST_CASE(an_anomaly_is_told_of_where_it_comes_from)
{
    const std::string text = error_text<AnomalyError>([] {
        //! [anomaly]
        const DetectAnomalies scope;
        const Tensor<> x{{2, 1, 3}, {4, 5, 6}};
        gradient([](const Tensor<>& a) { return mean(log(a - 1)); }, x);
        //! [anomaly]
    });
    // The line is for the suite `anomalies`, which is compiled with debug information.
    require_documented("output/anomaly.txt",
                       text.substr(0, text.find("; computed in")) + "; computed in model.cpp:12\n");
}

BOOST_AUTO_TEST_CASE(errors_name_the_op_the_shapes_and_the_cure)
{
    const Tensor<> a = Tensor<>::ones(Shape{2, 4}), b = Tensor<>::ones(Shape{3, 2}), x{1, 2, 3};
    std::string text;
    const auto collect = [&](const char* code, const char* kind, const std::string& message) {
        text += fmt::format("{}{}\n    {}: {}\n", text.empty() ? "" : "\n", code, kind, message);
    };
    collect("matmul(a, b)", "ShapeError", error_text<ShapeError>([&] { matmul(a, b); }));
    collect("a + x", "ShapeError", error_text<ShapeError>([&] { return a + x; }));
    collect("gradient([](const Tensor<>& t) { return 2 * t; }, x)", "ShapeError",
            error_text<ShapeError>([&] { return gradient([](const Tensor<>& t) { return 2 * t; }, x); }));
    collect("sum(a, {2})", "AxisError", error_text<AxisError>([&] { return sum(a, {2}); }));
    collect("x(3)", "IndexError", error_text<IndexError>([&] { return x(3); }));
    collect("max(Tensor<>{})", "DomainError", error_text<DomainError>([&] { return max(Tensor<>{}); }));

    Tensor<> escaped;
    gradient([&](const Tensor<>& t) { return sum(escaped = 2 * t); }, x);
    collect(
        "Tensor<> escaped;\ngradient([&](const Tensor<>& t) { return sum(escaped = 2 * t); }, "
        "x);\nescaped * "
        "3",
        "RecordingError", error_text<RecordingError>([&] { return escaped * 3; }));

    const auto wrong = custom_op(
        "cube", [](const Tensor<>& t) { return t * t * t; },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>& t) { return 2 * y_bar * t * t; });
    collect("check_gradient(cube, x)   // whose pullback says 2 ȳ x²", "GradientError",
            error_text<GradientError>([&] { check_gradient(wrong, x); }));

    require_documented("output/errors.txt", text);
}
