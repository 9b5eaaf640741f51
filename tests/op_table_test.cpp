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

std::size_t wrong_signs = 0;

struct PrintAccount {
    ~PrintAccount()
    {
        fmt::print("op_table: {} {} derivatives of a wrong sign, all noticed.\n",
                   account().summary("op", op_table().size()), wrong_signs);
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

namespace {

/// x with a derivative of -1.
constexpr auto wrong_sign =
    elementwise("wrong_sign", [](auto x) { return x; }, [](auto, auto x) { return constant_like(x, -1); });

/// The row that is made wrong, and the argument whose derivative is.
const Row* original = nullptr;
std::size_t wrong_argument = 0;

template <class X>
X with_wrong_sign(std::span<const X> x)
{
    std::vector<X> arguments(x.begin(), x.end());
    arguments[wrong_argument] = lift<X>(wrong_sign(arguments[wrong_argument]));
    return std::get<FunctionOn<X>>(original->functions)(arguments);
}

Row with_wrong_sign(const Row& row)
{
    Row wrong = row;
    std::apply(
        []<class... X>(FunctionOn<X>&... function) {
            ((function = function ? &with_wrong_sign<X> : nullptr), ...);
        },
        wrong.functions);
    return wrong;
}

/// Whether the checks find a failure in the wrong row and none in the right one, at the same points.
bool only_wrong_is_noticed(const Row& right, const Row& wrong, auto check)
{
    for (std::uint64_t seed = 1; seed < 10; ++seed) {
        Random random(seed), again(seed);
        const bool is_right = failures_of([&] { check(right, random); }).empty();
        if (!is_right) continue;  // a difference is too inaccurate there
        return !failures_of([&] { check(wrong, again); }).empty();
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_wrong_sign_in_any_derivative_is_noticed)
{
    const auto size = [](const Shapes& shapes) {
        Index elements = 1;
        for (const Shape& shape : shapes) elements *= shape.element_count();
        return elements;
    };
    for (const Row& row : op_table()) {
        original = &row;
        const Row wrong = with_wrong_sign(row);
        const Shapes& shapes = *std::ranges::max_element(row.shapes, {}, size);
        for (wrong_argument = 0; wrong_argument < row.domains.size(); ++wrong_argument) {
            const bool is_condition = row.op == "where" && wrong_argument == 0;
            if (is_condition || row.variant == "nothing") continue;  // which have no derivative
            ++wrong_signs;
            const auto name = row.op + " " + row.variant + ", argument " + std::to_string(wrong_argument);
            if (row.has_scalars())
                BOOST_TEST(only_wrong_is_noticed(
                               row, wrong, [](const Row& r, Random& random) { check_scalars(r, random); }),
                           name);
            BOOST_TEST(
                only_wrong_is_noticed(
                    row, wrong, [&](const Row& r, Random& random) { check_tensors(r, shapes, random); }),
                name << " of tensors");
        }
    }
}
