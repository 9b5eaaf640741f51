// Schedules of the learning rate against PyTorch's.

#include <nn/schedule.hpp>

#include "reference/optimizers.hpp"
#include "support/errors.hpp"

#include <autodiff/error.hpp>

#include <cmath>
#include <map>
#include <string>

using autodiff::DomainError;
using autodiff::Index;
using autodiff::tests::error_text;

BOOST_AUTO_TEST_CASE(schedules_follow_pytorch)
{
    const nn::OneCycle one_cycle{.max_learning_rate = 0.4, .steps = 15};
    const nn::OneCycle early{.max_learning_rate = 0.4,
                             .steps = 15,
                             .warm_up_fraction = 0.1,
                             .initial_division = 10,
                             .final_division = 100};
    const nn::CosineAnnealing after_warm_up{.learning_rate = 0.5, .steps = 10, .minimum = 0.01};
    const std::map<std::string, nn::Schedule> schedules{
        {"step_decay", nn::StepDecay{.learning_rate = 0.5, .every = 4, .factor = 0.3}},
        {"cosine_annealing", nn::CosineAnnealing{.learning_rate = 0.5, .steps = 12, .minimum = 0.02}},
        {"warm_up", nn::WarmUp{.steps = 5, .next = after_warm_up, .start_factor = 0.25}},
        {"one_cycle", one_cycle},
        {"one_cycle_early", early}};
    BOOST_TEST(std::size(reference::rates) == schedules.size());
    for (const auto& [name, rates, momenta] : reference::rates)
        for (std::size_t step = 0; step < rates.size(); ++step) {
            const auto at = static_cast<Index>(step);
            // PyTorch multiplies its way from step to step, with a rounding in each.
            BOOST_TEST(std::abs(schedules.at(name)(at) - rates[step]) < 1e-15, name << " at " << step);
            if (name == std::string("one_cycle"))
                BOOST_TEST(std::abs(one_cycle.momentum(at) - momenta[step]) < 1e-15);
            if (name == std::string("one_cycle_early"))
                BOOST_TEST(std::abs(early.momentum(at) - momenta[step]) < 1e-15);
        }
}

BOOST_AUTO_TEST_CASE(a_cycle_has_ends)
{
    const nn::OneCycle cycle{.max_learning_rate = 1, .steps = 10};
    BOOST_TEST(cycle(2) == 1.0);
    BOOST_TEST(cycle(9) == cycle(1000));
    for (double fraction : {0.0, 0.1, 1.0})
        for (Index steps : {1, 2, 10})
            for (Index step = 0; step < steps; ++step) {
                const nn::OneCycle other{
                    .max_learning_rate = 1, .steps = steps, .warm_up_fraction = fraction};
                BOOST_TEST(other(step) > 0);
                BOOST_TEST(other(step) <= 1);
            }
}

BOOST_AUTO_TEST_CASE(schedules_reject_what_makes_no_sense)
{
    BOOST_TEST(error_text<DomainError>([] { nn::StepDecay{.learning_rate = 1, .every = 0}(0); }) ==
               "step_decay: every is 0; it must be at least 1");
    BOOST_TEST(error_text<DomainError>([] { nn::CosineAnnealing{.learning_rate = 1, .steps = 5}(-1); }) ==
               "cosine_annealing: step is -1; steps count from 0");
    BOOST_TEST(error_text<DomainError>([] { nn::WarmUp{.steps = 5, .next = {}}(0); }) ==
               "warm_up: there is no next schedule; give one to warm up to");
    const nn::OneCycle cycle{.max_learning_rate = 1, .steps = 5, .warm_up_fraction = 2};
    BOOST_TEST(error_text<DomainError>([&] { cycle(0); }) ==
               "one_cycle: warm_up_fraction is 2; it must be between 0 and 1");
    const nn::OneCycle divided{.max_learning_rate = 1, .steps = 5, .initial_division = 0};
    BOOST_TEST(error_text<DomainError>([&] { divided(0); }) ==
               "one_cycle: initial_division is 0 and final_division is 10000; both must be positive");
}
