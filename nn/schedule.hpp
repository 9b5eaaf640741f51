#pragma once

// Schedules: the learning rate as a function of the step, from 0.
//
//     const nn::OneCycle schedule{.max_learning_rate = 0.1, .steps = 1000};
//     for (Index step = 0; step < 1000; ++step) {
//         adam.options.learning_rate = schedule(step);
//         …
//     }
//
// Whether a step is one of the optimizer or an epoch is up to the caller. The values are PyTorch's, whose
// schedulers are named below.

#include <autodiff/shape.hpp>

#include <functional>

namespace nn {

using autodiff::Index;

/// Any function from the step to the learning rate.
using Schedule = std::function<double(Index step)>;

/// learning_rate factor^⌊step / every⌋   (StepLR)
struct StepDecay {
    double learning_rate;  ///< of steps 0 to every - 1
    Index every;           ///< how many steps have one learning rate, at least 1
    double factor = 0.1;   ///< from one such stretch to the next

    /// @throws autodiff::DomainError for options out of range or a negative step; so do all schedules.
    double operator()(Index step) const;
};

/// From learning_rate down to minimum along half a cosine, in so many steps:
///   minimum + (learning_rate - minimum) (1 + cos(π step / steps)) / 2
/// (Loshchilov and Hutter 2017, equation 5; CosineAnnealingLR). After that it goes up again, as PyTorch's.
struct CosineAnnealing {
    double learning_rate;  ///< in step 0
    Index steps;           ///< from step 0 down to the minimum, at least 1
    double minimum = 0;    ///< the learning rate in step `steps`

    /// @throws as StepDecay.
    double operator()(Index step) const;
};

/// From a part of the next schedule's first learning rate up to all of it along a line, then that schedule:
///   next(0) (start_factor + (1 - start_factor) step / steps),   from step = steps on next(step - steps)
/// (Goyal et al. 2017, section 2.2; LinearLR, then another by SequentialLR)
struct WarmUp {
    Index steps;                    ///< how many steps it takes, at least 1
    Schedule next;                  ///< the schedule to warm up to; an empty one is an error
    double start_factor = 1.0 / 3;  ///< the part of next(0) in step 0

    /// @throws as StepDecay, or if `next` is empty; and what `next` throws.
    double operator()(Index step) const;
};

/// Up from max_learning_rate / initial_division to max_learning_rate, then down to that start divided by
/// final_division, along half a cosine each   (Smith and Topin 2019; OneCycleLR with its two phases).
/// The peak is where step + 1 = warm_up_fraction steps, the end at step = steps - 1; later steps stay there.
struct OneCycle {
    double max_learning_rate;       ///< at the peak
    Index steps;                    ///< up and down together, at least 1
    double warm_up_fraction = 0.3;  ///< the part of the steps that goes up, from 0 to 1
    double initial_division = 25;   ///< max_learning_rate / that of step 0
    double final_division = 1e4;    ///< that of step 0 / that of the last one
    double min_momentum = 0.85;     ///< at the peak
    double max_momentum = 0.95;     ///< in step 0 and in the last one

    /// The learning rate. @throws as StepDecay, or if warm_up_fraction is not in [0, 1] or a division
    /// not positive.
    double operator()(Index step) const;
    /// Goes the opposite way, from max_momentum to min_momentum and back: for Sgd's momentum or Adam's beta1.
    double momentum(Index step) const;

private:
    double between(Index step, double start, double peak, double end) const;
};

}  // namespace nn
