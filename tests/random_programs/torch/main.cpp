// Random programs of ops on this library and on libtorch: values and gradients must be the same to 1e-10.
//
//     random_programs_torch COUNT SEED

#include <random_programs/derivatives.hpp>
#include <random_programs/generate.hpp>
#include <random_programs/print.hpp>
#include <random_programs/torch/interpret.hpp>

#include <c10/util/Exception.h>
#include <fmt/core.h>

#include <cmath>
#include <set>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// Relative to the largest of them, or to 1.
double error(const Vector& actual, const Vector& expected)
{
    double most = 0, scale = 1;
    for (const double x : expected) scale = std::max(scale, std::abs(x));
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const double apart = std::abs(actual[i] - expected[i]);
        most = std::isnan(apart) ? HUGE_VAL : std::max(most, apart);
    }
    return most / scale;
}

/// Nothing if libtorch does not take a shape that this library takes, an empty one in most cases, or has
/// another value there (ops.cpp).
std::optional<TorchResult> on_torch(const std::vector<Row>& rows, const Case& of)
{
    try {
        return run_on_torch(rows, of);
    } catch (const c10::Error& error) {
        fmt::print(stderr, "refused: {}\n", error.what_without_backtrace());
        return {};
    }
}

}  // namespace

int main(int argc, char** argv)
{
    const std::uint64_t count = argc > 1 ? std::stoull(argv[1]) : 1000,
                        first = argc > 2 ? std::stoull(argv[2]) : 1;
    const std::vector<Row> rows = rows_of_torch();
    const Mode mode{rows};
    double worst = 0;
    std::size_t failures = 0, refused = 0;
    std::set<std::size_t> used;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        Random random(seed);
        const Case made = random_case(rows, {.of_tensors = true, .only_ops = true}, random);
        for (const Statement& statement : made.program.statements) used.insert(statement.row);
        Vector x;
        for (const Input& input : made.inputs) x.insert(x.end(), input.values.begin(), input.values.end());
        const auto theirs = on_torch(rows, made);
        if (!theirs) {
            ++refused;
            continue;
        }
        const auto ours = derivatives(made);
        const double apart = std::max(error({ours->value(mode, x)}, {theirs->value}),
                                      error(ours->gradient(mode, x), theirs->gradient));
        worst = std::max(worst, apart);
        if (apart <= 1e-10) continue;
        ++failures;
        fmt::print(stderr, "seed {}: {:.1e} apart\n{}", seed, apart,
                   printed_function(rows, RowSources(), made));
    }
    fmt::print(
        "{} programs of {} rows of the op table: values and gradients agree to {:.1e}; {} more it cannot "
        "compute (`tests/random_programs/torch` says why)\n",
        count - refused, used.size(), worst, refused);
    return failures == 0 && refused < count / 20 ? 0 : 1;
}
