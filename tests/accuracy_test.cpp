// The accuracy of every elementwise function, measured on its tensor kernel against long double: at most
// 4 ulp, as docs/accuracy.md explains.
//
// Arguments after `--`:
//
//     --points N        how many random points for each function (default 40000)
//     --markdown FILE   appends the table of the documentation

#include <accuracy/measure.hpp>
#include <autodiff/ops/elementwise_rules.hpp>

#include <fmt/format.h>
#include <fmt/os.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#if __has_include(<gnu/libc-version.h>)
#include <gnu/libc-version.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <string_view>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// What follows `name` in the arguments, or null.
const char* argument(std::string_view name)
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    for (int i = 1; i + 1 < suite.argc; ++i)
        if (suite.argv[i] == name) return suite.argv[i + 1];
    return nullptr;
}

std::vector<MeasuredFunction> functions()
{
    std::vector<MeasuredFunction> result;
    for (auto family : {elementary_functions, activation_functions, arithmetic_functions})
        for (MeasuredFunction& function : family()) result.push_back(std::move(function));
    return result;
}

std::string at(const WorstError& error)
{
    return error.at.empty() ? "" : fmt::format("{:.9g}", fmt::join(error.at, ", "));
}

/// What the figures depend on: the instruction set, and whose functions are called.
std::string platform()
{
    std::string name = "SSE2";
    if (instruction_set() == InstructionSet::avx512) name = "AVX-512";
    if (instruction_set() == InstructionSet::avx2) name = "AVX2";
#if __has_include(<gnu/libc-version.h>)
    name += fmt::format(", glibc {}", gnu_get_libc_version());
#endif
    return name;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_elementwise_rule_is_measured)
{
    const auto all = functions();
    const auto require = [&](const auto& rule) {
        const auto is_of_rule = [&](const MeasuredFunction& f) { return f.name == rule.name; };
        BOOST_TEST((rule.name == chain_product_rule.name || std::ranges::any_of(all, is_of_rule)),
                   "there is no measured function " << rule.name);
    };
    std::apply([&](const auto&... rule) { (require(rule), ...); }, elementwise_rules);
}

BOOST_AUTO_TEST_CASE(errors_are_counted_in_units_of_the_exact_value)
{
    using Limits = std::numeric_limits<double>;
    BOOST_TEST(error_in_ulps(1.0, 1.0L + 0x1p-53L) == 0.5);
    BOOST_TEST(error_in_ulps(0x1p-1074, 0x1.8p-1073L) == 2);
    BOOST_TEST(error_in_ulps(0.0, 0x1p-1075L) == 0.5);
    BOOST_TEST(error_in_ulps(Limits::infinity(), 0x1p2000L) == 0);
    BOOST_TEST(error_in_ulps(Limits::max(), 0x1p2000L) == 1);
    BOOST_TEST(error_in_ulps(-Limits::infinity(), static_cast<long double>(-Limits::max())) == 1);
    BOOST_TEST(error_in_ulps(Limits::quiet_NaN(), 0) == Limits::infinity());
}

BOOST_AUTO_TEST_CASE(every_elementwise_function_is_within_its_bound)
{
    static_assert(std::numeric_limits<long double>::digits >= 64, "a higher precision than double");
    const char* points = argument("--points");
    const std::size_t count = points ? std::strtoul(points, nullptr, 10) : 40000;
    std::string table = fmt::format(
        "{}, {} random points for each function:\n\n| Function | Domain | double, ulp | at | float, ulp | at "
        "|\n"
        "|---|---|--:|---|--:|---|\n",
        platform(), count);
    for (const MeasuredFunction& function : functions()) {
        const WorstError in_double = worst_error<double>(function, count);
        const WorstError in_float = worst_error<float>(function, count);
        BOOST_TEST(in_double.ulps <= function.bound,
                   function.name << " of double: " << in_double.ulps << " ulp at " << at(in_double));
        BOOST_TEST(in_float.ulps <= function.bound,
                   function.name << " of float: " << in_float.ulps << " ulp at " << at(in_float));
        table += fmt::format("| {} | {} | {:.2f} | {} | {:.2f} | {} |\n", function.name, function.domain,
                             in_double.ulps, at(in_double), in_float.ulps, at(in_float));
    }
    if (const char* path = argument("--markdown"))
        fmt::output_file(path, fmt::file::WRONLY | fmt::file::CREATE | fmt::file::APPEND)
            .print("{}\n", table);
}
