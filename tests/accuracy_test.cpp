// The accuracy of every op, measured against long double, as docs/accuracy.md explains: elementwise functions
// are within 4 ulp, on their tensor kernels and on numbers; the others within a bound that follows from their
// algorithm.
//
// Arguments after `--`:
//
//     --points N        how many random points for each function, and elements for each op (default 40000)
//     --markdown FILE   appends the tables of the documentation

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
#include <set>
#include <string_view>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

static_assert(std::numeric_limits<long double>::digits >= 64, "a higher precision than double");

/// What follows `name` in the arguments, or null.
const char* argument(std::string_view name)
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    for (int i = 1; i + 1 < suite.argc; ++i)
        if (suite.argv[i] == name) return suite.argv[i + 1];
    return nullptr;
}

/// All members of all families.
template <class Row>
std::vector<Row> rows_of(std::initializer_list<std::vector<Row> (*)()> families)
{
    std::vector<Row> result;
    for (auto family : families)
        for (Row& row : family()) result.push_back(std::move(row));
    return result;
}
std::vector<MeasuredFunction> functions()
{
    return rows_of({elementary_functions, activation_functions, arithmetic_functions});
}
std::vector<MeasuredOp> ops()
{
    return rows_of(
        {measured_reductions, measured_products, measured_linear_algebra, measured_images, measured_ranges});
}

std::size_t point_count()
{
    const char* points = argument("--points");
    return points ? std::strtoul(points, nullptr, 10) : 40000;
}

void publish(const std::string& table)
{
    if (const char* path = argument("--markdown"))
        fmt::output_file(path, fmt::file::WRONLY | fmt::file::CREATE | fmt::file::APPEND)
            .print("{}\n", table);
}

std::string at(const WorstError& error)
{
    return error.at.empty() ? "" : fmt::format("{:.9g}", fmt::join(error.at, ", "));
}

/// What the figures depend on: the instruction set of the kernels, and whose functions are called.
std::string instructions()
{
    if (instruction_set() == InstructionSet::avx512) return "AVX-512";
    return instruction_set() == InstructionSet::avx2 ? "AVX2" : "SSE2";
}
std::string library()
{
#if __has_include(<gnu/libc-version.h>)
    return fmt::format(", glibc {}", gnu_get_libc_version());
#else
    return "";
#endif
}

/// Every elementwise function on tensors or on scalars.
template <template <class> class X>
void check_functions(const std::string& where)
{
    const std::size_t count = point_count();
    const std::vector<MeasuredFunction> all = functions();
    std::string table = fmt::format(
        "{}{}, {} random points for each function:\n\n| Function | Domain | double, ulp | at | float, ulp | "
        "at "
        "|\n"
        "|---|---|--:|---|--:|---|\n",
        where, library(), count);
    double worst = 0;
    for (const MeasuredFunction& function : all) {
        const WorstError in_double = worst_error<X<double>>(function, count);
        const WorstError in_float = worst_error<X<float>>(function, count);
        BOOST_TEST(in_double.ulps <= function.bound,
                   function.name << " of double: " << in_double.ulps << " ulp at " << at(in_double));
        BOOST_TEST(in_float.ulps <= function.bound,
                   function.name << " of float: " << in_float.ulps << " ulp at " << at(in_float));
        table += fmt::format("| {} | {} | {:.2f} | {} | {:.2f} | {} |\n", function.name, function.domain,
                             in_double.ulps, at(in_double), in_float.ulps, at(in_float));
        worst = std::max({worst, in_double.ulps, in_float.ulps});
    }
    publish(table);
    fmt::print("accuracy: {} rows of functions, {:.2f} ulp at worst\n", all.size(), worst);
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

BOOST_AUTO_TEST_CASE(every_op_that_computes_is_measured)
{
    // Their results are elements of their arguments, or a user's formula.
    const std::set<std::string_view> copies = {
        "broadcast_to", "concatenate", "diagonal",       "diagonal_matrix", "flatten",
        "flip",         "gather",      "lower_triangle", "max_pool2d",      "pad",
        "permute",      "reshape",     "select",         "slice",           "sort",
        "split",        "split_sizes", "squeeze",        "stack",           "swap_axes",
        "take",         "topk",        "transpose",      "unsqueeze",       "upper_triangle",
        "where",        "one_hot",     "elementwise",    "chain_product"};
    const auto all_functions = functions();
    const auto all_ops = ops();
    for (const Row& row : op_table()) {
        const bool is_measured =
            std::ranges::any_of(all_functions, [&](const auto& f) { return f.name == row.op; }) ||
            std::ranges::any_of(all_ops, [&](const auto& op) { return op.op == row.op; });
        BOOST_TEST(is_measured != copies.contains(row.op), "there is no measured op " << row.op);
    }
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
    BOOST_TEST(error_in_ulps(0x1p-52, 0, 1) == 1);
    BOOST_TEST(error_in_ulps(0x1p-52, 0, 2) == 0.5);
}

BOOST_AUTO_TEST_CASE(elementwise_functions_of_tensors_are_within_their_bounds)
{
    check_functions<Tensor>(instructions());
}

BOOST_AUTO_TEST_CASE(elementwise_functions_of_numbers_are_within_their_bounds)
{
    check_functions<Scalar>("Numbers");
}

BOOST_AUTO_TEST_CASE(other_ops_of_tensors_are_within_their_bounds)
{
    const std::size_t count = point_count();
    const std::vector<MeasuredOp> all = ops();
    std::string table = fmt::format(
        "{}, {} random elements for each row:\n\n| Op | Arguments | Relative to | Bound | double | float |\n"
        "|---|---|---|--:|--:|--:|\n",
        instructions(), count);
    double worst = 0;
    for (const MeasuredOp& op : all) {
        std::string arguments = fmt::format("{}", fmt::join(op.shapes, " "));
        if (!op.variant.empty()) arguments += ", " + op.variant;
        const double in_double = worst_error<double>(op, count), in_float = worst_error<float>(op, count);
        BOOST_TEST(in_double <= op.bound,
                   op.op << " of double, " << arguments << ": " << in_double << " ulp");
        BOOST_TEST(in_float <= op.bound, op.op << " of float, " << arguments << ": " << in_float << " ulp");
        table += fmt::format("| {} | {} | {} | {:.1f} | {:.2f} | {:.2f} |\n", op.op, arguments,
                             op.relative_to, op.bound, in_double, in_float);
        worst = std::max({worst, in_double / op.bound, in_float / op.bound});
    }
    publish(table);
    fmt::print("accuracy: {} rows of other ops, {:.0f} % of the bound at worst\n", all.size(), 100 * worst);
}
