#include "options.hpp"

#include <boost/program_options.hpp>

#include <iostream>

namespace scalars {

namespace {

constexpr const char* introduction =
    R"(Times the gradients of nine scalar workloads, after checking that all variants compute the same:
  primal      the function itself in plain double
  hand        its adjoint derived by hand
  plain       the same code as the primal, differentiated by this library
  structured  code with the library's scoped sweeps and array calls, for workloads that have it
and the other libraries that CMake has found: ADOL-C on its own, and CoDiPack, XAD, Adept and CppAD where
ADJOINT_CODIPACK_DIR, ADJOINT_XAD_DIR, ADJOINT_ADEPT_DIR and ADJOINT_CPPAD_DIR say (see docs/benchmarks.md).

./dev bench scalar runs two builds, -O3 -march=native and -O2, and without arguments writes the tables into
the documentation's source, too. With --json it runs only the former, whose times go to the file.

)";

}  // namespace

bool parse(int argc, char** argv, Options& options)
{
    namespace po = boost::program_options;
    using po::command_line_style::allow_guessing, po::command_line_style::unix_style;
    po::options_description description("Options", 100);
    description.add_options()("help,h", "show this text and exit")(
        "filter", po::value(&options.filter)->value_name("TEXT"),
        "only workloads whose name contains this text")(
        "repeats", po::value(&options.repeats)->value_name("N")->default_value(options.repeats),
        "timings of each variant, in random order, of which the fastest is shown; at least 5")(
        "json", po::value(&options.json)->value_name("FILE"),
        "write Google Benchmark's JSON to FILE: entries scalar/WORKLOAD/VARIANT for each timing, the fastest "
        "last, then their statistics, of which scalar/WORKLOAD/VARIANT_min is the fastest again")(
        "markdown", po::value(&options.markdown)->value_name("FILE"),
        "append the table to FILE, as the documentation has it");
    po::variables_map values;
    po::store(po::command_line_parser(argc, argv)
                  .options(description)
                  .style(unix_style & ~allow_guessing)
                  .positional({})  // refuses others
                  .run(),
              values);
    po::notify(values);
    if (values.count("help") != 0) {
        std::cout << introduction << description;
        return false;
    }
    if (options.repeats < 5) throw po::error("--repeats must be at least 5");
    return true;
}

}  // namespace scalars
