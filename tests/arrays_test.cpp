// The array primitives on numbers: the same values and derivatives as plain loops, to second order.

#include <support/errors.hpp>

#include "arrays/comparison.hpp"

#include <array>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(a_sum)
{
    for (const std::size_t n : sizes)
        check_same([](const auto& x) { return square(sum(x)); },
                   []<class X>(const std::vector<X>& x) {
                       X total = 0;
                       for (const X& number : x) total += number;
                       return X(total * total);
                   },
                   numbers(n, -1, 1));
    BOOST_TEST(sum(std::vector<double>{}) == 0);
}

BOOST_AUTO_TEST_CASE(a_sum_goes_on_after_a_primitive)
{
    const auto of = [](auto primitive) {
        return [=]<class X>(const std::vector<X>& x) {
            X f = x[0];
            f += x[1];
            const X y = primitive(x);
            f += y;
            f += x[2] * y;
            return X(f * f);
        };
    };
    const auto total = []<class X>(const std::vector<X>& x) {
        X f = 0;
        for (const X& number : x) f += number;
        return f;
    };
    const auto last_of_map = []<class X>(const std::vector<X>& x) {
        const std::vector<X> y = map(tanh_rule, x);
        return X(y.back());
    };
    const auto last = []<class X>(const std::vector<X>& x) { return X(tanh(x.back())); };
    for (const std::size_t n : {3u, 40u}) {
        check_same(of([](const auto& x) { return sum(x); }), of(total), numbers(n, -1, 1));
        check_same(of(last_of_map), of(last), numbers(n, -1, 1));
    }
}

BOOST_AUTO_TEST_CASE(a_product)
{
    const auto loop = []<class X>(const std::vector<X>& x) {
        X total = 1;
        for (const X& number : x) total *= number;
        return total;
    };
    const auto primitive = [](const auto& x) { return prod(x); };
    for (const std::size_t n : sizes) check_same(primitive, loop, numbers(n, 0.9, 1.1));
    std::vector<double> x = numbers(40, 0.5, 2);
    x[3] = 0;
    check_same(primitive, loop, x);
    x[30] = 0;
    check_same(primitive, loop, x);
}

