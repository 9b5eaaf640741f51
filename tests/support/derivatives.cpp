#include <support/derivatives.hpp>

#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/transforms/trace.hpp>
#include <support/differences.hpp>
#include <support/random.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff::tests {

namespace {

double inner_product(const Tensor<double>& a, const Tensor<double>& b) { return sum(a * b).item(); }

double scale(const Tensor<double>& a, const Tensor<double>& b)
{
    return std::max(1.0, sum(abs(a * b)).item());
}

/// The gradient of ⟨u, f⟩.
TensorFunction pullback(const TensorFunction& f, const Tensor<double>& u)
{
    return [f, u](const Tensor<double>& x) {
        Trace<double> trace(std::span(&x, 1));
        Tensor<double> y;
        {
            const auto running = trace.running();
            y = f(trace.variables()[0]);
        }
        trace.finish(y);
        return trace.pull(u)[0];
    };
}

}  // namespace

void check_derivatives(const TensorFunction& f, const Tensor<double>& x, int order, double step)
{
    const Tensor<double> v = sample(x.shape(), 2);
    Trace<double> trace(std::span(&x, 1));
    Tensor<double> y;
    {
        const auto running = trace.running();
        y = f(trace.variables()[0]);
    }
    trace.finish(y);
    const Tensor<double> u = sample(y.shape(), 3);
    const Tensor<double> x_bar = trace.pull(u)[0];
    const Tensor<double> y_dot = trace.push(std::span(&v, 1));
    BOOST_TEST_REQUIRE(x_bar.shape() == x.shape());
    BOOST_TEST_REQUIRE(y_dot.shape() == y.shape());

    const double backwards = inner_product(x_bar, v), forwards = inner_product(u, y_dot);
    const double size = std::max(scale(x_bar, v), scale(u, y_dot));
    BOOST_TEST(std::abs(backwards - forwards) <= 1e-12 * size,
               fmt::format("⟨pull(u), v⟩ = {} but ⟨u, push(v)⟩ = {}", backwards, forwards));
    if (x.size() > 0) {  // or there is nothing to move
        const Difference difference =
            central_difference([&](double t) { return inner_product(u, f(x + t * v)); }, step);
        // Extrapolated differences are right to some 1e-11 of the values; a wrong formula is off by far more.
        BOOST_TEST(std::abs(backwards - difference.value) <= 1e-9 * size,
                   fmt::format("derivative {} but difference {}", backwards, difference.value));
    }
    if (order > 1) check_derivatives(pullback(f, u), x, order - 1, step);
}

Tensor<double> whole_numbers(const Shape& shape, Index modulus)
{
    Array<double> x = Array<double>::uninitialized(shape);
    for (Index i = 0; i < x.size(); ++i) x.writable()[i] = static_cast<double>(i * 3 % modulus - 3);
    return x;
}

Tensor<double> sample(const Shape& shape, std::uint64_t seed)
{
    Random random(seed);
    Array<double> result = Array<double>::uninitialized(shape);
    for (Index i = 0; i < result.size(); ++i) result.writable()[i] = random.uniform(-1, 1);
    return result;
}

void check_equal(const Tensor<double>& actual, const Shape& shape, const std::vector<double>& expected,
                 double tolerance)
{
    BOOST_TEST_REQUIRE(actual.shape() == shape);
    const std::vector<double> elements = actual.to_vector();
    double largest = 1;
    for (double e : expected)
        if (std::isfinite(e)) largest = std::max(largest, std::abs(e));
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double a = elements.at(i), e = expected[i];
        const bool agrees = std::isnan(e) ? std::isnan(a) : a == e || std::abs(a - e) <= tolerance * largest;
        BOOST_TEST(agrees, fmt::format("element {} is {}, not {}", i, a, e));
    }
}

void check_equal(const Tensor<double>& actual, const Tensor<double>& expected, double tolerance)
{
    check_equal(actual, expected.shape(), expected.to_vector(), tolerance);
}

void check_equal(const IndexArray& actual, const Shape& shape, const std::vector<Index>& expected)
{
    BOOST_TEST_REQUIRE(actual.shape() == shape);
    BOOST_TEST(actual.to_vector() == expected, boost::test_tools::per_element());
}

}  // namespace autodiff::tests
