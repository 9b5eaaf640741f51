// Right values and derivatives at the edges: see edge_values/edge_table.hpp. No finite value has a derivative
// that is not a number where the true one, or the one that docs/ops.md chooses at a kink, is finite.
//
//     edge_values_test -- FILE      also writes the table, for the documentation

#include <edge_values/edge_table.hpp>

#include <fmt/format.h>
#include <fmt/os.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace autodiff::tests;

namespace {

/// Equal to a few roundings, relative to the number itself. Numbers below the smallest normal one may be
/// zero.
bool is_near(double actual, double expected, bool in_float)
{
    if (std::isnan(expected)) return std::isnan(actual);
    if (std::isinf(expected)) return actual == expected;
    const double rounding = in_float ? 0x1p-24 : 0x1p-53;
    const double smallest = in_float ? 0x1p-126 : 0x1p-1022;
    return std::abs(actual - expected) <= 16 * rounding * std::abs(expected) + smallest;
}

void check(const Edge& edge, const Point& point, bool in_float)
{
    const auto require = [&](const Answer& answer, const char* what, double actual, double expected) {
        BOOST_TEST(
            is_near(actual, expected, in_float),
            fmt::format("{} at {} ({}): {} of {} in {} is {}, not {}", edge.op, fmt::join(point.at, ", "),
                        point.reason, what, answer.how, in_float ? "float" : "double", actual, expected));
    };
    for (const Answer& answer : edge.answers(point.at, in_float)) {
        require(answer, "the value", answer.value, point.value);
        BOOST_TEST_REQUIRE(answer.slopes.size() == point.slopes.size());
        for (std::size_t k = 0; k < point.slopes.size(); ++k)
            require(answer, "a derivative", answer.slopes[k], point.slopes[k]);
    }
}

std::string number(double x)
{
    if (std::isinf(x)) return x > 0 ? "∞" : "-∞";
    return std::isnan(x) ? "NaN" : fmt::format("{:.6g}", x);
}

std::string numbers(const std::vector<double>& all)
{
    std::vector<std::string> texts;
    for (const double x : all) texts.push_back(number(x));
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string markdown()
{
    std::string text = "| Op | At | Value | Derivatives | Why |\n|---|---|---|---|---|\n";
    for (const Edge& edge : edge_table())
        for (const Point& point : edge.points)
            text += fmt::format("| `{}` | {} | {} | {} | {} |\n", edge.op, numbers(point.at),
                                number(point.value), numbers(point.slopes), point.reason);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(values_and_derivatives_at_the_edges_are_right)
{
    std::size_t points = 0;
    for (const Edge& edge : edge_table())
        for (const Point& point : edge.points) {
            ++points;
            if (point.in != In::only_float) check(edge, point, false);
            if (point.in != In::only_double) check(edge, point, true);
        }
    fmt::print("edge_values: {} rows\n", points);
    BOOST_TEST(points >= 200U);
}

BOOST_AUTO_TEST_CASE(the_table_is_written_where_it_is_asked_for)
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    const std::string path = suite.argc > 1 ? suite.argv[1] : "edge_values.md";
    fmt::output_file(path).print("{}", markdown());
}
