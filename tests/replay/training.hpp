#pragma once

// Training whose steps are replayed, beside the same with steps that are recorded.

#include <autodiff/random.hpp>
#include <autodiff/transforms/replay.hpp>
#include <nn/nn.hpp>

#include <boost/test/unit_test.hpp>

#include <tuple>
#include <vector>

namespace autodiff::tests {

template <class T>
std::vector<std::vector<T>> numbers_of(const Parameters<T>& parameters)
{
    std::vector<std::vector<T>> all;
    for (const auto& [name, tensor] : parameters) all.push_back(tensor->to_vector());
    for (const auto& [name, tensor] : parameters.state) all.push_back(tensor->to_vector());
    return all;
}

/// Trains two equal models, one recording every step and one replaying it, with the arguments that
/// `arguments(step)` returns; their losses and parameters are the same to the last bit.
inline void check_training(auto model, auto optimizer, auto loss, auto arguments, std::uint64_t steps)
{
    auto replayed_model = model;
    auto replayed_optimizer = optimizer;
    Replay step([&](const auto&... x) { return loss(replayed_model, x...); }, replayed_model.parameters());
    const auto parameters = model.parameters();
    for (std::uint64_t i = 0; i < steps; ++i) {
        const nn::TrainingMode training{Key(i)};
        const auto given = arguments(i);
        const auto [expected, gradients] = value_and_gradient(
            [&] { return std::apply([&](const auto&... x) { return loss(model, x...); }, given); },
            parameters);
        optimizer.step(parameters, gradients);
        const auto [value, replayed_gradients] = std::apply(step, given);
        replayed_optimizer.step(replayed_model.parameters(), replayed_gradients);
        BOOST_TEST_REQUIRE(value.item() == expected.item());
    }
    BOOST_TEST((numbers_of(replayed_model.parameters()) == numbers_of(parameters)));
}

}  // namespace autodiff::tests
