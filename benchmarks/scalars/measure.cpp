#include "measure.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

namespace scalars {

namespace {

double largest(const Numbers& x)
{
    double size = 0;
    for (const double number : x) size = std::max(size, std::abs(number));
    return size;
}

std::string full_name(const std::string& workload, const std::string& variant)
{
    return fmt::format("scalar/{}/{}", workload, variant);
}

bool is_repetition(const Runs::value_type& run) { return run.run_type == run.RT_Iteration; }

/// Keeps what Google Benchmark reports, for later.
class Collector : public benchmark::BenchmarkReporter {
public:
    Runs runs;

    bool ReportContext(const Context&) override { return true; }
    /// Those of one variant. Who reads a file of them and keeps one of each name has the fastest.
    void ReportRuns(const Runs& of_variant) override
    {
        runs.insert(runs.end(), of_variant.begin(), of_variant.end());
        const auto first = runs.end() - static_cast<std::ptrdiff_t>(of_variant.size());
        std::ranges::sort(first, std::find_if_not(first, runs.end(), is_repetition), std::greater{},
                          &Run::GetAdjustedRealTime);
    }
};

}  // namespace

void require_agreement(const std::string& workload, const std::vector<Variant>& variants)
{
    const ValueAndGradient expected = variants.at(1).once();
    const auto require_close = [&](const Variant& variant, double found, double wanted, double scale) {
        if (std::abs(found - wanted) <= variant.tolerance * scale) return;
        throw std::runtime_error(fmt::format("{}/{} gives {:.17g}, the hand-derived adjoint {:.17g}",
                                             workload, variant.name, found, wanted));
    };
    for (const Variant& variant : variants) {
        const ValueAndGradient found = variant.once();
        require_close(variant, found.value, expected.value, std::abs(expected.value));
        if (&variant == &variants.front()) continue;
        const double scale = largest(expected.gradient);
        for (std::size_t i = 0; i < expected.gradient.size(); ++i)
            require_close(variant, found.gradient[i], expected.gradient[i], scale);
    }
}

void set_repeats(char* program, int repeats)
{
    // As flags they hold for all benchmarks, and are no part of their names.
    std::string flags[] = {"--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.01",
                           fmt::format("--benchmark_repetitions={}", repeats)};
    std::vector<char*> arguments{program};
    for (std::string& flag : flags) arguments.push_back(flag.data());
    int count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    benchmark::Initialize(&count, arguments.data());
}

Runs time_variants(const std::string& workload, const std::vector<Variant>& variants)
{
    for (const Variant& variant : variants)
        benchmark::RegisterBenchmark(full_name(workload, variant.name).c_str(), variant.repeat)
            ->Unit(benchmark::kMicrosecond)
            ->ComputeStatistics("min", [](const Numbers& times) { return std::ranges::min(times); });
    Collector collector;
    benchmark::RunSpecifiedBenchmarks(&collector);
    benchmark::ClearRegisteredBenchmarks();
    return collector.runs;
}

double fastest(const Runs& runs, const std::string& workload, const std::string& variant)
{
    double time = std::numeric_limits<double>::infinity();
    for (const auto& run : runs)
        if (is_repetition(run) && run.benchmark_name() == full_name(workload, variant))
            time =
                std::min(time, run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit));
    return std::isfinite(time) ? time : std::numeric_limits<double>::quiet_NaN();
}

void write_json(std::ostream& out, const Runs& runs)
{
    benchmark::JSONReporter reporter;
    reporter.SetOutputStream(&out);
    reporter.SetErrorStream(&out);
    reporter.ReportContext({});
    reporter.ReportRuns(runs);
    reporter.Finalize();
}

}  // namespace scalars
