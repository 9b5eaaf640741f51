// Memory for time, and a step that is recorded once.

#include <guide/checks.hpp>
#include <guide/xor.hpp>

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <span>
#include <vector>

using namespace autodiff;
using namespace autodiff::tests;

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

BOOST_AUTO_TEST_CASE(a_formula_of_neighbours_is_a_map)
{
    const std::vector<double> height{1, 3, 2, 5};
    //! [map]
    // the length of a line through heights one apart
    const auto length =
        elementwise("length", [](auto y, auto next) { return sqrt(1 + (next - y) * (next - y)); });
    auto line = [&](const auto& y) {
        const std::span all(y);
        return sum(map(length, all.first(y.size() - 1), all.last(y.size() - 1)));
    };
    const auto slope = gradient(line, height);
    //! [map]
    require_near(slope[0], -2 / std::sqrt(5.0));
    require_near(slope[1], 2 / std::sqrt(5.0) + 1 / std::sqrt(2.0));
    require_near(slope[3], 3 / std::sqrt(10.0));
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
