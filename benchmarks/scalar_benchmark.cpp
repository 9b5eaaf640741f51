// What a gradient of numbers costs, in evaluations of the function: nine workloads, each as plain code, with
// its adjoint derived by hand, and differentiated by this library and by others. Only ratios of one run can
// be compared.

#include "scalars/count_ops.hpp"
#include "scalars/measure.hpp"
#include "scalars/options.hpp"
#include "scalars/peers/peers.hpp"
#include "scalars/table.hpp"
#include "scalars/workloads.hpp"

#include <autodiff/autodiff.hpp>

#include <fmt/core.h>
#include <fmt/ostream.h>
#include <boost/program_options.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace scalars;

namespace po = boost::program_options;

namespace {

const std::vector<peers::Peer*> found_peers{SCALAR_PEERS};

double write_gradient(const auto& f, const Numbers& x, Numbers& x_bar)
{
    const auto [value, gradient] = autodiff::value_and_gradient(f, x);
    std::copy(gradient.begin(), gradient.end(), x_bar.begin());
    return value;
}

/// The library: plain code and, for workloads that have it, code with scoped sweeps and array calls.
template <Workload W>
std::vector<Variant> own_variants(W& w)
{
    using X = autodiff::Scalar<double>;
    std::vector<Variant> variants;
    const auto add = [&](const char* name, const auto& f) {
        variants.push_back(variant(name, w.point.size(),
                                   [&w, f](Numbers& x_bar) { return write_gradient(f, w.point, x_bar); }));
    };
    add("plain", [&w](const std::vector<X>& x) { return w(x); });
    if constexpr (requires(const std::vector<X>& x) { structured(w, x); })
        add("structured", [&w](const std::vector<X>& x) { return structured(w, x); });
    return variants;
}

template <Workload W>
std::vector<Variant> variants_of(W& w)
{
    std::vector<Variant> variants = reference_variants(w);
    std::ranges::move(own_variants(w), std::back_inserter(variants));
    for (peers::Peer* peer : found_peers) std::ranges::move(peer(&w), std::back_inserter(variants));
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

Table table_for(const std::vector<Variant>& variants)
{
    Table table{{"hand", "plain", "structured"}, 3, {}};
    for (const Variant& variant : variants)
        if (variant.name != "primal" && std::ranges::count(table.columns, variant.name) == 0)
            table.columns.push_back(variant.name);
    return table;
}

/// Checks and times the variants, which end before those of the next workload begin: to some libraries,
/// inputs that are alive are a burden.
template <Workload W>
void measure(W& w, Table& table, Runs& runs)
{
    const std::vector<Variant> variants = variants_of(w);
    require_agreement(W::name, variants);
    std::ranges::move(time_variants(W::name, variants), std::back_inserter(runs));
    if (table.rows.empty()) {
        table = table_for(variants);
        table.print_head();
    }
    Row row{W::name, fastest(runs, W::name, "primal"), {}, tape_bytes(w) / count_ops(w)};
    for (const std::string& column : table.columns)
        row.ratios.push_back(fastest(runs, W::name, column) / row.primal);
    table.rows.push_back(row);
    table.print_last_row();
}

/// "model name : Xeon" gives "Xeon".
std::string processor()
{
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    return "unknown processor";
}

std::ofstream opened(const std::string& file, std::ios::openmode mode)
{
    std::ofstream out;
    if (file.empty()) return out;
    out.open(file, mode);
    if (!out) throw po::error(fmt::format("cannot write {}", file));
    return out;
}

/// Some libraries take large arrays anew for each gradient. That the system has to clear their pages each
/// time is no cost of differentiation, so memory once taken is kept.
void keep_freed_memory()
{
#ifdef __GLIBC__
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, -1);
#endif
}

}  // namespace

int main(int argc, char** argv)
try {
    Options options;
    if (!parse(argc, argv, options)) return 0;
    std::ofstream json = opened(options.json, std::ios::out);
    std::ofstream markdown = opened(options.markdown, std::ios::app);
    keep_freed_memory();
    set_repeats(argv[0], options.repeats);
    benchmark::AddCustomContext("compiler", SCALAR_COMPILER);
    benchmark::AddCustomContext("flags", SCALAR_FLAGS);

    Table table;
    Runs runs;
    for_each_workload([&]<Workload W>(W& w) {
        if (std::string_view(W::name).find(options.filter) != std::string_view::npos) measure(w, table, runs);
    });
    if (runs.empty()) throw po::error(fmt::format("no workload's name contains '{}'", options.filter));
    if (json.is_open()) write_json(json, runs);
    if (markdown.is_open()) {
        fmt::print(markdown, "{}, {}, `{}`, the fastest of {} repetitions:\n\n", processor(), SCALAR_COMPILER,
                   SCALAR_FLAGS, options.repeats);
        table.write_markdown(markdown);
        fmt::print(markdown, "\n");
    }
} catch (const po::error& error) {
    std::cerr << error.what() << '\n';
    return 2;
} catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
}
