#include <nn/schedule.hpp>

#include <autodiff/error.hpp>
#include <autodiff/numbers/portable_bits.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nn {

using autodiff::DomainError;
using autodiff::fail;

namespace {

void require_steps(const char* schedule, const char* option, Index steps, Index step)
{
    if (steps < 1) fail<DomainError>("{}: {} is {}; it must be at least 1", schedule, option, steps);
    if (step < 0) fail<DomainError>("{}: step is {}; steps count from 0", schedule, step);
}

/// From start, at fraction 0, to end, at 1, along half a cosine.
double along_cosine(double start, double end, double fraction)
{
    return end + (start - end) / 2 * (1 + autodiff::portable::cos(std::numbers::pi * fraction));
}

}  // namespace

double StepDecay::operator()(Index step) const
{
    require_steps("step_decay", "every", every, step);
    return learning_rate * autodiff::portable::pow(factor, static_cast<double>(step / every));
}

double CosineAnnealing::operator()(Index step) const
{
    require_steps("cosine_annealing", "steps", steps, step);
    return along_cosine(learning_rate, minimum, static_cast<double>(step) / static_cast<double>(steps));
}

double WarmUp::operator()(Index step) const
{
    require_steps("warm_up", "steps", steps, step);
    if (!next) fail<DomainError>("warm_up: there is no next schedule; give one to warm up to");
    if (step >= steps) return next(step - steps);
    const double fraction = static_cast<double>(step) / static_cast<double>(steps);
    return next(0) * (start_factor + (1 - start_factor) * fraction);
}

double OneCycle::operator()(Index step) const
{
    const double initial = max_learning_rate / initial_division;
    return between(step, initial, max_learning_rate, initial / final_division);
}

double OneCycle::momentum(Index step) const
{
    return between(step, max_momentum, min_momentum, max_momentum);
}

double OneCycle::between(Index step, double start, double peak, double end) const
{
    require_steps("one_cycle", "steps", steps, step);
    if (!(warm_up_fraction >= 0 && warm_up_fraction <= 1))
        fail<DomainError>("one_cycle: warm_up_fraction is {}; it must be between 0 and 1", warm_up_fraction);
    if (!(initial_division > 0 && final_division > 0))
        fail<DomainError>("one_cycle: initial_division is {} and final_division is {}; both must be positive",
                          initial_division, final_division);
    const double last = static_cast<double>(steps - 1), at = std::min(static_cast<double>(step), last);
    const double peak_at = warm_up_fraction * static_cast<double>(steps) - 1;
    if (at <= peak_at) return along_cosine(start, peak, peak_at > 0 ? at / peak_at : 1);
    return along_cosine(peak, end, (at - peak_at) / (last - peak_at));
}

}  // namespace nn
