// Steps of optimizers against recurrences written out on plain numbers.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "support/errors.hpp"

#include <cmath>

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
    BOOST_TEST(std::abs(heavy.velocity()[0](0) - 2.71) < 1e-15);

    // With Nesterov the steps are 0.1 (1 + 0.9 v): 0.19, 0.271, 0.3439.
    theta = Tensor<>{1.0};
    nn::Sgd nesterov{{.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}};
    for (double expected : {0.81, 0.539, 0.1951}) {
        nesterov.step(parameters, {Tensor<>{1.0}});
        BOOST_TEST(std::abs(theta(0) - expected) < 1e-15);
    }
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
    BOOST_TEST(sgd.velocity().empty());
}

BOOST_AUTO_TEST_CASE(a_step_leaves_what_was_read_before_as_it_was)
{
    Tensor<> theta{1.0};
    const Tensor<> before = theta;
    nn::Sgd{}.step({{"theta", &theta}}, {Tensor<>{1.0}});
    BOOST_TEST(before(0) == 1.0);
    BOOST_TEST(theta(0) == 0.99);
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

BOOST_AUTO_TEST_CASE(sgd_rejects_options_out_of_range)
{
    BOOST_TEST(error_text<DomainError>([] { nn::Sgd<>{{.learning_rate = -1}}; }) ==
               "sgd: learning rate -1, momentum 0 and weight decay 0 must not be negative");
    BOOST_TEST(error_text<DomainError>([] { nn::Sgd<>{{.nesterov = true}}; }) ==
               "sgd: Nesterov's step needs a momentum above 0");
    BOOST_CHECK_THROW(nn::Sgd<>{{.momentum = std::nan("")}}, DomainError);
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
