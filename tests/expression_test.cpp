// Expressions and the statements they become: what is recorded, when it is extended, and that it is right.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>
#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

struct Size {
    Node statements;
    std::size_t links;
    bool operator==(const Size&) const = default;
};

/// What f records beyond its arguments.
template <class F>
Size recorded(F f, std::vector<double> x)
{
    Size size{};
    recorded_gradient(
        [&](const auto& v) {
            const auto& tape = *recorder<ScalarSpace<double>>.tape;
            const std::size_t links = tape.link_count();
            const Scalar<double> y = f(v);
            size = {static_cast<Node>(tape.size() - x.size()), tape.link_count() - links};
            return y;
        },
        x);
    return size;
}

using S = Scalar<double>;
using Variables = std::vector<S>;

}  // namespace

BOOST_AUTO_TEST_CASE(an_assignment_is_one_statement)
{
    BOOST_TEST(
        (recorded([](const Variables& x) { return sin(x[0]) * x[1] + exp(x[2]); }, {1, 2, 3}) == Size{1, 3}));
    BOOST_TEST((recorded([](const Variables& x) { return 2 * (1 - x[0]) / 3 + 4; }, {1}) == Size{1, 1}));
    BOOST_TEST((recorded([](const Variables& x) { return S(3) * 2 + x.size(); }, {1}) == Size{0, 0}));
    BOOST_TEST((recorded([](const Variables& x) { return S(3) * x[0] + S(4); }, {1}) == Size{1, 1}));
}

