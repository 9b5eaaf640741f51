#include <nn/fit_plan.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nn::detail {

using autodiff::DomainError;
using autodiff::fail;

void require_plan(const FitPlan& plan)
{
    if (plan.epochs < 0) fail<DomainError>("fit: {} epochs; there cannot be fewer than 0", plan.epochs);
    if (plan.batch_size < 0)
        fail<DomainError>("fit: the batch_size {} is negative; 0 takes all samples at once", plan.batch_size);
    if (plan.has_two_validations)
        fail<DomainError>("fit: both validation and validation_fraction are given; leave out one");
    if (plan.samples == 0) fail<DomainError>("fit: there are no samples to train on");
    if (plan.has_validation && plan.validation_samples == 0)
        fail<DomainError>("fit: there are no samples for validation");
    if (plan.has_metrics && !plan.has_validation)
        fail<DomainError>("fit: metrics are of the validation set; give validation or validation_fraction");
    if (plan.has_schedule && !plan.has_learning_rate)
        fail<DomainError>("fit: a schedule needs an optimizer with options.learning_rate");
    if (plan.has_checkpoints && !plan.has_state)
        fail<DomainError>("fit: checkpoints need an optimizer with a state that is an nn::OptimizerState");
    if (plan.resumes && !plan.has_checkpoints)
        fail<DomainError>("fit: to resume needs the checkpoint_directory of the run that is to go on");
    if (plan.early_stopping && plan.early_stopping->patience < 1)
        fail<DomainError>("fit: early stopping with a patience of {} epochs; it must be positive",
                          plan.early_stopping->patience);
    if (plan.early_stopping && !(plan.early_stopping->minimal_improvement >= 0))
        fail<DomainError>("fit: early stopping with a minimal_improvement of {}; it must not be negative",
                          plan.early_stopping->minimal_improvement);
}

io::Metadata settings_of_run(Key key, Index batch_size, Index samples,
                             const std::vector<std::string>& metrics)
{
    return {{"key", fmt::to_string(key.bits())},
            {"batch_size", fmt::to_string(batch_size)},
            {"samples", fmt::to_string(samples)},
            {"metrics", fmt::format("{}", fmt::join(metrics, ", "))}};
}

bool has_ended(const History& history, int epochs, const std::optional<EarlyStopping>& early_stopping)
{
    if (history.size() >= static_cast<std::size_t>(epochs)) return true;
    return early_stopping && history.epochs_without_improvement(early_stopping->minimal_improvement) >=
                                 early_stopping->patience;
}

}  // namespace nn::detail