BOOST_AUTO_TEST_CASE(a_dot_product_of_two_halves_with_itself_and_with_constants)
{
    for (const std::size_t n : sizes) {
        const auto loop = []<class X>(const std::vector<X>& x, const auto& y) {
            X total = 0;
            for (std::size_t i = 0; i < x.size(); ++i) total += x[i] * y[i];
            return total;
        };
        const std::vector<double> constants = numbers(n, 0, 1);
        check_same([&](const auto& x) { return exp(dot(x, x)) + dot(x, constants) * dot(constants, x); },
                   [&]<class X>(const std::vector<X>& x) {
                       return X(exp(loop(x, x)) + loop(x, constants) * loop(x, constants));
                   },
                   numbers(n, -0.2, 0.2));
    }
    // Some of a range may be constants.
    const auto f = []<class X>(const std::vector<X>& x) {
        std::vector<X> y(50, X(2));
        y[7] = x[0];
        y[40] = x[1];
        return X(dot(y, y));
    };
    BOOST_TEST(recorded_gradient(f, std::vector{3.0, 5.0}) == (std::vector{6.0, 10.0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_norm)
{
    for (const std::size_t n : sizes)
        check_same([](const auto& x) { return norm(x); },
                   []<class X>(const std::vector<X>& x) {
                       X total = 0;
                       for (const X& number : x) total += number * number;
                       return X(sqrt(total));
                   },
                   numbers(n, 0.1, 1));
    const auto f = [](const auto& x) { return norm(x); };
    for (const double scale : {1e-300, 1e300}) {
        const auto [value, g] = recorded_value_and_gradient(f, std::vector{3 * scale, 4 * scale});
        BOOST_TEST(value == 5 * scale, boost::test_tools::tolerance(1e-15));
        check_near(g, {0.6, 0.8}, 1e-15);
    }
    BOOST_TEST(recorded_gradient(f, std::vector{0.0, 0.0}) == (std::vector{0.0, 0.0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_log_of_a_sum_of_exponentials)
{
    const auto f = [](const auto& x) { return logsumexp(x); };
    for (const std::size_t n : sizes)
        check_same(
            f,
            []<class X>(const std::vector<X>& x) {
                X total = 0;
                for (const X& number : x) total += exp(number);
                return X(log(total));
            },
            numbers(n, -1, 1));
    const auto [value, g] = recorded_value_and_gradient(f, std::vector{1000.0, 0.0});
    BOOST_TEST(value == 1000);
    check_near(g, {1, 0}, 1e-15);
    const double infinity = std::numeric_limits<double>::infinity();
    BOOST_TEST(recorded_gradient(f, std::vector{infinity, 1.0}) == (std::vector{1.0, 0.0}),
               boost::test_tools::per_element());
    BOOST_TEST(
        recorded_value_and_gradient(f, std::vector{-infinity, 1.0}).gradient == (std::vector{0.0, 1.0}),
        boost::test_tools::per_element());
}

namespace {

/// A B for A, (rows x inner), and B, (inner x columns), one after the other in x; squared and summed.
auto product_of(std::size_t rows, std::size_t inner, std::size_t columns)
{
    return [=]<class X>(const std::vector<X>& x) {
        const std::span<const X> a(x.data(), rows * inner), b(x.data() + rows * inner, inner * columns);
        const auto c = matmul(as_matrix(a, rows, inner), as_matrix(b, inner, columns));
        X total = 0;
        for (std::size_t i = 0; i < c.size(); ++i) total += sin(c[i]) * static_cast<double>(i + 1);
        return total;
    };
}
auto loop_product_of(std::size_t rows, std::size_t inner, std::size_t columns)
{
    return [=]<class X>(const std::vector<X>& x) {
        X total = 0;
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < columns; ++j) {
                X c = 0;
                for (std::size_t k = 0; k < inner; ++k)
                    c += x[i * inner + k] * x[rows * inner + k * columns + j];
                total += sin(c) * static_cast<double>(i * columns + j + 1);
            }
        return total;
    };
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_matrix_product)
{
    const std::size_t shapes[][3] = {{1, 1, 1}, {3, 2, 1}, {2, 3, 4}, {5, 20, 1}, {7, 8, 9}};
    for (const auto [rows, inner, columns] : shapes)
        check_same(product_of(rows, inner, columns), loop_product_of(rows, inner, columns),
                   numbers(rows * inner + inner * columns, -1, 1));
    const std::vector<double> a = numbers(6, -1, 1);
    check_same([&](const auto& x) { return sum(matmul(as_matrix(a, 3, 2), x)); },
               [&]<class X>(const std::vector<X>& x) {
                   X total = 0;
                   for (std::size_t i = 0; i < 6; ++i) total += a[i] * x[i % 2];
                   return total;
               },
               numbers(2, -1, 1));
}

BOOST_AUTO_TEST_CASE(a_part_of_a_blocks_results_may_be_the_result)
{
    const auto f = []<class X>(const std::vector<X>& x) {
        return X(matmul(as_matrix(x, 2, 2), std::vector<X>{x[0], x[1]})[0]);
    };
    BOOST_TEST(recorded_gradient(f, std::vector{2.0, 3.0, 5.0, 7.0}) == (std::vector{4.0, 6.0, 0.0, 0.0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_system_of_equations)
{
    for (const std::size_t n : {1u, 2u, 5u}) {
        // A = 4 1 + x, b the last n: against Cramer-free elimination in plain recorded numbers.
        const auto both = [n](const auto& solve_system) {
            return [n, solve_system]<class X>(const std::vector<X>& x) {
                std::vector<X> a(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n * n));
                for (std::size_t i = 0; i < n; ++i) a[i * n + (i + 1) % n] += 4.0;  // needs row exchanges
                const std::vector<X> b(x.end() - static_cast<std::ptrdiff_t>(n), x.end());
                const auto y = solve_system(a, b);
                X total = 0;
                for (std::size_t i = 0; i < n; ++i) total += exp(y[i]) * static_cast<double>(i + 1);
                return total;
            };
        };
        const auto primitive = [n](const auto& a, const auto& b) { return solve(as_matrix(a, n, n), b); };
        const auto loop = [n](auto a, auto b) {
            // Gauss-Jordan with the known order of pivots.
            for (std::size_t k = 0; k < n; ++k) {
                const std::size_t row = (k + n - 1) % n;
                for (std::size_t i = 0; i < n; ++i) {
                    if (i == row) continue;
                    const auto factor = std::remove_cvref_t<decltype(a[0])>(a[i * n + k] / a[row * n + k]);
                    for (std::size_t j = 0; j < n; ++j) a[i * n + j] -= factor * a[row * n + j];
                    b[i] -= factor * b[row];
                }
            }
            auto y = b;
            for (std::size_t k = 0; k < n; ++k) y[k] = b[(k + n - 1) % n] / a[(k + n - 1) % n * n + k];
            return y;
        };
        check_same(both(primitive), both(loop), numbers(n * n + n, -1, 1));
    }
    BOOST_TEST(error_text<DomainError>([] {
                   solve(as_matrix(std::vector{1.0, 2.0, 2.0, 4.0}, 2, 2), std::vector{1.0, 1.0});
               }) == "solve: the matrix is singular: pivot 1 is 0");
}

BOOST_AUTO_TEST_CASE(what_nothing_depends_on_has_no_part_in_a_gradient)
{
    const auto with_unused = []<class X>(const std::vector<X>& x, auto use) {
        const std::vector<X> a{x[0], x[1] * std::numeric_limits<double>::infinity(), x[0] * 0.1, x[1]};
        const auto y = solve(as_matrix(a, 2, 2), std::vector{x[0], x[1]});
        return use(x);
    };
    const auto product = [](const auto& x) { return sin(x[0]) * x[1]; };
    const std::vector<double> x{0.5, 2};
    const auto expected = recorded_gradient(product, x);
    BOOST_TEST(recorded_gradient([&](const auto& v) { return with_unused(v, product); }, x) == expected,
               boost::test_tools::per_element());
    // Neither before the result nor after it, in a part.
    const auto in_a_part = [&](const auto& v) {
        const auto both = [&]<class X>(const std::vector<X>& u) {
            const X before = product(u);
            const X after = with_unused(u, product);
            return std::array{before, after};
        };
        const auto parts = preaccumulate(both, v);
        return parts[0] + parts[1];
    };
    std::vector<double> many(12, 0.5);  // too many to go forwards
    many[1] = 2;
    const auto gradient = recorded_gradient(in_a_part, many);
    BOOST_TEST(gradient[0] == 2 * expected[0]);
    BOOST_TEST(gradient[1] == 2 * expected[1]);
    BOOST_TEST(gradient[11] == 0.0);
}

BOOST_AUTO_TEST_CASE(infinities_and_nan_are_what_they_are_in_plain_loops)
{
    const double infinity = std::numeric_limits<double>::infinity(), nan = std::nan("");
    const auto lse = [](const auto& x) { return logsumexp(x); };
    const std::vector<double> nothing{-infinity, -infinity};
    BOOST_TEST(recorded_value_and_gradient(lse, nothing).value == -infinity);
    BOOST_TEST(recorded_gradient(lse, nothing) == (std::vector{0.5, 0.5}), boost::test_tools::per_element());
    const auto forwards = jvp(lse, nothing, std::vector{1.0, 0.0});
    BOOST_TEST(forwards.value == -infinity);
    BOOST_TEST(forwards.tangent == 0.5);
    BOOST_TEST(std::isnan(lse(std::vector{infinity, nan})));

    const auto length = [](const auto& x) { return norm(x); };
    BOOST_TEST(std::isnan(length(std::vector{nan, 0.0})));
    BOOST_TEST(length(std::vector{-infinity, 1.0}) == infinity);
    BOOST_TEST(recorded_gradient(length, std::vector{-infinity, 1.0}) == (std::vector{-1.0, 0.0}),
               boost::test_tools::per_element());

    // An infinite row whose result is not used.
    const std::vector<double> a{1, 2, infinity, infinity}, ones{1, 1};
    const auto first = [&](const auto& x) { return matmul(as_matrix(a, 2, 2), x)[0]; };
    BOOST_TEST(recorded_gradient(first, ones) == (std::vector{1.0, 2.0}), boost::test_tools::per_element());
    BOOST_TEST(jacobian([&](const auto& x) { return matmul(as_matrix(a, 2, 2), x); }, ones)[0] ==
                   (std::vector{1.0, 2.0}),
               boost::test_tools::per_element());
    const std::vector<double> b{1, infinity, 2, infinity};
    const auto first_column = [&](const auto& x) {
        const auto y = matmul(as_matrix(x, 2, 2), as_matrix(b, 2, 2));
        return y[0] + y[2];
    };
    BOOST_TEST(
        recorded_gradient(first_column, std::vector<double>(4, 1.0)) == (std::vector{1.0, 2.0, 1.0, 2.0}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(integers_count_as_doubles)
{
    const std::vector<int> x{3, 4};
    BOOST_TEST(sum(x) == 7.0);
    BOOST_TEST(norm(x) == 5.0);
    BOOST_TEST(solve(as_matrix(std::vector{2, 0, 0, 4}, 2, 2), x)[1] == 1.0);
}

BOOST_AUTO_TEST_CASE(what_was_solved_can_be_swept)
{
    // Singular but for rounding: the transposed matrix would round to another pivot.
    std::mt19937_64 engine(1);
    std::uniform_int_distribution<int> third(-3, 3);
    int solved = 0;
    for (int trial = 0; trial < 2000; ++trial) {
        std::vector<double> a(9);
        for (double& entry : a) entry = third(engine) / 3.0;
        const auto f = [](const auto& x) {
            return sum(solve(as_matrix(x, 3, 3), std::vector{1.0, 2.0, 3.0}));
        };
        try {
            f(a);
        } catch (const DomainError&) {
            continue;
        }
        ++solved;
        BOOST_CHECK_NO_THROW(recorded_gradient(f, a));
    }
    BOOST_TEST(solved > 1000);
}

BOOST_AUTO_TEST_CASE(wrong_sizes_are_named)
{
    const std::vector<double> x(6);
    BOOST_TEST(error_text<ShapeError>([&] { as_matrix(x, 2, 4); }) ==
               "as_matrix: 6 numbers are not a matrix of 2 rows and 4 columns");
    BOOST_TEST(error_text<ShapeError>([&] { dot(x, std::vector<double>(5)); }) ==
               "dot: 6 numbers and 5; both must have as many");
    BOOST_CHECK_THROW(matmul(as_matrix(x, 2, 3), as_matrix(x, 2, 3)), ShapeError);
    BOOST_CHECK_THROW(solve(as_matrix(x, 2, 3), std::vector<double>(2)), ShapeError);
}