BOOST_AUTO_TEST_CASE(what_has_a_name_is_recorded_once_if_it_is_used)
{
    const auto f = [](const Variables& x) {
        const auto a = sin(x[0]) * x[1];  // two links
        [[maybe_unused]] const auto unused = exp(a) * 2;
        const S b = a * a;
        const S c = a + x[0];
        return b * c;
    };
    BOOST_TEST((recorded(f, {0.5, 2}).statements == 4u));
    const double a = std::sin(0.5) * 2, a_x = std::cos(0.5) * 2;
    BOOST_TEST(recorded_gradient(f, std::vector{0.5, 2.0})[0] == 2 * a * a_x * (a + 0.5) + a * a * (a_x + 1),
               boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(a_chain_of_auto_does_not_grow)
{
    const auto f = [](const Variables& x) {
        const auto a0 = x[0] * x[1];
        const auto a1 = a0 + a0 * 0.5, a2 = a1 + a1 * 0.5, a3 = a2 + a2 * 0.5, a4 = a3 + a3 * 0.5;
        const auto a5 = a4 + a4 * 0.5, a6 = a5 + a5 * 0.5, a7 = a6 + a6 * 0.5, a8 = a7 + a7 * 0.5;
        const auto a9 = a8 + a8 * 0.5, b0 = a9 + a9 * 0.5, b1 = b0 + b0 * 0.5, b2 = b1 + b1 * 0.5;
        const auto b3 = b2 + b2 * 0.5, b4 = b3 + b3 * 0.5, b5 = b4 + b4 * 0.5, b6 = b5 + b5 * 0.5;
        const auto b7 = b6 + b6 * 0.5, b8 = b7 + b7 * 0.5, b9 = b8 + b8 * 0.5, c0 = b9 + b9 * 0.5;
        const auto c1 = c0 + c0 * 0.5, c2 = c1 + c1 * 0.5, c3 = c2 + c2 * 0.5, c4 = c3 + c3 * 0.5;
        const auto c5 = c4 + c4 * 0.5, c6 = c5 + c5 * 0.5;
        return c6;
    };
    const Size size = recorded(f, {3, 2});
    BOOST_TEST(size.statements == 27u);
    BOOST_TEST(size.links <= 54u);
    BOOST_TEST(recorded_gradient(f, std::vector{3.0, 2.0})[0] == 2 * std::pow(1.5, 26),
               boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(a_long_expression_is_split)
{
    const auto f = [](const Variables& x) {
        return (x[0] * x[1] + x[2] * x[3] + x[4] * x[5] + x[6] * x[7] + x[8] * x[9]) *
               (x[10] * x[11] + x[12] * x[13] + x[14] * x[15] + x[16] * x[17] + x[18] * x[19]);
    };
    std::vector<double> x(20);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 1 + 0.1 * static_cast<double>(i);
    double left = 0, right = 0;
    for (std::size_t i = 0; i < 10; i += 2) {
        left += x[i] * x[i + 1];
        right += x[i + 10] * x[i + 11];
    }
    const auto g = recorded_gradient(f, x);
    for (std::size_t i = 0; i < 20; ++i)
        BOOST_TEST(g[i] == x[i ^ 1u] * (i < 10 ? right : left), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(consecutive_sums_extend_one_statement)
{
    const auto sum = [](const Variables& x) {
        S f = 0;
        for (int i = 0; i < 10; ++i) {
            f += x[0] * x[1];
            f -= 2 * x[2];
            f += 1.5;
            f += x[0];
        }
        return f;
    };
    BOOST_TEST((recorded(sum, {3, 4, 5}) == Size{1, 40}));
    const std::vector<double> g = recorded_gradient(sum, std::vector{3.0, 4.0, 5.0}), expected{50, 30, -20};
    BOOST_TEST(g == expected, boost::test_tools::per_element());
    BOOST_TEST(recorded_value_and_gradient(sum, std::vector{3.0, 4.0, 5.0}).value ==
               10 * (12 - 10 + 1.5 + 3));
}

BOOST_AUTO_TEST_CASE(a_sum_that_something_else_has_used_is_not_extended)
{
    const std::vector<double> x{2};
    const auto slope = [&](auto f) { return recorded_gradient(f, x)[0]; };
    const auto started = [](const Variables& v) {
        S f = v[0];
        f += v[0];
        return f;
    };
    BOOST_TEST(slope([&](const Variables& v) {  // a copy
                   S f = started(v);
                   f += v[0];
                   const S g = f;
                   f += v[0];
                   return 100 * g + f;
               }) == 304);
    BOOST_TEST(slope([&](const Variables& v) {  // an unfinished expression
                   S f = started(v);
                   f += v[0];
                   const auto g = 100 * f;
                   f += v[0];
                   return g + f;
               }) == 304);
    BOOST_TEST(slope([&](const Variables& v) {  // another statement, of a constant besides
                   const S two = 2;
                   S f = started(v);
                   f += v[0];
                   const S g = two * v[0];
                   f += g;
                   return f;
               }) == 5);
    BOOST_TEST(slope([&](const Variables& v) {  // another statement
                   S f = started(v);
                   f += v[0];
                   const S g = v[0] * v[0];
                   f += g;
                   return f;
               }) == 7);
    BOOST_TEST(slope([&](const Variables& v) {  // the target on the right
                   S f = started(v);
                   f += v[0];
                   f += f * 100;
                   f += f;
                   f -= 2 * f;
                   return f;
               }) == -606);
    BOOST_TEST(slope([&](const Variables& v) {  // moved from, and assigned
                   S f = started(v);
                   f += v[0];
                   S g = std::move(f), h;
                   h = g;
                   g += v[0];
                   f += v[0];
                   h += v[0];
                   return 100 * g + 10000 * f + h;
               }) == 100 * 4 + 10000 * 4 + 4);
    BOOST_TEST(slope([&](const Variables& v) {  // in a container that moves
                   std::vector<S> fs;
                   for (int i = 0; i < 10; ++i) {
                       fs.push_back(v[0]);
                       for (S& f : fs) f += v[0];
                   }
                   S sum = 0;
                   for (const S& f : fs) sum += f;
                   return sum;
               }) == 10 + 55);
    BOOST_TEST(slope([&](const Variables& v) {  // other statements between
                   S f = started(v);
                   f += v[0];
                   const S other = v[0] * v[0];
                   f += other;
                   f += v[0];
                   return f * other;
               }) == 4 * 8.0 + 4 * 12.0);
}

BOOST_AUTO_TEST_CASE(a_sum_copied_while_something_else_is_recorded_is_not_extended)
{
    // The inner gradient has a tape of its own and writes no statement on this one: only entering and leaving
    // its recording can tell the sum that it has been copied.
    const auto f = [](const S& x) {
        S sum = x * x, copy;
        sum += x;
        const auto copying = [&](const auto& a) {
            copy = sum;
            return a * a;
        };
        const double slope = recorded_gradient(copying, 1.0);
        sum += 10 * x;
        return 100 * copy + sum + slope;
    };
    BOOST_TEST(recorded_gradient(f, 2.0) == 500 + 15);
}

BOOST_AUTO_TEST_CASE(what_is_thrown_by_a_statement_may_be_caught_and_the_recording_goes_on)
{
    std::optional<S> foreign;
    recorded_gradient([&](const S& x) { return *(foreign = x * x); }, 2.0);
    const auto f = [&](const S& x) {
        const std::vector<S> local(3, x);
        S sum = x * x;
        for (int i = 0; i < 3; ++i) {
            try {
                sum += sin(local[0]) * *foreign;
            } catch (const RecordingError&) {
                sum += x;
            }
            BOOST_CHECK_THROW(S(x + *foreign), RecordingError);
        }
        return sum;
    };
    BOOST_TEST(recorded_gradient(f, 2.0) == 4 + 3);
    BOOST_TEST(error_text<RecordingError>([&] {
                   recorded_gradient([&](const S& x) { return S(x * *foreign); }, 2.0);
               }).starts_with("multiply: an argument is a variable of a recording that is over"));
}

BOOST_AUTO_TEST_CASE(an_expression_is_a_number_as_any_other)
{
    // Generic code that is called with an expression declares, assigns and returns its type.
    const auto square_and_more = []<class X>(const X& x) -> X {
        X sum = 0, before = x;
        for (int i = 0; i < 3; ++i) {
            sum += x * before;
            before = sum / 2;
        }
        X result = x;
        result = sum;
        result *= 2;
        result -= 1;
        result /= 4;
        return result;
    };
    const auto f = [&](const auto& x) { return square_and_more(sin(x) * x + 1); };
    BOOST_TEST(recorded_gradient(f, 0.7) == jvp(f, 0.7, 1.0).tangent, boost::test_tools::tolerance(1e-14));
    const auto g = [](const auto& x) {
        auto kept = x * x;
        auto moved = std::move(kept);
        return moved * kept + where(x > 0, moved * 3, x) + (x < 0 ? x : moved);
    };
    BOOST_TEST(recorded_gradient(g, 2.0) == 4 * 8 + 12 + 4);
}

BOOST_AUTO_TEST_CASE(generic_code_may_be_called_with_an_expression)
{
    const auto f = []<class X>(const X& x) -> X {
        X y;
        std::vector<X> v(2);
        v[0] = constant_like(x, 2);
        v[1] = where(x > 0, x, -x);
        y = max(v[0], v[1]) + std::numeric_limits<X>::min();
        return where(y > 1, y * v[1], v[0]);
    };
    BOOST_TEST(recorded_gradient([&](const auto& x) { return f(x * x); }, 3.0) == 4 * 27,
               boost::test_tools::tolerance(1e-14));
    BOOST_TEST(S(std::numeric_limits<S>::max()).value() == std::numeric_limits<double>::max());
    BOOST_TEST(Dual<double>(std::numeric_limits<Dual<double>>::infinity()).value ==
               std::numeric_limits<double>::infinity());
}

BOOST_AUTO_TEST_CASE(the_maximum_is_the_librarys_whatever_is_used)
{
    using std::max, std::min;
    const auto slope_of_max = [](const S& x) {
        const S u = x, w = 3 * x - 4;  // equal at 2
        return max(u, w);
    };
    BOOST_TEST(recorded_gradient(slope_of_max, 2.0) == 2);
    const auto slope_of_min = [](const S& x) {
        const S u = x, w = 3 * x - 4;
        return min(u, w);
    };
    BOOST_TEST(recorded_gradient(slope_of_min, 2.0) == 2);
}

BOOST_AUTO_TEST_CASE(comparisons_record_nothing)
{
    const auto f = [](const Variables& x) {
        const auto product = x[0] * x[1];
        int count = 0;
        for (int i = 0; i < 100; ++i) count += x[0] * x[1] - 1.0 > i || product > 2;
        return count * x[0];
    };
    BOOST_TEST((recorded(f, {1, 2}) == Size{1, 1}));
    // Nor do they need their variables' recording.
    const auto g = [](const S& x) {
        return preaccumulate([&](const auto& a) { return x * x > 1 ? a * a : a; }, x);
    };
    BOOST_TEST(recorded_gradient(g, 2.0) == 4);
}

BOOST_AUTO_TEST_CASE(a_pause_does_not_make_a_named_expression_constant)
{
    const auto f = [](const S& x) {
        const auto e = x * x;
        {
            PauseRecording<ScalarSpace<double>> pause;
            const S constant = e + 1;
            BOOST_TEST(constant.session() == 0u);
        }
        return S(e);
    };
    BOOST_TEST(recorded_gradient(f, 2.0) == 4);
}

// Which links are merged is the compiler's knowledge, and must not change what is right.
BOOST_AUTO_TEST_CASE(repeated_variables_add_up)
{
    const auto check = [](auto f) {
        for (const auto& [x, y] : {std::pair{2.0, 3.0}, std::pair{-0.7, 1.3}}) {
            const auto g = recorded_gradient(f, x, y);
            const std::array point{x, y};
            for (std::size_t i = 0; i < 2; ++i) {
                const std::array direction{i == 0 ? 1.0 : 0.0, i == 1 ? 1.0 : 0.0};
                const double slope =
                    jvp([&](const auto& p) { return std::array{f(p[0], p[1])}; }, point, direction)
                        .tangent[0];
                BOOST_TEST(g[i] == slope, boost::test_tools::tolerance(1e-12));
            }
        }
    };
    check([]<class X>(const X& x, const X& y) -> X {
        X a = x * y;
        return a * (x * y) * a * y;
    });
    check([]<class X>(const X& x, const X& y) -> X { return x * x * x + y * (x * y) - x / (x + y * y); });
    check([]<class X>(const X& x, const X& y) -> X {
        const X &u = x, &v = x;
        return (u + v) * (u - 2 * v) * exp(-(u * v) * y);
    });
    check([]<class X>(const X& x, const X& y) -> X {
        X z = sin(x), w = z;
        return (z * w + w * z) * (x + z) * (y - w) / (2 + z * w * x * x);
    });
    check([]<class X>(const X& x, const X& y) -> X {
        X sum = 0;
        for (int i = 0; i < 3; ++i) sum += x * y * x - sum * y * (sum + x);
        return sum * sum;
    });
}

BOOST_AUTO_TEST_CASE(an_op_of_more_arguments_than_an_expression_has_links)
{
    const auto sum =
        elementwise("sum_of_18", [](auto a, auto b, auto c, auto d, auto e, auto f, auto g, auto h, auto i,
                                    auto j, auto k, auto l, auto m, auto n, auto o, auto p, auto q, auto r) {
            return a * b + c * d + e * f + g * h + i * j + k * l + m * n + o * p + q * r;
        });
    const auto f = [&](const auto& x) { return sum(x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x); };
    BOOST_TEST(recorded_gradient(f, 2.0) == 36);
}

BOOST_AUTO_TEST_CASE(a_zero_wins_over_infinity_within_a_statement)
{
    BOOST_TEST(recorded_gradient([](const auto& x) { return sqrt(x * x + x * x); }, 0.0) == 0);
    BOOST_TEST(recorded_gradient([](const auto& x) { return 0 * sqrt(x); }, 0.0) == 0);
    BOOST_TEST(recorded_gradient([](const auto& x) { return x + 0 * log(0 * x); }, 2.0) == 1);
    const auto by_steps = [](const auto& x) {
        const auto square = x * x;
        return sqrt(square);
    };
    BOOST_TEST(recorded_gradient(by_steps, 0.0) == 0);
}

BOOST_AUTO_TEST_CASE(a_zero_wins_over_infinity_in_rows_of_any_length)
{
    for (const std::size_t links : {1u, 2u, 8u, 9u, 10u, 30u}) {
        const auto f = [](const Variables& x) {
            S sum = 0;
            for (const S& number : x) sum += sqrt(number);
            return x[0] + 0 * sum;
        };
        std::vector<double> expected(links);
        expected[0] = 1;
        BOOST_TEST(recorded_gradient(f, std::vector<double>(links)) == expected,
                   boost::test_tools::per_element());
        const auto g = [](const Variables& x) {
            S sum = 0;
            for (const S& number : x) sum += sin(number);
            return sum * sum;
        };
        std::vector<double> zeros(links);
        BOOST_TEST(recorded_gradient(g, std::vector<double>(links)) == zeros,
                   boost::test_tools::per_element());
    }
}
