// Anomalies of numbers.

#include <anomalies/anomaly.hpp>

#include <autodiff/autodiff.hpp>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(a_function_of_few_numbers_is_told_of_op_by_op)
{
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const auto& x, const auto& w) {
                line = this_line() + 1;
                auto y = log(x - 1.0) * w;
                return y + x;
            },
            0.5, 2.0);
    });
    check_text(text, "log: its value is nan, although what it is computed from is finite: argument 0 is -0.5",
               line);
}

BOOST_AUTO_TEST_CASE(a_derivative_of_few_numbers_is_told_of)
{
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const auto& x, const auto& w) {
                line = this_line() + 1;
                auto y = w + sqrt(x);
                return y * w;
            },
            0.0, 2.0);
    });
    check_text(
        text,
        "sqrt: the derivative with respect to argument 0 is not finite (partial inf), although what it is "
        "computed from is finite: argument 0 is 0",
        line);
}

BOOST_AUTO_TEST_CASE(a_statement_is_told_of_with_its_variables_and_partials)
{
    const std::vector<double> x{0.5, 2};
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const std::vector<Scalar<>>& v) {
                line = this_line() + 1;
                const Scalar<> y = log(v[0] - 1.0) * v[1];
                return y + v[0];
            },
            x);
    });
    BOOST_TEST(text.starts_with(
                   "multiply: the value of this statement is nan, although the variables in it are "
                   "finite: variable 0 is 0.5 (partial -4), variable 1 is 2 (partial nan); recorded in"),
               text);
    check_line(text, line);
}

BOOST_AUTO_TEST_CASE(an_adjoint_of_a_statement_is_told_of_by_the_line_that_recorded_it)
{
    const std::vector<double> x{0, 2};
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const auto& v) {
                line = this_line() + 1;
                const Scalar<> y = v[1] + sqrt(v[0]);
                return y * 3.0;
            },
            x);
    });
    BOOST_TEST(text.starts_with(
                   "add: the adjoint of variable 1 of this statement is inf, although that of its value "
                   "is 3 and all it is computed from is finite: the variable is 0, the partial inf;"),
               text);
    check_line(text, line);
}

BOOST_AUTO_TEST_CASE(an_expression_with_a_name_is_told_of_by_the_line_of_its_first_use)
{
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const auto& v) {
                auto y = log(v[0] * 0.0);
                line = this_line() + 1;
                auto z = y * v[0];
                return z;
            },
            std::vector<double>{1});
    });
    BOOST_TEST(text.starts_with("log: the value of this statement is -inf"), text);
    check_line(text, line);
}

BOOST_AUTO_TEST_CASE(a_statement_within_a_long_recording_is_looked_at_however_many_there_are)
{
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const std::vector<Scalar<>>& v) {
                Scalar<> s = v[0];
                for (int i = 0; i < 5000; ++i) {
                    line = this_line() + 1;
                    const Scalar<> t = 1.0 / (s - 4000.0);
                    s += 1.0 + 0.0 * t;
                }
                return s;
            },
            std::vector<double>{0});
    });
    BOOST_TEST(text.starts_with("divide: the value of this statement is inf"), text);
    check_line(text, line);
}

BOOST_AUTO_TEST_CASE(sums_that_extend_a_statement_are_looked_at)
{
    const auto f = [](const std::vector<Scalar<>>& v) {
        Scalar<> s = v[0];
        for (int i = 0; i < 4; ++i) s += v[0] * 1.0;
        return s * 1.0;
    };
    const std::string text = anomaly([&] { gradient(f, std::vector<double>{1e308}); });
    BOOST_TEST(text.find("is inf, although the variables in it are finite") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_sum_that_was_begun_before_is_looked_at)
{
    gradient(
        [](const std::vector<Scalar<>>& v) {
            Scalar<> s = v[0];
            s += v[0];
            const DetectAnomalies scope;
            const std::string text = error_text<AnomalyError>([&] { s += v[1]; });
            BOOST_TEST(text.starts_with("add: the value of this statement is inf"), text);
            return s;
        },
        std::vector<double>{1e308, 1e308});
}

BOOST_AUTO_TEST_CASE(parts_and_blocks_of_numbers_are_told_of)
{
    const std::vector<double> x{0, 1e200};
    const auto term = [](std::size_t, const auto& a) { return 1.0 / a; };
    BOOST_TEST(anomaly([&] {
                   gradient([&](const auto& v) { return sum_over(2, term, v[0]) * 1.0; }, x);
               }).find("part (sum_over, preaccumulate, sum, dot, …): the value of this statement is inf") ==
               0);
    BOOST_TEST(anomaly([&] {
                   gradient([&](const auto& v) { return dot(v, v) * 1.0; }, x);
               }).find("part (sum_over, preaccumulate, sum, dot, …): the value of this statement is inf") ==
               0);
    BOOST_TEST(anomaly([&] {
                   gradient(
                       [](const auto& v) {
                           const auto each =
                               map_over(2, [](std::size_t, const auto& a) { return 1.0 / a; }, v[0]);
                           return each[0] + each[1];
                       },
                       x);
               }).find("block (sum, dot, matmul, map_over, …): the value of this statement is inf") == 0);
}

BOOST_AUTO_TEST_CASE(an_adjoint_that_a_block_makes_is_told_of)
{
    const auto root = [](std::size_t, const auto& a) { return sqrt(a); };
    int line = 0;
    const std::string text = anomaly([&] {
        gradient(
            [&](const auto& v) {
                line = this_line() + 1;
                const auto roots = map_over(2, root, v[0]);
                return roots[0] * 1.0;
            },
            std::vector<double>{0, 1});
    });
    BOOST_TEST(
        text.starts_with("block (sum, dot, matmul, map_over, …): the adjoint of number 0 of its arguments is "
                         "inf; recorded in "),
        text);
    check_line(text, line);
}

// A sum that is extended writes no statement that could be looked at, and leaves room for one that is not.
BOOST_AUTO_TEST_CASE(sums_and_what_follows_them_are_looked_at)
{
    using S = Scalar<double>;
    const auto told = [](const auto& f, std::vector<double> x) { return anomaly([&] { gradient(f, x); }); };
    BOOST_TEST(told(
                   [](const std::vector<S>& v) {
                       const S constant = 2;
                       S sum = v[0];
                       sum += v[0];
                       sum += constant * v[0];
                       const S y = 1e10 * v[1];
                       return S(sum + y);
                   },
                   {1, 1e308})
                   .starts_with("multiply: the value of this statement is inf"));
    BOOST_TEST(told(
                   [](const std::vector<S>& v) {
                       S sum = v[0];
                       sum += v[1];
                       sum += v[1];
                       return sum;
                   },
                   {1, 1e308})
                   .starts_with("add: the value of this statement is inf"));
    BOOST_TEST(told(
                   [](const std::vector<S>& v) {
                       const S z = dot(v, std::vector{0.0, 0.0});
                       const S y = log(v[1]);
                       return S(y + z);
                   },
                   {1, 0})
                   .starts_with("log: the value of this statement is -inf"));
}
