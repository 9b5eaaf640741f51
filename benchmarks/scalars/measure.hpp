#pragma once

// Times the variants of a workload with Google Benchmark, after checking that they compute the same gradient.

#include "workload.hpp"

#include <benchmark/benchmark.h>

#include <functional>
#include <iosfwd>
#include <limits>
#include <string>
#include <vector>

namespace scalars {

struct ValueAndGradient {
    double value = 0;
    Numbers gradient;
};

/// One way to compute a workload. The loop over the calls to be timed is compiled into it.
struct Variant {
    std::string name;
    std::function<ValueAndGradient()> once;
    std::function<void(benchmark::State&)> repeat;
    /// Of a difference, relative to the value or to the gradient's largest component: sums in another order,
    /// and products fused with sums, round differently.
    double tolerance = 1e-12;
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
    const auto repeat = [compute, x_bar = Numbers(size)](benchmark::State& state) mutable {
        evaluate(compute, x_bar);  // brings its memory back into the caches
        for (auto _ : state) {
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

/// Google Benchmark's results: of each variant its repetitions, fastest last, then their statistics.
using Runs = std::vector<benchmark::BenchmarkReporter::Run>;

/// To be called once, with argv[0], before anything is timed.
void set_repeats(char* program, int repeats);

/// Times the variants in random order, under the names scalar/WORKLOAD/VARIANT.
Runs time_variants(const std::string& workload, const std::vector<Variant>& variants);

/// The fastest repetition of a variant, in seconds a call. NaN if there is none.
double fastest(const Runs& runs, const std::string& workload, const std::string& variant);

/// In Google Benchmark's format.
void write_json(std::ostream& out, const Runs& runs);

}  // namespace scalars
