#pragma once

// Times the variants of a workload in turn, after checking that they compute the same gradient.

#include "workload.hpp"

#include <benchmark/benchmark.h>

#include <functional>
#include <limits>
#include <string>

namespace scalars {

struct ValueAndGradient {
    double value = 0;
    Numbers gradient;
};

/// One way to compute a workload. The loop over the calls to be timed is compiled into it.
struct Variant {
    std::string name;
    std::function<ValueAndGradient()> once;
    std::function<void(std::size_t calls)> repeat;
};

/// Never inlined, so that a variant's code does not depend on what is timed beside it.
template <class F>
[[gnu::noinline]] double evaluate(F& compute, Numbers& x_bar)
{
    return compute(x_bar);
}

/// `compute(x_bar)` returns the value and writes the gradient, which has `size` components.
template <class F>
Variant variant(std::string name, std::size_t size, F compute)
{
    const auto once = [compute, size]() mutable {
        ValueAndGradient y{0, Numbers(size, std::numeric_limits<double>::quiet_NaN())};
        y.value = evaluate(compute, y.gradient);
        return y;
    };
    const auto repeat = [compute, x_bar = Numbers(size)](std::size_t calls) mutable {
        for (std::size_t call = 0; call < calls; ++call) {
            double y = evaluate(compute, x_bar);
            benchmark::DoNotOptimize(y);
            benchmark::ClobberMemory();
        }
    };
    return {std::move(name), once, repeat};
}

/// The two to compare with: the plain value, which has no gradient, and the hand-derived gradient.
template <Workload W>
std::vector<Variant> reference_variants(W& w)
{
    return {variant("primal", w.point.size(), [&w](Numbers&) { return w(w.point); }),
            variant("hand", w.point.size(), [&w](Numbers& x_bar) { return w.hand(w.point, x_bar); })};
}

/// Compares the values and gradients of all variants with the hand-derived ones.
/// @throws std::runtime_error naming the workload, the variant and the difference.
void require_agreement(const std::string& workload, const std::vector<Variant>& variants);

/// Seconds a call: `repeats` timings of each variant, which are taken in turn, fastest first.
std::vector<Numbers> sorted_timings(const std::vector<Variant>& variants, int repeats);

}  // namespace scalars
