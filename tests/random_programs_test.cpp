// Thousands of random programs: graphs of ops with shared sub-expressions, on scalars and on tensors. Reverse
// mode, forward mode and differences must agree on each. A program that fails prints its seed.

#include <autodiff/autodiff.hpp>
#include <support/differences.hpp>
#include <support/random.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

// Statement k computes value k from two earlier values. Every op keeps values between -4 and 4 and is smooth,
// so that derivatives stay tame however long a program is.
struct Statement {
    std::size_t op, a, b;
};

struct Program {
    std::size_t inputs;
    std::vector<Statement> statements;
};

Program random_program(Random& random, std::size_t ops)
{
    Program program{1 + random.below(4), {}};
    const std::size_t length = 1 + random.below(16);
    for (std::size_t k = 0; k < length; ++k) {
        const std::size_t known = program.inputs + k;
        program.statements.push_back({random.below(ops), random.below(known), random.below(known)});
    }
    return program;
}

/// Ops for every kind of number.
constexpr std::size_t elementwise_ops = 16;
template <class X>
X elementwise_op(std::size_t op, const X& a, const X& b)
{
    switch (op) {
        case 0: return sin(a + b);
        case 1: return cos(a - 2 * b);
        case 2: return tanh(a * b);
        case 3: return sigmoid(a) * b;
        case 4: return a / (1 + square(b));
        case 5: return sqrt(1 + square(a) / 4) - b * square(b) / (3 + square(b));
        case 6: return log1p(exp(-square(a))) + 0.5f * b;
        case 7: return atan2(a, 2 + square(b));
        case 8: return softplus(a) / (1 + softplus(b));
        case 9: return gelu(tanh(a)) - silu(sin(b));
        case 10: return erf(a - b);
        case 11: return pow(1.5 + sin(a), cos(b));
        case 12: return where(a > 10, b, sin(a) * cos(b));
        case 13: return clamp(sin(a), -2, 2) + log_sigmoid(b) / 4;
        case 14: return max(tanh(a), 2 + tanh(b));
        default: return expm1(sin(a)) - asin(sin(b) / 2);
    }
}

/// Values of all statements summed up, each with its own weight: what is differentiated.
template <class X, class Op>
X run(const Program& program, std::vector<X> values, Op op)
{
    for (const Statement& s : program.statements) values.push_back(op(s.op, values[s.a], values[s.b]));
    X total = op(0, values[0], values[0]);
    for (std::size_t k = 1; k < values.size(); ++k)
        total = total + values[k] * (1.0 / static_cast<double>(1 + k % 3));
    return total;
}

