// Recorded numbers: what can be written with them, and what goes wrong in plain words.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <optional>
#include <thread>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

std::string foreign_variable(std::string_view op)
{
    return fmt::format(
        "{}: an argument is a variable of a recording that is over, or of another one (an outer gradient of "
        "scalars, "
        "another thread); use variables only inside the function being differentiated, pass them on as "
        "arguments, or "
        "make them constants with stop_gradient",
        op);
}

/// xⁿ by recursion.
template <class X>
X power(const X& x, int n)
{
    if (n == 0) return 1;
    if (n % 2) return x * power(x, n - 1);
    return power(x * x, n / 2);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(operators)

BOOST_AUTO_TEST_CASE(numbers_of_any_type_are_constants)
{
    const auto f = [](const auto& x) { return 2 * x + x * 3L - 1 / x + x / 4u - 0.5f + (1 - x); };
    const auto [value, slope] = value_and_gradient(f, 2.0);
    BOOST_TEST(value == 4 + 6 - 0.5 + 0.5 - 0.5 - 1);
    BOOST_TEST(slope == 2 + 3 + 0.25 + 0.25 - 1);
}

BOOST_AUTO_TEST_CASE(a_fraction_stays_a_fraction_beside_any_number)
{
    BOOST_TEST(gradient([](const auto& x) { return 0.5f * x; }, 1.0) == 0.5);
    BOOST_TEST(gradient([](const auto& x) { return 0.25 * x; }, 1.0f) == 0.25f);
    BOOST_TEST(hessian([](const auto& x) { return 0.5f * x * x; }, 1.0) == 1.0);
    BOOST_TEST(jvp([](const auto& x) { return 0.5f * x; }, 1, 1).tangent == 0.5);
}

BOOST_AUTO_TEST_CASE(integers_are_differentiated_as_doubles)
{
    const auto [value, slope] = value_and_gradient([](const auto& x) { return x / 2; }, 3);
    static_assert(std::same_as<decltype(slope), const double>);
    BOOST_TEST(value == 1.5);
    BOOST_TEST(slope == 0.5);
}

BOOST_AUTO_TEST_CASE(compound_assignment_makes_a_new_value)
{
    const auto f = [](const auto& x) {
        auto y = x;
        const auto before = y * y;
        y += x;
        y *= 3;
        y -= 1;
        y /= x;
        return y + before;
    };
    const auto [value, slope] = value_and_gradient(f, 2.0);
    BOOST_TEST(value == (2 * 2 * 3 - 1) / 2.0 + 4);
    BOOST_TEST(slope == 1 / 4.0 + 4);
}

BOOST_AUTO_TEST_CASE(comparisons_look_at_values)
{
    const Scalar<double> one = 1, two = 2;
    BOOST_TEST((one < two && one <= two && two > one && two >= one && one != two && !(one == two)));
    BOOST_TEST((one < 2 && 1 <= one && 2.0f > one && one == 1));
}

BOOST_AUTO_TEST_CASE(auto_keeps_what_it_needs)
{
    const auto f = [](const auto& x) {
        std::optional<std::remove_cvref_t<decltype(x)>> kept;
        {
            const auto a = x * 2;
            const auto b = sin(a + 1) * exp(-a);
            kept = b;
        }
        return *kept;
    };
    const double x = 0.3;
    BOOST_TEST(gradient(f, x) == 2 * (std::cos(2 * x + 1) - std::sin(2 * x + 1)) * std::exp(-2 * x),
               boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(statements)

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
    gradient(
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
    BOOST_TEST(gradient(f, std::vector{0.5, 2.0})[0] == 2 * a * a_x * (a + 0.5) + a * a * (a_x + 1),
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
    BOOST_TEST(gradient(f, std::vector{3.0, 2.0})[0] == 2 * std::pow(1.5, 26),
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
    const auto g = gradient(f, x);
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
    const std::vector<double> g = gradient(sum, std::vector{3.0, 4.0, 5.0}), expected{50, 30, -20};
    BOOST_TEST(g == expected, boost::test_tools::per_element());
    BOOST_TEST(value_and_gradient(sum, std::vector{3.0, 4.0, 5.0}).value == 10 * (12 - 10 + 1.5 + 3));
}

BOOST_AUTO_TEST_CASE(a_sum_that_something_else_has_used_is_not_extended)
{
    const std::vector<double> x{2};
    const auto slope = [&](auto f) { return gradient(f, x)[0]; };
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
    const auto f = [](const auto& x) {
        S sum = x * x, copy;
        sum += x;
        const auto other = preaccumulate(
            [&](const auto& a) {
                copy = sum;
                return a * a;
            },
            x);
        sum += 10 * x;
        return 100 * copy + sum + other;
    };
    BOOST_TEST(gradient(f, 2.0) == 500 + 15 + 4);
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
    BOOST_TEST(gradient(f, 0.7) == jvp(f, 0.7, 1.0).tangent, boost::test_tools::tolerance(1e-14));
    const auto g = [](const auto& x) {
        auto kept = x * x;
        auto moved = std::move(kept);
        return moved * kept + where(x > 0, moved * 3, x) + (x < 0 ? x : moved);
    };
    BOOST_TEST(gradient(g, 2.0) == 4 * 8 + 12 + 4);
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
    BOOST_TEST(gradient([&](const auto& x) { return f(x * x); }, 3.0) == 4 * 27,
               boost::test_tools::tolerance(1e-14));
    BOOST_TEST(S(std::numeric_limits<S>::max()).value() == std::numeric_limits<double>::max());
    BOOST_TEST(Dual<double>(std::numeric_limits<Dual<double>>::infinity()).value ==
               std::numeric_limits<double>::infinity());
}

BOOST_AUTO_TEST_CASE(the_maximum_is_the_librarys_whatever_is_used)
{
    using std::max, std::min;
    const auto slope_of_max = [](const auto& x) {
        const S u = x, w = 3 * x - 4;  // equal at 2
        return max(u, w);
    };
    BOOST_TEST(gradient(slope_of_max, 2.0) == 2);
    const auto slope_of_min = [](const auto& x) {
        const S u = x, w = 3 * x - 4;
        return min(u, w);
    };
    BOOST_TEST(gradient(slope_of_min, 2.0) == 2);
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
    const auto g = [](const auto& x) {
        return preaccumulate([&](const auto& a) { return x * x > 1 ? a * a : a; }, x);
    };
    BOOST_TEST(gradient(g, 2.0) == 4);
}

BOOST_AUTO_TEST_CASE(a_pause_does_not_make_a_named_expression_constant)
{
    const auto f = [](const auto& x) {
        const auto e = x * x;
        {
            PauseRecording<ScalarSpace<double>> pause;
            const S constant = e + 1;
            BOOST_TEST(constant.session() == 0u);
        }
        return S(e);
    };
    BOOST_TEST(gradient(f, 2.0) == 4);
}

// Which links are merged is the compiler's knowledge, and must not change what is right.
BOOST_AUTO_TEST_CASE(repeated_variables_add_up)
{
    const auto check = [](auto f) {
        for (const auto& [x, y] : {std::pair{2.0, 3.0}, std::pair{-0.7, 1.3}}) {
            const auto g = gradient(f, x, y);
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
    BOOST_TEST(gradient(f, 2.0) == 36);
}

BOOST_AUTO_TEST_CASE(a_zero_wins_over_infinity_within_a_statement)
{
    BOOST_TEST(gradient([](const auto& x) { return sqrt(x * x + x * x); }, 0.0) == 0);
    BOOST_TEST(gradient([](const auto& x) { return 0 * sqrt(x); }, 0.0) == 0);
    BOOST_TEST(gradient([](const auto& x) { return x + 0 * log(0 * x); }, 2.0) == 1);
    const auto by_steps = [](const auto& x) {
        const auto square = x * x;
        return sqrt(square);
    };
    BOOST_TEST(gradient(by_steps, 0.0) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(control_flow)

BOOST_AUTO_TEST_CASE(the_branch_that_runs_is_differentiated)
{
    const auto f = []<class X>(const X& x) -> X {
        if (x > 1) return x * x;
        return 3 * x;
    };
    BOOST_TEST(gradient(f, 2.0) == 4);
    BOOST_TEST(gradient(f, 0.5) == 3);
    const auto g = [](const auto& x) { return x > 1 ? x * x : x; };
    BOOST_TEST(gradient(g, 2.0) == 4);
    BOOST_TEST(gradient(g, 0.5) == 1);
}

BOOST_AUTO_TEST_CASE(a_loop_runs_as_often_as_its_values_say)
{
    // Newton's method for √x, until it stands still.
    const auto root = [](const auto& x) {
        auto y = x;
        for (auto before = y + 1; abs(y - before) > 1e-15;) {
            before = y;
            y = (y + x / y) / 2;
        }
        return y;
    };
    BOOST_TEST(gradient(root, 2.0) == 1 / (2 * std::sqrt(2.0)), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_recursion_is_differentiated)
{
    BOOST_TEST(gradient([](const auto& x) { return power(x, 10); }, 1.1) == 10 * std::pow(1.1, 9),
               boost::test_tools::tolerance(1e-13));
}

BOOST_AUTO_TEST_CASE(a_sum_over_a_container_has_a_gradient_for_each_element)
{
    const auto f = [](const auto& x) {
        typename std::remove_cvref_t<decltype(x)>::value_type sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(i) * x[i] * x[i];
        return sum;
    };
    const std::vector<double> g = gradient(f, std::vector<double>{3, 2, 1});
    const std::vector<double> expected{0, 4, 4};
    BOOST_TEST(g == expected, boost::test_tools::per_element());
    const std::array<double, 2> h = gradient(f, std::array<double, 2>{5, 7});
    BOOST_TEST(h[1] == 14);
    BOOST_TEST(gradient(f, std::vector<double>{}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(results)

BOOST_AUTO_TEST_CASE(a_result_that_does_not_depend_has_gradient_zero)
{
    const auto [value, slope] = value_and_gradient([](const auto&) { return 3; }, 2.0);
    BOOST_TEST(value == 3);
    BOOST_TEST(slope == 0);
    BOOST_TEST(gradient([](const auto& x, const auto&) { return x; }, 1.0, 2.0)[1] == 0);
    BOOST_TEST(gradient([](const auto& x) { return stop_gradient(x) * x; }, 2.0) == 2);
}

BOOST_AUTO_TEST_CASE(the_argument_itself_has_gradient_one)
{
    BOOST_TEST(gradient([](const auto& x) { return x; }, 2.0) == 1);
    BOOST_TEST(gradient([](const auto& x, const auto& y) { return x + 0 * y; }, 2.0, 3.0)[0] == 1);
}

BOOST_AUTO_TEST_CASE(statements_after_the_result_do_not_matter)
{
    const auto f = [](const auto& x) {
        const auto y = x * x;
        auto unused = y;
        for (int i = 0; i < 100; ++i) unused = unused * x + y;
        return y;
    };
    BOOST_TEST(gradient(f, 3.0) == 6);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(nesting)

BOOST_AUTO_TEST_CASE(derivatives_nest_to_third_order)
{
    const auto f = [](const auto& x) { return exp(2 * x) * x; };  // f⁽ⁿ⁾ = 2ⁿ e²ˣ (x + n / 2)
    const auto first = [&](const auto& x) { return gradient(f, x); };
    const auto second = [&](const auto& x) { return gradient(first, x); };
    const auto third = [&](const auto& x) { return gradient(second, x); };
    const double x = 0.7, e = std::exp(2 * x);
    const auto tolerance = boost::test_tools::tolerance(1e-14);
    BOOST_TEST(first(x) == 2 * e * (x + 0.5), tolerance);
    BOOST_TEST(second(x) == 4 * e * (x + 1), tolerance);
    BOOST_TEST(third(x) == 8 * e * (x + 1.5), tolerance);
    BOOST_TEST(jvp(second, x, 1.0).tangent == 8 * e * (x + 1.5), tolerance);
    BOOST_TEST(hessian(first, x) == 8 * e * (x + 1.5), tolerance);
}

// d/dx [x · d/dy (x + y)] is 1: an inner derivative must not be taken for an outer one (Siskind and
// Pearlmutter 2005).
BOOST_AUTO_TEST_CASE(perturbations_are_not_confused)
{
    const auto reverse = [](const auto& x) {
        return x * gradient([&](const auto& y) { return x + y; }, constant_like(x, 1));
    };
    BOOST_TEST(gradient(reverse, 3.0) == 1);
    const auto forward = [](const auto& x) {
        const auto one = constant_like(x, 1);
        return x * jvp([&](const auto& y) { return x + y; }, one, one).tangent;
    };
    BOOST_TEST(jvp(forward, 3.0, 1.0).tangent == 1);
    BOOST_TEST(gradient(forward, 3.0) == 1);
    BOOST_TEST(jvp(reverse, 3.0, 1.0).tangent == 1);
}

BOOST_AUTO_TEST_CASE(an_inner_gradient_may_use_outer_variables)
{
    // d/dx [d/dy (x y² + sin x)] at y = x² is d/dx 2 x³ = 6 x².
    const auto f = [](const auto& x) {
        return gradient([&](const auto& y) { return x * y * y + sin(x); }, x * x);
    };
    BOOST_TEST(gradient(f, 1.5) == 6 * 1.5 * 1.5, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(jvp(f, 1.5, 1.0).tangent == 6 * 1.5 * 1.5, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(an_inner_gradient_of_plain_numbers_is_a_constant)
{
    const auto f = [](const auto& x) { return x * gradient([](const auto& y) { return y * y; }, 3.0); };
    BOOST_TEST(gradient(f, 2.0) == 6);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(a_variable_that_outlives_its_recording_is_found_out)
{
    Scalar<double> kept;
    gradient([&](const auto& x) { return kept = x * x; }, 3.0);
    BOOST_TEST(kept.value() == 9);
    BOOST_TEST(error_text<RecordingError>([&] { return Scalar<double>(kept + 1); }) ==
               foreign_variable("add"));
    BOOST_TEST(error_text<RecordingError>([&] { return Scalar<double>(sin(kept)); }) ==
               foreign_variable("sin"));
    BOOST_TEST(error_text<RecordingError>([&] {
                   return gradient([&](const auto& x) { return x * kept; }, 1.0);
               }) == foreign_variable("multiply"));
    BOOST_TEST(error_text<RecordingError>([&] { return gradient([&](const auto&) { return kept; }, 1.0); }) ==
               foreign_variable("result"));
    BOOST_TEST((kept > 8));
    BOOST_TEST(stop_gradient(kept).value() == 9);
}

BOOST_AUTO_TEST_CASE(an_outer_variable_does_not_mix_with_an_inner_recording_of_the_same_type)
{
    const auto f = [](const auto& x) { return gradient([&](const auto& y) { return x * y; }, 2.0); };
    BOOST_TEST(error_text<RecordingError>([&] { return gradient(f, 3.0); }) == foreign_variable("multiply"));
}

BOOST_AUTO_TEST_CASE(a_variable_of_another_thread_is_found_out)
{
    std::string text;
    gradient(
        [&](const auto& x) {
            std::thread([&] {
                try {
                    const Scalar<double> y = x * x;
                    text = fmt::format("{}", y);
                } catch (const RecordingError& error) {
                    text = error.what();
                }
            }).join();
            return x;
        },
        1.0);
    BOOST_TEST(text == foreign_variable("multiply"));
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_the_recorder_as_it_was)
{
    struct Stop {};
    const auto throws = [](const auto& x) -> std::remove_cvref_t<decltype(x)> {
        const auto y = x * x;
        if (y > 0) throw Stop{};
        return y;
    };
    for (int i = 0; i < 3; ++i) {
        BOOST_CHECK_THROW(gradient(throws, 2.0), Stop);
        BOOST_TEST(recorder<ScalarSpace<double>>.tape == nullptr);
        BOOST_TEST(recorder<ScalarSpace<double>>.session == 0u);
        BOOST_TEST(gradient([](const auto& x) { return x * x; }, 2.0) == 4);
    }
    // Caught inside the function, what was recorded before still counts.
    const auto catches = [&](const auto& x) {
        const auto y = x * x;
        try {
            gradient(throws, 1.0);
        } catch (Stop) {
        }
        try {
            gradient(throws, x);
        } catch (Stop) {
        }
        return y * x;
    };
    BOOST_TEST(gradient(catches, 2.0) == 12);
}

BOOST_AUTO_TEST_CASE(directions_must_have_as_many_numbers_as_the_point)
{
    const auto f = [](const auto& x) { return x[0]; };
    const std::vector<double> x{1, 2}, direction{1};
    BOOST_TEST(error_text<ShapeError>([&] { return jvp(f, x, direction); }) ==
               "jvp: 1 tangents for 2 numbers");
    BOOST_TEST(error_text<ShapeError>([&] { return hvp(f, x, direction); }) ==
               "hvp: a direction of 1 for 2 numbers");
}

BOOST_AUTO_TEST_SUITE_END()
