// Scoped reverse: the same derivatives as the plain code, and a tape that stays small.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>
#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <optional>

using namespace autodiff;
using namespace autodiff::tests;
using autodiff::tests::error_text;

namespace {

/// Both sums of sin(i a) b + c, over i < 20.
template <class X>
X term(std::size_t i, const std::vector<X>& p, const X& c)
{
    return sin(static_cast<double>(i) * p[0]) * p[1] + c * c;
}
template <class X>
X plain(const std::vector<X>& p)
{
    const X c = p[0] * 0.1;
    X sum = 0;
    for (std::size_t i = 0; i < 20; ++i) sum += term(i, p, c);
    return exp(sum / 20);
}
template <class X>
X scoped(const std::vector<X>& p)
{
    return exp(
        sum_over(
            20, [](std::size_t i, const auto& q, const auto& c) { return term(i, q, c); }, p, X(p[0] * 0.1)) /
        20);
}

const auto plain_function = [](const auto& p) { return plain(p); };
const auto scoped_function = [](const auto& p) { return scoped(p); };
const std::vector<double> point{0.3, 0.7};

void check_near(const std::vector<double>& a, const std::vector<double>& b)
{
    BOOST_TEST(a == b, boost::test_tools::tolerance(1e-13) << boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_sum_has_the_value_and_derivatives_of_the_loop)
{
    BOOST_TEST(scoped(point) == plain(point), boost::test_tools::tolerance(1e-15));
    const auto [value, g] = recorded_value_and_gradient(scoped_function, point);
    BOOST_TEST(value == plain(point), boost::test_tools::tolerance(1e-15));
    check_near(g, recorded_gradient(plain_function, point));
    const auto h = hessian(scoped_function, point), expected = hessian(plain_function, point);
    for (std::size_t i = 0; i < 2; ++i) check_near(h[i], expected[i]);
    const std::vector<double> direction{1, -2};
    BOOST_TEST(
        jvp(scoped_function, point, direction).tangent == jvp(plain_function, point, direction).tangent,
        boost::test_tools::tolerance(1e-13));
    const auto second = [&](const auto& f) {
        return recorded_gradient(
            [&](const auto& p) {
                const auto inner = recorded_gradient(f, p);
                return inner[0] * inner[1];
            },
            point);
    };
    check_near(second(scoped_function), second(plain_function));
}

BOOST_AUTO_TEST_CASE(a_sum_leaves_one_statement)
{
    std::size_t statements = 0, links = 0;
    recorded_gradient(
        [&](const auto& p) {
            const auto& tape = *recorder<ScalarSpace<double>>.tape;
            const auto before = tape.size();
            const auto first_link = tape.link_count();
            auto sum = sum_over(1000, [](std::size_t, const auto& q) { return sin(q[0]) * q[1]; }, p);
            statements = tape.size() - before;
            links = tape.link_count() - first_link;
            return sum;
        },
        point);
    BOOST_TEST(statements == 1u);
    BOOST_TEST(links == 2u);
}

BOOST_AUTO_TEST_CASE(sums_nest)
{
    const auto f = [](const auto& x) {
        return sum_over(
            3,
            [](std::size_t i, const auto& a) {
                return a * sum_over(
                               4, [](std::size_t j, const auto& b) { return pow(b, static_cast<double>(j)); },
                               a * static_cast<double>(i));
            },
            x);
    };
    const auto g = [](const auto& x) {
        std::remove_cvref_t<decltype(x)> sum = 0;
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 4; ++j) sum += x * pow(x * i, static_cast<double>(j));
        return sum;
    };
    BOOST_TEST(recorded_gradient(f, 0.7) == recorded_gradient(g, 0.7), boost::test_tools::tolerance(1e-14));
    BOOST_TEST(f(0.7) == g(0.7), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(terms_that_depend_on_nothing_or_are_an_argument_count)
{
    const auto f = [](const auto& x) { return sum_over(3, [](std::size_t, const auto& a) { return a; }, x); };
    BOOST_TEST(recorded_gradient(f, 2.0) == 3);
    const auto constant = [](const auto& x) {
        return x + sum_over(3, [](std::size_t i, const auto&) { return 1.0 * static_cast<double>(i); }, x);
    };
    BOOST_TEST(recorded_value_and_gradient(constant, 2.0).value == 5);
    BOOST_TEST(recorded_gradient(constant, 2.0) == 1);
    BOOST_TEST(
        recorded_gradient(
            [](const auto& x) { return x * sum_over(0, [](std::size_t, const auto& a) { return a; }, x); },
            2.0) == 0);
}

BOOST_AUTO_TEST_CASE(a_preaccumulated_function_is_one_statement_a_result)
{
    const auto long_way = [](const auto& a, const auto& b) {
        using X = std::remove_cvref_t<decltype(a)>;
        X x = a, y = b;
        for (int i = 0; i < 10; ++i) {
            const X next = sin(x) * y + 0.1 * a;
            y = cos(y) + x * 0.5;
            x = next;
        }
        return std::array<X, 2>{x, y};
    };
    const auto f = [&](const auto& a, const auto& b) {
        const auto r = preaccumulate(long_way, a, b);
        return r[0] * r[1] + a;
    };
    const auto g = [&](const auto& a, const auto& b) {
        const auto r = long_way(a, b);
        return r[0] * r[1] + a;
    };
    const auto left = recorded_gradient(f, 0.4, 1.2), right = recorded_gradient(g, 0.4, 1.2);
    BOOST_TEST(left[0] == right[0], boost::test_tools::tolerance(1e-13));
    BOOST_TEST(left[1] == right[1], boost::test_tools::tolerance(1e-13));
    BOOST_TEST(f(0.4, 1.2) == g(0.4, 1.2));
    const auto one = [](const auto& a) {
        return preaccumulate([](const auto& x) { return exp(x) * x; }, a * 2);
    };
    BOOST_TEST(recorded_gradient(one, 0.5) == 2 * std::exp(1.0) * 2, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(a_variable_that_is_not_an_argument_is_refused)
{
    const auto f = [](const auto& x) {
        return sum_over(3, [&](std::size_t, const auto& a) { return a * x; }, x);
    };
    BOOST_TEST(error_text<RecordingError>([&] {
                   return recorded_gradient(f, 2.0);
               }).starts_with("a function of dual numbers: "));
    const auto g = [](const auto& x) { return preaccumulate([&](const auto&) { return x; }, x); };
    BOOST_TEST(error_text<RecordingError>([&] {
                   return recorded_gradient(g, 2.0);
               }).starts_with("a function of dual numbers: "));
    // What leaves a part is found out as well.
    const auto h = [](const auto& x) {
        using S = std::remove_cvref_t<decltype(x)>;
        S leaked = 0;
        const auto y = preaccumulate([&](const S& a) { return leaked = a * a; }, x);
        return y + leaked;
    };
    BOOST_CHECK_THROW(recorded_gradient(h, 2.0), RecordingError);
}

// The terms of a sum are swept together as long as they are few, and then what one leaves for the next is
// right. What has been swept and forgotten is found out.
BOOST_AUTO_TEST_CASE(what_a_term_leaves_for_the_next_is_right_or_found_out)
{
    using S = Scalar<double>;
    const auto check = [](const auto& sum_of, double expected) {
        BOOST_TEST(recorded_gradient([&](const S& x) { return sum_of(3, x); }, 0.5) == expected,
                   boost::test_tools::tolerance(1e-14));
        BOOST_CHECK_THROW(recorded_gradient([&](const S& x) { return sum_of(1000, x); }, 0.5),
                          RecordingError);
    };
    // x + x² + x³
    check(
        [](std::size_t count, const S& x) {
            S before = 1;
            return sum_over(count, [&](std::size_t, const S& a) { return before = before * a; }, x);
        },
        1 + 2 * 0.5 + 3 * 0.25);
    // x² + 2 x² + 3 x²
    check(
        [](std::size_t count, const S& x) {
            S sum = 0;
            return sum_over(
                count,
                [&](std::size_t, const S& a) {
                    sum += a * a;
                    return sum;
                },
                x);
        },
        12 * 0.5);
    // (0 + 1 + 2) eˣ
    check(
        [](std::size_t count, const S& x) {
            std::optional<S> kept;
            return sum_over(
                count,
                [&](std::size_t i, const S& a) {
                    if (!kept) kept = exp(a);
                    return *kept * static_cast<double>(i);
                },
                x);
        },
        3 * std::exp(0.5));
    // A sum that is left in a variable, the last statement before all are swept; the next term adds to it
    // before it writes any.
    BOOST_CHECK_THROW(recorded_gradient(
                          [](const S& x) {
                              S left = 0;
                              return sum_over(
                                  2,
                                  [&](std::size_t term, const S& a) {
                                      S y = a;
                                      for (std::size_t i = 0; term == 0 && i < 300; ++i) y = sin(y);
                                      left += y;
                                      return a * a;
                                  },
                                  x);
                          },
                          0.5),
                      RecordingError);
}

// ---------------------------------------- map_over ----------------------------------------------------

namespace {

template <class X>
X chained(const std::vector<X>& p)
{
    using std::exp;
    std::vector<X> y;
    for (std::size_t i = 0; i < 7; ++i)
        y.push_back(sin(p[i % 2] * static_cast<double>(i)) * p[(i + 1) % 2] + 0.5);
    X product = 1;
    for (const X& factor : y) product *= factor;
    return product;
}
template <class X>
X mapped(const std::vector<X>& p)
{
    const auto y = map_over(
        7,
        [](std::size_t i, const auto& q) {
            return sin(q[i % 2] * static_cast<double>(i)) * q[(i + 1) % 2] + 0.5;
        },
        p);
    X product = 1;
    for (const X& factor : y) product *= factor;
    return product;
}

/// All derivatives that `scoped` and `plain` have must agree.
void check_same(const auto& scoped_f, const auto& plain_f, const std::vector<double>& at)
{
    const auto [value, g] = recorded_value_and_gradient(scoped_f, at);
    const auto [plain_value, plain_g] = recorded_value_and_gradient(plain_f, at);
    BOOST_TEST(value == plain_value, boost::test_tools::tolerance(1e-14));
    BOOST_TEST(scoped_f(at) == plain_value, boost::test_tools::tolerance(1e-14));
    check_near(g, plain_g);
    const auto h = hessian(scoped_f, at), expected = hessian(plain_f, at);
    for (std::size_t i = 0; i < at.size(); ++i)
        BOOST_TEST(h[i] == expected[i], boost::test_tools::tolerance(1e-11)
                                            << boost::test_tools::per_element());
    const auto of_gradient = [&](const auto& f) {
        return recorded_gradient(
            [&](const auto& p) {
                const auto inner = recorded_gradient(f, p);
                return inner[0] * inner[1] + inner[0];
            },
            at);
    };
    BOOST_TEST(of_gradient(scoped_f) == of_gradient(plain_f), boost::test_tools::tolerance(1e-11)
                                                                  << boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_map_has_the_derivatives_of_the_loop)
{
    check_same([](const auto& p) { return mapped(p); }, [](const auto& p) { return chained(p); }, point);
}

// ---------------------------------------- iterate -----------------------------------------------------

namespace {

/// x ← x + h y, y ← y - h p sin x, from a state that depends on p, too.
constexpr std::size_t steps = 57;
template <class X>
std::array<X, 2> pendulum_step(const auto& state, const X& stiffness)
{
    return {state[0] + 0.1 * state[1], state[1] - 0.1 * stiffness * sin(state[0])};
}
const auto plain_pendulum = []<class X>(const std::vector<X>& p) {
    std::array<X, 2> state{p[0], X(p[1] * 0.5)};
    for (std::size_t i = 0; i < steps; ++i) state = pendulum_step(state, p[1]);
    return X(state[0] * state[1]);
};
template <class... Every>
auto pendulum(Every... every)
{
    return [=]<class X>(const std::vector<X>& p) {
        const auto state = iterate(
            Steps(steps, every...), std::array<X, 2>{p[0], X(p[1] * 0.5)},
            [](std::size_t, const auto& s, const auto& stiffness) { return pendulum_step(s, stiffness); },
            p[1]);
        return X(state[0] * state[1]);
    };
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_loop_with_state_has_the_derivatives_of_the_plain_loop)
{
    check_same(pendulum(), plain_pendulum, point);
    for (const std::size_t every : {1u, 2u, 7u, 56u, 57u, 100u})
        check_same(pendulum(every), plain_pendulum, point);
}

BOOST_AUTO_TEST_CASE(a_step_knows_its_number_on_the_way_back_too)
{
    const auto step = [](std::size_t i, const auto& s, const auto& p) {
        auto next = s;
        next[0] = s[0] + 0.1 * static_cast<double>(i + 1) * sin(s[0] * p);
        return next;
    };
    const auto plain = [&]<class X>(const std::vector<X>& p) {
        std::array<X, 1> state{p[0]};
        for (std::size_t i = 0; i < 11; ++i) state = step(i, state, p[1]);
        return X(state[0]);
    };
    for (const std::size_t every : {1u, 3u, 4u, 11u})
        check_same(
            [&]<class X>(const std::vector<X>& p) {
                return X(iterate(Steps(11, every), std::array<X, 1>{p[0]}, step, p[1])[0]);
            },
            plain, point);
}

BOOST_AUTO_TEST_CASE(what_else_depends_on_the_arguments_of_a_loop_or_map_counts)
{
    const auto square_and_more = [](const auto& p) {
        const auto y =
            map_over(2, [](std::size_t i, const auto& q) { return q[0] * static_cast<double>(i + 1); }, p);
        return y[0] + y[1] + p[0] * p[0];
    };
    BOOST_TEST(recorded_gradient(square_and_more, std::vector{5.0})[0] == 3 + 10);
    const auto loop_and_more = [](const auto& p) {
        const auto state = iterate(3, p, [](std::size_t, const auto& s) {
            auto next = s;
            next[0] = 2.0 * s[0];
            return next;
        });
        return state[0] + p[0] * p[0];
    };
    BOOST_TEST(recorded_gradient(loop_and_more, std::vector{5.0})[0] == 8 + 10);
}

BOOST_AUTO_TEST_CASE(a_loop_may_begin_with_constants)
{
    const auto powers = [](const auto& p) {
        return iterate(
            3, std::array<double, 1>{1.0},
            [](std::size_t, const auto& s, const auto& q) {
                auto next = s;
                next[0] = s[0] * q;
                return next;
            },
            p[0])[0];
    };
    BOOST_TEST(recorded_gradient(powers, std::vector{2.0})[0] == 12);
    BOOST_TEST(jvp(powers, std::vector{2.0}, std::vector{1.0}).tangent == 12);
    BOOST_TEST(hessian(powers, std::vector{2.0})[0][0] == 12);
}

BOOST_AUTO_TEST_CASE(empty_maps_and_loops_are_nothing)
{
    const auto f = [](const auto& p) {
        const auto y = map_over(0, [](std::size_t, const auto& q) { return q[0] * 2.0; }, p);
        const auto z = iterate(0, p, [](std::size_t, const auto& s) { return s; });
        return z[1] * static_cast<double>(y.size() + 1);
    };
    BOOST_TEST(recorded_gradient(f, std::vector{2.0, 3.0})[1] == 1);
}

BOOST_AUTO_TEST_CASE(a_pause_in_a_part_that_goes_forwards_is_found_out)
{
    const auto paused = [](const auto& x) {
        std::remove_cvref_t<decltype(x)> y;
        {
            PauseRecording<ScalarSpace<double>> pause;
            y = x * x;
        }
        return y * x;
    };
    BOOST_TEST(recorded_gradient(paused, 2.0) == 4);
    const auto part = [&](const auto& x) { return preaccumulate(paused, x); };
    BOOST_TEST(error_text<RecordingError>([&] {
                   return recorded_gradient(part, 2.0);
               }).starts_with("PauseRecording: "));
    const auto stopped = [](const auto& x) {
        return preaccumulate([](const auto& y) { return stop_gradient(y * y) * y; }, x);
    };
    BOOST_TEST(recorded_gradient(stopped, 2.0) == 4);
}