double inner_product(const std::vector<double>& a, const std::vector<double>& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

/// Agreement relative to the size of the numbers: forward mode and nestings to rounding, differences to their
/// own error.
void check(double actual, double expected, double error, double tolerance, const char* what)
{
    const double scale = std::max(1.0, std::abs(expected));
    BOOST_TEST(std::abs(actual - expected) <= tolerance * scale + 10 * error,
               fmt::format("{}: {:.17g} instead of {:.17g} ± {:.0e}", what, actual, expected, error));
    BOOST_TEST(error <= 1e-6 * scale);
}

constexpr double rounding = 1e-11;

void check_on_scalars(std::uint64_t seed)
{
    Random random(seed);
    const Program program = random_program(random, elementwise_ops);
    std::vector<double> x, direction;
    for (std::size_t i = 0; i < program.inputs; ++i) {
        x.push_back(random.uniform(-2, 2));
        direction.push_back(random.uniform(-1, 1));
    }
    const auto f = [&]<class X>(const std::vector<X>& v) { return run(program, v, elementwise_op<X>); };

    const auto [value, g] = value_and_gradient(f, x);
    const double slope = inner_product(g, direction);
    BOOST_TEST(std::isfinite(value));
    check(jvp(f, x, direction).tangent, slope, 0, rounding, "forward mode");
    const auto moved = [&](double step) {
        std::vector<double> at = x;
        for (std::size_t i = 0; i < at.size(); ++i) at[i] += step * direction[i];
        return at;
    };
    const Difference first = central_difference([&](double step) { return f(moved(step)); }, 0.05);
    check(slope, first.value, first.error, 1e-9, "differences");

    const double curvature = inner_product(hvp(f, x, direction), direction);
    const Difference second = central_difference(
        [&](double step) { return inner_product(gradient(f, moved(step)), direction); }, 0.05);
    check(curvature, second.value, second.error, 1e-8, "second order");
}

/// Ops on tensors whose shapes broadcast to (3, 3); what an op needs to be a matrix is made one.
constexpr std::size_t tensor_ops = elementwise_ops + 12;
Tensor<> tensor_op(std::size_t op, const Tensor<>& a, const Tensor<>& b)
{
    const auto matrix = [](const Tensor<>& t) { return broadcast_to(t, Shape{3, 3}); };
    switch (op) {
        case elementwise_ops: return matmul(matrix(a), matrix(b)) / 9;
        case elementwise_ops + 1: return sin(transpose(matrix(a)) + b);
        case elementwise_ops + 2: return mean(matrix(a), {0}) + b;
        case elementwise_ops + 3: return tanh(sum(matrix(a), {1}, KeepDims::yes) - b);
        case elementwise_ops + 4: return softmax(matrix(a)) * b;
        case elementwise_ops + 5: return cos(flip(matrix(a), {1})) + slice(matrix(b), Slice{2, 3}, 0) / 2;
        case elementwise_ops + 6: return take(matrix(sin(a)), IndexArray(Shape{3}, {2, 0, 2})) * sigmoid(b);
        case elementwise_ops + 7: {
            const Tensor<> both = concatenate({matrix(a), matrix(cos(b))}, 0);
            return tanh(select(both, 1) - select(both, -1));
        }
        case elementwise_ops + 8: return einsum("ij,kj->ik", matrix(sin(a)), matrix(cos(b))) / 3;
        case elementwise_ops + 9: {
            const Tensor<> padded = reshape(pad(matrix(a), {{1, 0}, {0, 1}}), Shape{2, 8});
            return sin(slice(padded, {Slice{1, 2}, Slice{2, 5}}) + variance(matrix(a), {1}, KeepDims::yes) -
                       b);
        }
        case elementwise_ops + 10: return logsumexp(matrix(a), {0}) / 2 + sin(b);
        case elementwise_ops + 11: return norm(2 + square(sin(matrix(a))), {1}, KeepDims::yes) / 6 * cos(b);
        default: return elementwise_op(op, a, b);
    }
}

Tensor<> random_input(Random& random)
{
    static const std::vector<Shape> shapes{Shape{}, Shape{3}, Shape{1, 3}, Shape{3, 1}, Shape{3, 3}};
    const Shape shape = shapes[random.below(shapes.size())];
    std::vector<double> values(static_cast<std::size_t>(shape.element_count()));
    for (double& value : values) value = random.uniform(-2, 2);
    const Tensor<> input(shape, std::span<const double>(values));
    return shape.rank() == 2 && random.below(2) == 0 ? transpose(input) : input;
}

void check_on_tensors(std::uint64_t seed)
{
    Random random(seed);
    const Program program = random_program(random, tensor_ops);
    std::vector<Tensor<>> x, direction;
    for (std::size_t i = 0; i < program.inputs; ++i) {
        x.push_back(random_input(random));
        direction.push_back(random.uniform(-1, 1) * x.back() + 0.1);
    }
    const auto f = [&](std::span<const Tensor<>> v) {
        return sum(run(program, std::vector<Tensor<>>(v.begin(), v.end()), tensor_op));
    };
    const auto dot_direction = [&](const std::vector<Tensor<>>& tensors) {
        Tensor<> total(0.0);
        for (std::size_t i = 0; i < tensors.size(); ++i) total = total + sum(tensors[i] * direction[i]);
        return total;
    };
    const auto moved = [&](double step) {
        std::vector<Tensor<>> at = x;
        for (std::size_t i = 0; i < at.size(); ++i) at[i] = at[i] + step * direction[i];
        return at;
    };
    // The slope along the direction, in reverse mode, as a function that can be differentiated again.
    const auto slope_at = [&](std::span<const Tensor<>> at) {
        Trace<double> trace(at);
        detail::run(trace, [&] { return f(trace.variables()); });
        return dot_direction(trace.pull(Tensor<>(1.0)));
    };

    Trace<double> trace(x);
    detail::run(trace, [&] { return f(trace.variables()); });
    const double slope = dot_direction(trace.pull(Tensor<>(1.0))).item();
    check(trace.push(direction).item(), slope, 0, rounding, "forward mode");
    const Difference first = central_difference([&](double step) { return f(moved(step)).item(); }, 0.05);
    check(slope, first.value, first.error, 1e-9, "differences");

    Trace<double> twice(x);
    detail::run(twice, [&] { return slope_at(twice.variables()); });
    const double curvature = dot_direction(twice.pull(Tensor<>(1.0))).item();
    check(twice.push(direction).item(), curvature, 0, rounding, "forward over reverse");
    const Difference second =
        central_difference([&](double step) { return slope_at(moved(step)).item(); }, 0.05);
    check(curvature, second.value, second.error, 1e-8, "second order");
}

template <class F>
void for_seeds(std::uint64_t count, F check_program)
{
    for (std::uint64_t seed = 1; seed <= count; ++seed) BOOST_TEST_CONTEXT("seed " << seed)
        {
            check_program(seed);
        }
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_scalars) { for_seeds(3000, check_on_scalars); }

BOOST_AUTO_TEST_CASE(of_tensors) { for_seeds(2000, check_on_tensors); }
