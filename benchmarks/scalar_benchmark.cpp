// What a gradient of numbers costs, in evaluations of the function: nine workloads, each as plain code, with
// its adjoint derived by hand, and differentiated by the library. Only ratios of one run can be compared.

#include "scalars/count_ops.hpp"
#include "scalars/measure.hpp"
#include "scalars/workloads.hpp"

#include <autodiff/autodiff.hpp>

#include <fmt/core.h>
#include <boost/program_options.hpp>

#include <algorithm>
#include <iostream>

using namespace scalars;

namespace {

struct Options {
    std::string filter;
    int repeats = 15;
    bool fastest = false;
};

double write_gradient(const auto& f, const Numbers& x, Numbers& x_bar)
{
    const auto [value, gradient] = autodiff::value_and_gradient(f, x);
    std::copy(gradient.begin(), gradient.end(), x_bar.begin());
    return value;
}

/// The references, then the library: plain code and, for workloads that have them, code with scoped sweeps
/// and with array primitives: functions `scoped(w, x)` and `arrays(w, x)` beside the workload.
template <Workload W>
std::vector<Variant> variants_of(W& w)
{
    using X = autodiff::Scalar<double>;
    std::vector<Variant> variants = reference_variants(w);
    const auto add = [&](const char* name, const auto& f) {
        variants.push_back(variant(name, w.point.size(),
                                   [&w, f](Numbers& x_bar) { return write_gradient(f, w.point, x_bar); }));
    };
    add("plain", [&w](const std::vector<X>& x) { return w(x); });
    if constexpr (requires(const std::vector<X>& x) { structured(w, x); })
        add("structured", [&w](const std::vector<X>& x) { return structured(w, x); });
    return variants;
}

/// What plain code records, with an adjoint for each statement.
template <Workload W>
double tape_bytes(const W& w)
{
    using X = autodiff::Scalar<double>;
    std::size_t bytes = 0;
    autodiff::gradient(
        [&](const std::vector<X>& x) {
            const X y = w(x);
            const auto& tape = *autodiff::recorder<X::Space>.tape;
            bytes = tape.bytes() + tape.size() * sizeof(double);
            return y;
        },
        w.point);
    return static_cast<double>(bytes);
}

constexpr std::string_view columns[] = {"hand", "plain", "structured"};

void print_head()
{
    fmt::print("{:<18}{:>12}", "gradient / primal", "primal, µs");
    for (const std::string_view column : columns) fmt::print("{:>9}", column);
    fmt::print("{:>10}\n", "bytes/op");
}

void print_row(const char* workload, const std::vector<Variant>& variants, const Numbers& times, double bytes)
{
    fmt::print("{:<18}{:>12.3g}", workload, 1e6 * times[0]);
    for (const std::string_view column : columns) {
        const auto found = std::ranges::find(variants, column, &Variant::name);
        if (found == variants.end()) fmt::print("{:>9}", "-");
        else fmt::print("{:>9.1f}", times[static_cast<std::size_t>(found - variants.begin())] / times[0]);
    }
    fmt::print("{:>10.1f}\n", bytes);
    std::fflush(stdout);
}

/// False if only the help was wanted.
bool parse(int argc, char** argv, Options& options)
{
    namespace po = boost::program_options;
    po::options_description description("Options");
    description.add_options()("help,h", "show this text and exit")(
        "filter", po::value(&options.filter), "only workloads whose name contains this text")(
        "repeats", po::value(&options.repeats)->default_value(options.repeats),
        "timings of each variant, of which the median is shown")(
        "fastest", po::bool_switch(&options.fastest),
        "show the fastest timing instead of the median: on a busy machine");
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, description), values);
    po::notify(values);
    if (options.repeats < 1) throw po::error("--repeats must be at least 1");
    if (values.count("help") == 0) return true;
    std::cout << "Times the gradients of nine scalar workloads.\n\n" << description;
    return false;
}

}  // namespace

int main(int argc, char** argv)
try {
    Options options;
    if (!parse(argc, argv, options)) return 0;
    const auto is_wanted = [&](std::string_view name) { return name.find(options.filter) != name.npos; };
    for_each_workload([&]<Workload W>(W& w) {
        if (is_wanted(W::name)) require_agreement(W::name, variants_of(w));
    });
    print_head();
    for_each_workload([&]<Workload W>(W& w) {
        if (!is_wanted(W::name)) return;
        const std::vector<Variant> variants = variants_of(w);
        Numbers times;
        for (const Numbers& timings : sorted_timings(variants, options.repeats))
            times.push_back(timings[options.fastest ? 0 : timings.size() / 2]);
        print_row(W::name, variants, times, tape_bytes(w) / count_ops(w));
    });
} catch (const boost::program_options::error& error) {
    std::cerr << error.what() << '\n';
    return 2;
} catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
}
