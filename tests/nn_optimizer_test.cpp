// Steps of optimizers against PyTorch's and against recurrences written out on plain numbers.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "reference/optimizers.hpp"
#include "support/errors.hpp"
#include "support/layouts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

// The loss 1/2 (3 (x - 1)² + (y + 2)²) + x y: its gradient couples the two.
Tensor<> bowl(const Tensor<>& p)
{
    const Tensor<> matrix{{3.0, 1.0}, {1.0, 1.0}}, linear{-3.0, 2.0};
    return 0.5 * dot(p, matmul(matrix, p)) + dot(linear, p);
}
std::array<double, 2> bowl_gradient(double x, double y) { return {3 * x + y - 3, x + y + 2}; }

struct Point {
    Tensor<> position{4.0, -1.0};
    auto parameters() { return nn::parameters("position", position); }
};

/// The network of reference/optimizers.py, with its starting numbers.
struct Xor {
    nn::Linear<> hidden{2, 2}, output{2, 1};

    Xor()
    {
        int k = 0;
        for (const Parameter<>& parameter : parameters()) {
            Array<double> numbers = Array<double>::uninitialized(parameter.tensor->shape());
            for (Index i = 0; i < numbers.size(); ++i) numbers.writable()[i] = (7 * ++k % 11 - 4.5) / 8;
            *parameter.tensor = numbers;
        }
    }
    Tensor<> loss() const
    {
        const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y{{0}, {1}, {1}, {0}};
        return nn::mse(sigmoid(output(tanh(hidden(x)))), y);
    }
    Parameters<> parameters() { return nn::parameters("hidden", hidden, "output", output); }
    std::vector<double> numbers()
    {
        std::vector<double> all;
        for (const Parameter<>& parameter : parameters())
            for (double number : parameter.tensor->to_vector()) all.push_back(number);
        return all;
    }
};

const auto nothing = [](auto&, std::vector<Tensor<>>&, Index) {};

/// 1,000 steps against PyTorch's, with `before_step` before each. The two round differently; what that makes
/// after 1,000 steps was 1e-14 at most.
template <class Optimizer, class F = decltype(nothing)>
void require_reference(const std::string& name, Optimizer optimizer, F before_step = nothing)
{
    const auto found = std::ranges::find(reference::trajectories, name, &reference::Trajectory::optimizer);
    BOOST_REQUIRE(found != std::end(reference::trajectories));
    Xor model;
    Index step = 0;
    for (const auto& [steps, expected] : found->rows) {
        for (; step < steps; ++step) {
            auto gradients = gradient([&] { return model.loss(); }, model.parameters());
            before_step(optimizer, gradients, step);
            optimizer.step(model.parameters(), gradients);
        }
        const std::vector<double> numbers = model.numbers();
        for (std::size_t i = 0; i < expected.size(); ++i)
            BOOST_TEST(std::abs(numbers[i] - expected[i]) < 1e-10,
                       name << ", " << steps << " steps: " << numbers[i] << " is not " << expected[i]);
    }
}

/// A state after one step, whatever the optimizer.
template <class Optimizer>
const Tensor<>& state_of(const Optimizer& optimizer, const char* name)
{
    return optimizer.state.tensors.at(name).at(0);
}

/// f(optimizer) for one of each kind, with all of its state.
template <class T>
void for_each_optimizer(auto f)
{
    f(nn::Sgd<T>{});
    f(nn::Sgd<T>{{.momentum = 0.9}});
    f(nn::Sgd<T>{{.momentum = 0.9, .weight_decay = 0.1, .nesterov = true}});
    f(nn::Adam<T>{{.weight_decay = 0.1}});
    f(nn::AdamW<T>{{.amsgrad = true}});
    f(nn::RmsProp<T>{});
    f(nn::RmsProp<T>{{.weight_decay = 0.1, .momentum = 0.9, .centered = true}});
    f(nn::Adagrad<T>{});
}

