// Every transform, through every check that it has a use for: see transform_table/. The worst errors go to
// transform_errors.md in the working directory.

#include <support/op_checks.hpp>
#include <transform_table/derivatives.hpp>
#include <transform_table/rows.hpp>

#include <fmt/format.h>
#include <fmt/os.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

std::size_t rows = 0;

struct PrintAccount {
    ~PrintAccount()
    {
        fmt::print("transform_table: {}\n", account().summary("transform", rows));
        fmt::output_file("transform_errors.md").print("{}", account().markdown("transform"));
    }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(PrintAccount);

BOOST_AUTO_TEST_CASE(parts_of_functions_have_right_derivatives)
{
    Random random(1);
    for (const auto& family : {scoped_rows(), array_rows(), part_of_tensors_rows()})
        for (const Row& row : family) {
            ++rows;
            if (row.has_scalars()) check_scalars(row, random);
            for (const Shapes& shapes : row.shapes) check_tensors(row, shapes, random);
        }
    account().report();
}

BOOST_AUTO_TEST_CASE(derivatives_are_right)
{
    for (const auto& family :
         {first_derivatives(), second_derivatives(), sparse_derivatives(), replayed_derivatives()})
        for (const Derivative& derivative : family) {
            ++rows;
            check(derivative);
        }
    account().report();
}

namespace {

bool is_noticed(const Derivative& derivative, Check kind)
{
    const auto failures = failures_of([&] { check(derivative); });
    return std::ranges::find(failures, kind, &Failure::check) != failures.end();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_wrong_derivative_is_noticed)
{
    const auto wrong_sign_of_last = [](Numbers numbers) {
        numbers.back() = -numbers.back();
        return numbers;
    };
    for (const auto& family :
         {first_derivatives(), second_derivatives(), sparse_derivatives(), replayed_derivatives()})
        for (const Derivative& right : family) {
            const std::string name = right.subject.name + " " + right.subject.variant;
            Derivative wrong = right;
            wrong.result = [&](const Numbers& x) { return wrong_sign_of_last(right.result(x)); };
            for (const Check kind : {Check::differences, Check::forward, Check::single})
                BOOST_TEST(is_noticed(wrong, kind), name << ", result");
            if (!right.second_order) continue;
            wrong = right;
            wrong.second_order->gradient = [&](const Numbers& w) {
                return wrong_sign_of_last(right.second_order->gradient(w));
            };
            for (const Check kind : {Check::second_differences, Check::nested})
                BOOST_TEST(is_noticed(wrong, kind), name << ", backwards");
            wrong = right;
            wrong.second_order->tangent = [&](const Numbers& w, const Numbers& x_dot) {
                return -right.second_order->tangent(w, x_dot);
            };
            BOOST_TEST(is_noticed(wrong, Check::nested), name << ", forwards");
        }
}

BOOST_AUTO_TEST_CASE(other_results_are_right)
{
    for (const auto& [subject, agreement] : agreements()) {
        ++rows;
        compare(subject, agreement.check, agreement.actual, agreement.expected, agreement.tolerance);
    }
    account().report();
}
