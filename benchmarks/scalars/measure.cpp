#include "measure.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

namespace scalars {

namespace {

/// One timing of a variant lasts at least this long, so that the clock's resolution does not matter.
constexpr double shortest_timing = 4e-3;

/// Of a difference, relative to the value or to the gradient's largest component: sums in another order, and
/// products fused with sums, round differently.
constexpr double tolerance = 1e-12;

/// Of `calls` calls, after one that brings the variant's memory back into the caches.
double seconds(const Variant& variant, std::size_t calls)
{
    variant.repeat(1);
    const auto start = std::chrono::steady_clock::now();
    variant.repeat(calls);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::size_t calls_per_timing(const Variant& variant)
{
    std::size_t calls = 1;
    while (seconds(variant, calls) < shortest_timing) calls *= 2;
    return calls;
}

double largest(const Numbers& x)
{
    double size = 0;
    for (const double number : x) size = std::max(size, std::abs(number));
    return size;
}

}  // namespace

void require_agreement(const std::string& workload, const std::vector<Variant>& variants)
{
    const ValueAndGradient expected = variants.at(1).once();
    const auto require_close = [&](const Variant& variant, double found, double wanted, double scale) {
        if (std::abs(found - wanted) <= tolerance * scale) return;
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

std::vector<Numbers> sorted_timings(const std::vector<Variant>& variants, int repeats)
{
    std::vector<std::size_t> calls;
    for (const Variant& variant : variants) calls.push_back(calls_per_timing(variant));
    std::vector<Numbers> timings(variants.size());
    for (int repeat = 0; repeat < repeats; ++repeat)
        for (std::size_t v = 0; v < variants.size(); ++v)
            timings[v].push_back(seconds(variants[v], calls[v]) / static_cast<double>(calls[v]));
    for (Numbers& of_variant : timings) std::ranges::sort(of_variant);
    return timings;
}

}  // namespace scalars