// PyTorch's recurrence (torch.optim.SGD with dampening 0), on plain numbers.
void require_trajectory(const nn::SgdOptions& options)
{
    Point point;
    nn::Sgd sgd{options};
    std::array<double, 2> theta{4, -1}, velocity{};
    for (int step = 0; step < 100; ++step) {
        sgd.step(point.parameters(), gradient([&] { return bowl(point.position); }, point.parameters()));
        const auto gradients = bowl_gradient(theta[0], theta[1]);
        for (std::size_t i = 0; i < 2; ++i) {
            const double g = gradients[i] + options.weight_decay * theta[i];
            velocity[i] = step == 0 ? g : options.momentum * velocity[i] + g;
            const double direction = options.nesterov ? g + options.momentum * velocity[i] : velocity[i];
            theta[i] -= options.learning_rate * (options.momentum == 0 ? g : direction);
        }
        // The gradient of the library adds in another order: a rounding a step, not amplified by a
        // contraction.
        BOOST_TEST(std::abs(point.position(0) - theta[0]) < 1e-13);
        BOOST_TEST(std::abs(point.position(1) - theta[1]) < 1e-13);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(optimizers_follow_pytorch)
{
    require_reference("sgd", nn::Sgd{{.learning_rate = 0.5}});
    require_reference(
        "sgd_momentum",
        nn::Sgd{{.learning_rate = 0.1, .momentum = 0.9, .dampening = 0.2, .weight_decay = 1e-3}});
    require_reference(
        "sgd_nesterov",
        nn::Sgd{{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 1e-4, .nesterov = true}});
    require_reference("adam", nn::Adam{});
    require_reference(
        "adam_weight_decay",
        nn::Adam{
            {.learning_rate = 2e-3, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-6, .weight_decay = 1e-3}});
    require_reference("adam_amsgrad", nn::Adam{{.learning_rate = 1e-2, .amsgrad = true}});
    require_reference("adamw", nn::AdamW{});
    require_reference("adamw_amsgrad",
                      nn::AdamW{{.learning_rate = 1e-2, .weight_decay = 0.1, .amsgrad = true}});
    require_reference("rms_prop", nn::RmsProp{{.learning_rate = 1e-3}});
    require_reference(
        "rms_prop_momentum",
        nn::RmsProp{
            {.learning_rate = 2e-4, .alpha = 0.98, .epsilon = 1e-4, .weight_decay = 1e-3, .momentum = 0.8}});
    require_reference("rms_prop_centered",
                      nn::RmsProp{{.learning_rate = 1e-3, .epsilon = 1e-4, .centered = true}});
    require_reference(
        "rms_prop_centered_momentum",
        nn::RmsProp{{.learning_rate = 1e-4, .epsilon = 1e-3, .momentum = 0.9, .centered = true}});
    require_reference("adagrad", nn::Adagrad{{.learning_rate = 0.1}});
    require_reference("adagrad_decay", nn::Adagrad{{.learning_rate = 0.2,
                                                    .learning_rate_decay = 1e-2,
                                                    .weight_decay = 1e-3,
                                                    .initial_sum_of_squares = 0.1,
                                                    .epsilon = 1e-8}});
}

BOOST_AUTO_TEST_CASE(a_schedule_and_clipping_follow_pytorch_too)
{
    const nn::OneCycle schedule{.max_learning_rate = 0.5, .steps = 1000};
    const auto clip_and_schedule = [&](nn::Sgd<>& sgd, std::vector<Tensor<>>& gradients, Index step) {
        sgd.options.learning_rate = schedule(step);
        sgd.options.momentum = schedule.momentum(step);
        nn::clip_by_global_norm(gradients, 0.02);
    };
    require_reference("sgd_one_cycle_clipped", nn::Sgd{}, clip_and_schedule);
}

BOOST_AUTO_TEST_CASE(sgd_follows_its_recurrence)
{
    require_trajectory({.learning_rate = 0.1});
    require_trajectory({.learning_rate = 0.1, .weight_decay = 0.3});
    require_trajectory({.learning_rate = 0.02, .momentum = 0.9});
    require_trajectory({.learning_rate = 0.02, .momentum = 0.9, .nesterov = true});
    require_trajectory({.learning_rate = 0.02, .momentum = 0.8, .weight_decay = 0.1, .nesterov = true});
}

BOOST_AUTO_TEST_CASE(the_first_steps_are_those_worked_by_hand)
{
    // θ = 1, gradient 1 each time, rate 0.1, momentum 0.9: v = 1, 1.9, 2.71.
    Tensor<> theta{1.0};
    const Parameters<> parameters{{"theta", &theta}};
    nn::Sgd heavy{{.learning_rate = 0.1, .momentum = 0.9}};
    for (double expected : {0.9, 0.71, 0.439}) {
        heavy.step(parameters, {Tensor<>{1.0}});
        BOOST_TEST(std::abs(theta(0) - expected) < 1e-15);
    }
    BOOST_TEST(std::abs(state_of(heavy, "velocity")(0) - 2.71) < 1e-15);

    // With Nesterov the steps are 0.1 (1 + 0.9 v): 0.19, 0.271, 0.3439.
    theta = Tensor<>{1.0};
    nn::Sgd nesterov{{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}};
    for (double expected : {0.81, 0.539, 0.1951}) {
        nesterov.step(parameters, {Tensor<>{1.0}});
        BOOST_TEST(std::abs(theta(0) - expected) < 1e-15);
    }
}

BOOST_AUTO_TEST_CASE(without_decay_an_infinite_parameter_stays_infinite)
{
    const double inf = std::numeric_limits<double>::infinity();
    const auto check = [&](auto optimizer) {
        Tensor<> theta{inf, 1.0};
        optimizer.step({{"theta", &theta}}, {Tensor<>{1.0, 1.0}});
        BOOST_TEST(theta(0) == inf);
    };
    check(nn::Sgd<>{});
    check(nn::Sgd<>{{.momentum = 0.9}});
    check(nn::Adam<>{});
    check(nn::RmsProp<>{});
    check(nn::Adagrad<>{});
}

BOOST_AUTO_TEST_CASE(options_may_change_while_training)
{
    Tensor<> theta{1.0};
    const Parameters<> parameters{{"theta", &theta}};
    nn::Sgd sgd{{.learning_rate = 0.5}};
    sgd.step(parameters, {Tensor<>{1.0}});
    sgd.options.learning_rate = 0.25;
    sgd.step(parameters, {Tensor<>{1.0}});
    BOOST_TEST(theta(0) == 0.25);
    BOOST_TEST(sgd.state.tensors.empty());

    // With momentum from here on, the velocity starts with this step's gradient.
    sgd.options.momentum = 0.5;
    sgd.step(parameters, {Tensor<>{2.0}});
    BOOST_TEST(theta(0) == -0.25);
    sgd.step(parameters, {Tensor<>{0.0}});
    BOOST_TEST(theta(0) == -0.5);
    BOOST_TEST(sgd.state.steps == 4);
}

BOOST_AUTO_TEST_CASE(a_step_changes_nothing_that_others_hold)
{
    for_each_optimizer<double>([](auto optimizer) {
        Tensor<> theta{1.0, 2.0, 3.0};
        const Tensor<> before = theta, reversed = flip(theta), g{1.0, -1.0, 0.5};
        Tensor<> twin = theta;
        const Parameters<> parameters{{"theta", &theta}, {"twin", &twin}};
        const Tensor<> first_gradient = theta;
        optimizer.step(parameters, {first_gradient, g});
        const auto after_one = optimizer;
        const Tensor<> one = theta;
        const std::vector<double> numbers = one.to_vector();
        BOOST_TEST(numbers != before.to_vector());
        BOOST_TEST(numbers != twin.to_vector());
        BOOST_TEST(before.to_vector() == (std::vector<double>{1, 2, 3}));
        BOOST_TEST(reversed.to_vector() == (std::vector<double>{3, 2, 1}));
        BOOST_TEST(first_gradient.to_vector() == before.to_vector());

        // A copy of the optimizer goes on from where it was taken.
        optimizer.step(parameters, {g, g});
        BOOST_TEST(one.to_vector() == numbers);
        const std::vector<double> two = theta.to_vector();
        theta = one;
        auto again = after_one;
        again.step(parameters, {g, g});
        BOOST_TEST(theta.to_vector() == two);
        nn::require_step("copy", parameters, {g, g}, after_one.state);
        BOOST_TEST(after_one.state.steps == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_step_allocates_nothing)
{
    for_each_optimizer<double>([](auto optimizer) {
        Xor model;
        const auto parameters = model.parameters();
        for (int step = 0; step < 3; ++step) {
            const auto [loss, gradients] = value_and_gradient([&] { return model.loss(); }, parameters);
            const double* elements = model.hidden.weight.array().data();
            const std::size_t requests = pool_statistics().requests;
            optimizer.step(parameters, gradients);
            if (step == 0) continue;  // in which the state is made
            BOOST_TEST(pool_statistics().requests == requests);
            BOOST_TEST(model.hidden.weight.array().data() == elements);
        }
    });
}

BOOST_AUTO_TEST_CASE(parameters_and_gradients_may_be_views)
{
    // 3 x 21, so that rows are longer than a batch, with a rest.
    const Tensor<> start = reshape(sin(arange(63)), Shape{3, 21}), g = cos(start);
    for_each_optimizer<double>([&](auto optimizer) {
        for (const auto layout : tests::layouts<double>) {
            Tensor<> contiguous = start, view = layout(start), other = view;
            if (layout == tests::stretched<double>) contiguous = view.array().contiguous();
            auto a = optimizer, b = optimizer;
            for (int step = 0; step < 2; ++step) {
                a.step({{"theta", &contiguous}}, {Tensor<>(layout(g).array().contiguous())});
                b.step({{"theta", &view}}, {layout(g)});
                BOOST_TEST(view.to_vector() == contiguous.to_vector());
            }
            BOOST_TEST(other.to_vector() == layout(start).to_vector());
        }
    });
}

BOOST_AUTO_TEST_CASE(shared_and_empty_parameters_are_stepped_once_or_not_at_all)
{
    const Tensor<> one{1.0};  // within a generic lambda clang 14 takes the braces for a number's
    for_each_optimizer<double>([&](auto optimizer) {
        Tensor<> tied = one, empty(Shape{0, 3}, {});
        optimizer.step(nn::parameters("a", tied, "b", tied, "c", empty), {one, empty});
        auto fresh = optimizer;
        fresh.state = {};
        Tensor<> alone = one;
        fresh.step({{"a", &alone}}, {one});
        BOOST_TEST(tied(0) == alone(0));
        BOOST_TEST((empty.shape() == Shape{0, 3}));
        fresh.state = {};
        fresh.step({}, {});
        BOOST_TEST(fresh.state.steps == 1);
    });
}

BOOST_AUTO_TEST_CASE(float_steps_are_double_steps_rounded)
{
    std::vector<std::vector<double>> expected;
    const auto steps = [&](auto optimizer, auto zero) {
        using T = decltype(zero);
        Tensor<T> theta(Shape{3}, {T(1), T(-2), T(3)});
        for (int step = 0; step < 10; ++step) optimizer.step({{"theta", &theta}}, {theta * theta - T(2)});
        const std::vector<T> numbers = theta.to_vector();
        return std::vector<double>(numbers.begin(), numbers.end());
    };
    for_each_optimizer<double>([&](auto optimizer) { expected.push_back(steps(optimizer, 0.0)); });
    std::size_t at = 0;
    for_each_optimizer<float>([&](auto optimizer) {
        const std::vector<double> found = steps(optimizer, 0.0f);
        for (std::size_t i = 0; i < 3; ++i)
            BOOST_TEST(std::abs(found[i] - expected[at][i]) < 1e-5);  // a hundred roundings of numbers near 3
        ++at;
    });
}

BOOST_AUTO_TEST_CASE(the_state_is_named_and_may_be_put_back)
{
    Tensor<> theta{1.0};
    const Parameters<> parameters{{"theta", &theta}};
    nn::Adam adam{{.amsgrad = true}};
    adam.step(parameters, {Tensor<>{2.0}});
    BOOST_TEST(state_of(adam, "first_moment")(0) == (1 - 0.9) * 2);
    BOOST_TEST(state_of(adam, "second_moment")(0) == (1 - 0.999) * 4);
    BOOST_TEST(state_of(adam, "largest_second_moment")(0) == (1 - 0.999) * 4);

    nn::RmsProp rms_prop{{.momentum = 0.5, .centered = true}};
    rms_prop.step(parameters, {Tensor<>{2.0}});
    BOOST_TEST(rms_prop.state.tensors.size() == 3u);
    BOOST_TEST(state_of(rms_prop, "mean_square")(0) == (1 - 0.99) * 4);
    BOOST_TEST(state_of(rms_prop, "mean_gradient")(0) == (1 - 0.99) * 2);
    BOOST_TEST(state_of(rms_prop, "velocity")(0) > 0);

    nn::Adagrad adagrad{{.initial_sum_of_squares = 0.5}};
    adagrad.step(parameters, {Tensor<>{2.0}});
    BOOST_TEST(state_of(adagrad, "sum_of_squares")(0) == 4.5);

    theta = Tensor<>{1.0};
    const nn::OptimizerState<> kept = adam.state;
    adam.step(parameters, {Tensor<>{1.0}});
    const double expected = theta(0);
    theta = Tensor<>{1.0};
    nn::Adam resumed{{.amsgrad = true}};
    resumed.state = kept;
    resumed.step(parameters, {Tensor<>{1.0}});
    BOOST_TEST(theta(0) == expected);
}

BOOST_AUTO_TEST_CASE(a_variance_that_rounds_below_zero_is_zero)
{
    // A constant gradient: s - a² is 0 in the end, up to rounding.
    Tensor<float> theta = Tensor<float>::ones({64});
    Array<float> g = Array<float>::uninitialized(Shape{64});
    for (Index i = 0; i < 64; ++i) g.writable()[i] = 1 + static_cast<float>(i) / 7;
    nn::RmsProp<float> rms_prop{{.learning_rate = 1e-9, .alpha = 0.5, .centered = true}};
    for (int step = 0; step < 100; ++step) rms_prop.step({{"theta", &theta}}, {Tensor<float>(g)});
    for (float number : theta.to_vector()) BOOST_TEST(std::isfinite(number));
}

BOOST_AUTO_TEST_CASE(sgd_works_in_float)
{
    Tensor<float> theta(Shape{1}, {1.f});
    nn::Sgd<float> sgd{{.learning_rate = 0.5, .momentum = 0.5}};
    const Parameters<float> parameters{{"theta", &theta}};
    sgd.step(parameters, {Tensor<float>::ones({1})});
    sgd.step(parameters, {Tensor<float>::ones({1})});
    BOOST_TEST(theta(0) == -0.25f);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_rejected)
{
    BOOST_TEST(error_text<DomainError>([] { nn::Sgd<>{{.learning_rate = -1}}; }) ==
               "sgd: learning_rate is -1; it must not be negative");
    BOOST_TEST(error_text<DomainError>([] { nn::Sgd<>{{.nesterov = true}}; }) ==
               "sgd: Nesterov's step needs a momentum above 0 and a dampening of 0; they are 0 and 0");
    BOOST_CHECK_THROW((nn::Sgd<>{{.momentum = 0.5, .dampening = 0.5, .nesterov = true}}), DomainError);
    BOOST_CHECK_THROW(nn::Sgd<>{{.momentum = std::nan("")}}, DomainError);
    BOOST_TEST(error_text<DomainError>([] { nn::Adam<>{{.beta1 = 1}}; }) ==
               "adam: beta1 is 1; it must be at least 0 and below 1");
    BOOST_TEST(error_text<DomainError>([] { nn::AdamW<>{{.weight_decay = -0.5}}; }) ==
               "adamw: weight_decay is -0.5; it must not be negative");
    BOOST_TEST(error_text<DomainError>([] { nn::RmsProp<>{{.alpha = -0.5}}; }) ==
               "rms_prop: alpha is -0.5; it must be at least 0 and below 1");
    BOOST_TEST(error_text<DomainError>([] { nn::Adagrad<>{{.epsilon = -1}}; }) ==
               "adagrad: epsilon is -1; it must not be negative");
    for_each_optimizer<double>([](auto optimizer) {
        Tensor<> theta{1.0};
        optimizer.options.learning_rate = std::nan("");
        BOOST_CHECK_THROW(optimizer.step({{"theta", &theta}}, {Tensor<>{1.0}}), DomainError);
        BOOST_TEST(theta(0) == 1.0);
        BOOST_TEST(optimizer.state.steps == 0);
    });
}

BOOST_AUTO_TEST_CASE(a_step_rejects_gradients_that_do_not_fit_and_changes_nothing)
{
    Tensor<> a{1.0}, b{1.0, 2.0};
    const Parameters<> both{{"a", &a}, {"b", &b}};
    nn::Sgd sgd{{.learning_rate = 1, .momentum = 0.9}};
    BOOST_TEST(error_text<ShapeError>([&] { sgd.step(both, {Tensor<>{1.0}}); }) ==
               "sgd: 1 gradients for 2 parameters");
    BOOST_TEST(error_text<ShapeError>([&] { sgd.step(both, {Tensor<>{1.0}, Tensor<>{1.0}}); }) ==
               "sgd: 'b' has shape (2,), but its gradient (1,)");
    BOOST_TEST(a(0) == 1.0);
    sgd.step({{"a", &a}}, {Tensor<>{0.0}});
    BOOST_TEST(
        error_text<ShapeError>([&] { sgd.step({{"b", &b}}, {Tensor<>{1.0, 1.0}}); }) ==
        "sgd: 'b' has shape (2,), but (1,) in the step before; make a new optimizer for another model");
    BOOST_CHECK_THROW(sgd.step(both, {a, b}), ShapeError);
}

BOOST_AUTO_TEST_CASE(a_step_within_a_recording_is_refused)
{
    Point point;
    nn::Sgd sgd;
    const auto text = error_text<RecordingError>([&] {
        gradient(
            [&] {
                sgd.step(point.parameters(), {Tensor<>{1.0, 1.0}});
                return bowl(point.position);
            },
            point.parameters());
    });
    BOOST_TEST(
        text ==
        "sgd: 'position' or its gradient is being recorded; step after value_and_gradient has returned");
    BOOST_TEST(point.position(0) == 4.0);
}
