// Every op, through every check: see op_table.hpp. The worst errors go to op_errors.md in the working
// directory.

#include <autodiff/ops/elementwise_rules.hpp>
#include <support/op_checks.hpp>

#include <fmt/format.h>
#include <fmt/os.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

struct PrintAccount {
    ~PrintAccount()
    {
        fmt::print("op_table: {}\n", account().summary("op", op_table().size()));
        fmt::output_file("op_errors.md").print("{}", account().markdown("op"));
    }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(PrintAccount);

BOOST_AUTO_TEST_CASE(every_elementwise_rule_has_a_row)
{
    const auto require_row = [](const auto& rule) {
        const auto is_of_rule = [&](const Row& row) { return row.op == rule.name && row.has_scalars(); };
        BOOST_TEST(std::ranges::any_of(op_table(), is_of_rule), "the op table has no row for " << rule.name);
    };
    std::apply([&](const auto&... rule) { (require_row(rule), ...); }, elementwise_rules);
}

BOOST_AUTO_TEST_CASE(scalars_have_right_derivatives)
{
    Random random(1);
    for (const Row& row : op_table())
        if (row.has_scalars()) check_scalars(row, random);
    account().report();
}

BOOST_AUTO_TEST_CASE(tensors_have_right_derivatives)
{
    Random random(2);
    for (const Row& row : op_table())
        for (const Shapes& shapes : row.shapes) check_tensors(row, shapes, random);
    account().report();
}
