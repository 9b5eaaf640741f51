// The checks of a row on scalars, where an op is a function of a few numbers.

#include <support/differences.hpp>
#include <support/op_checks.hpp>

#include <fmt/format.h>

#include <cmath>
#include <functional>

namespace autodiff::tests {

namespace {

constexpr int points = 16;

template <class X>
using Numbers = std::vector<X>;

template <class X>
auto function(const Functions& functions)
{
    return [&functions](const Numbers<X>& x) { return std::get<FunctionOn<X>>(functions)(x); };
}
template <class X>
auto function(const Row& row)
{
    return function<X>(row.functions);
}
template <class X>
X call(const Row& row, const Numbers<X>& x)
{
    return function<X>(row)(x);
}

Numbers<double> gradient_at(const Row& row, const Numbers<double>& x)
{
    return gradient(function<Scalar<double>>(row), x);
}

template <class T>
T inner_product(const Numbers<T>& a, const Numbers<double>& b)
{
    T sum = a[0] * b[0];
    for (std::size_t i = 1; i < a.size(); ++i) sum = sum + a[i] * b[i];
    return sum;
}

template <class T>
Numbers<Dual<T>> seeded(const Numbers<T>& x, const Numbers<double>& x_dot)
{
    Numbers<Dual<T>> result;
    for (std::size_t i = 0; i < x.size(); ++i) result.emplace_back(x[i], lift<T>(x_dot[i]));
    return result;
}

struct ScalarPoint {
    const Row& row;
    Subject subject;
    Numbers<double> x, steps, x_dot;

    void compare(Check check, const Numbers<double>& actual, const Numbers<double>& expected,
                 double tolerance) const
    {
        tests::compare(subject, check, actual, expected, tolerance);
    }

    /// ∂g/∂xᵢ for each i, by differences.
    Numbers<double> differences(Check check, const std::function<double(const Numbers<double>&)>& g,
                                double tolerance) const
    {
        std::vector<Difference> result;
        for (std::size_t i = 0; i < x.size(); ++i) {
            result.push_back(central_difference(
                [&](double step) {
                    Numbers<double> moved = x;
                    moved[i] += step;
                    return g(moved);
                },
                steps[i]));
        }
        require_accuracy(subject, check, result, tolerance);
        return values_of(result);
    }
};

void check_first_order(const ScalarPoint& p)
{
    const Row& row = p.row;
    const auto [value, gradient] = value_and_gradient(function<Scalar<double>>(row), p.x);
    const double tolerance = row.tolerances.differences;
    p.compare(Check::differences, gradient,
              p.differences(Check::differences, function<double>(row), tolerance), tolerance);

    const Dual<double> dual = call(row, seeded(p.x, p.x_dot));
    p.compare(Check::forward, {dual.value, dual.tangent}, {value, inner_product(gradient, p.x_dot)},
              rounding);
}

void check_second_order(const ScalarPoint& p)
{
    const Row& row = p.row;
    const Numbers<double> twice = gradient(
        [&](const Numbers<Scalar<double>>& x) {
            return inner_product(gradient(function<Scalar<Scalar<double>>>(row), x), p.x_dot);
        },
        p.x);
    const double tolerance = row.tolerances.second_differences;
    p.compare(
        Check::second_differences, twice,
        p.differences(
            Check::second_differences,
            [&](const Numbers<double>& x) { return inner_product(gradient_at(row, x), p.x_dot); }, tolerance),
        tolerance);

    Numbers<double> forward_over_reverse;
    for (const auto& g : gradient(function<Scalar<Dual<double>>>(row), seeded(p.x, p.x_dot)))
        forward_over_reverse.push_back(g.tangent);
    p.compare(Check::nested, forward_over_reverse, twice, rounding);

    const Numbers<double> reverse_over_forward = gradient(
        [&](const Numbers<Scalar<double>>& x) { return call(row, seeded(x, p.x_dot)).tangent; }, p.x);
    p.compare(Check::nested, reverse_over_forward, twice, rounding);

    const auto forward_twice = call(row, seeded(seeded(p.x, p.x_dot), p.x_dot));
    p.compare(Check::nested, {forward_twice.tangent.tangent}, {inner_product(twice, p.x_dot)}, rounding);
}

void check_single(const ScalarPoint& p)
{
    const Numbers<float> x(p.x.begin(), p.x.end());
    const auto single = value_and_gradient(function<Scalar<float>>(p.row), x);
    const auto exact = value_and_gradient(function<Scalar<double>>(p.row), p.x);
    p.compare(Check::single, {single.value}, {exact.value}, p.row.tolerances.single);
    p.compare(Check::single, Numbers<double>(single.gradient.begin(), single.gradient.end()), exact.gradient,
              p.row.tolerances.single);
}

/// Each argument alone a variable, the others constants.
void check_constants(const ScalarPoint& p)
{
    const Numbers<double> all = gradient_at(p.row, p.x);
    for (std::size_t i = 0; i < p.x.size(); ++i) {
        const double alone = gradient(
            [&](const Scalar<double>& x) {
                Numbers<Scalar<double>> arguments(p.x.begin(), p.x.end());
                arguments[i] = x;
                return call(p.row, arguments);
            },
            p.x[i]);
        p.compare(Check::constants, {alone}, {all[i]}, p.row.tolerances.constants);
    }
    const Scalar<double> constant = call(p.row, Numbers<Scalar<double>>(p.x.begin(), p.x.end()));
    p.compare(Check::constants, {static_cast<double>(constant.session())}, {0}, 0);
}

void check_sharing(const ScalarPoint& p)
{
    const std::size_t count = p.x.size();
    const double x = p.x[0];
    const Numbers<double> at_x = gradient_at(p.row, Numbers<double>(count, x));
    double sum = 0;
    for (double g : at_x) sum += g;
    const double shared =
        gradient([&](const Scalar<double>& v) { return call(p.row, Numbers<Scalar<double>>(count, v)); }, x);
    if (count > 1) p.compare(Check::repeated, {shared}, {sum}, rounding);

    // ∂(y² + 3 y + xᵢ)/∂xᵢ, y used three times and each xᵢ once more.
    const auto [y, y_gradient] = value_and_gradient(function<Scalar<double>>(p.row), p.x);
    const Numbers<double> used_often = gradient(
        [&](const Numbers<Scalar<double>>& v) {
            const Scalar<double> result = call(p.row, v);
            return result * result + 3 * call(p.row, v) + inner_product(v, Numbers<double>(count, 1.0));
        },
        p.x);
    Numbers<double> expected;
    for (double g : y_gradient) expected.push_back((2 * y + 3) * g + 1);
    p.compare(Check::fan_out, used_often, expected, rounding);
}

/// Tensors of rank 0 have the same values and derivatives.
void check_against_tensors(const ScalarPoint& p)
{
    const auto [value, gradient] = value_and_gradient(function<Scalar<double>>(p.row), p.x);
    std::vector<Tensor<double>> x(p.x.begin(), p.x.end());
    Trace<double> trace(x);
    {
        const auto running = trace.running();
        trace.finish(call(p.row, trace.variables()));
    }
    Numbers<double> of_tensors;
    for (const Tensor<double>& g : trace.pull(Tensor<double>(1.0))) of_tensors.push_back(g.item());
    p.compare(Check::scalars, {trace.result().item()}, {value}, rounding);
    p.compare(Check::scalars, of_tensors, gradient, rounding);
}

void check_against_plain(const ScalarPoint& p)
{
    const auto actual = value_and_gradient(function<Scalar<double>>(p.row), p.x);
    const auto expected = value_and_gradient(function<Scalar<double>>(p.row.plain), p.x);
    p.compare(Check::plain, {actual.value}, {expected.value}, p.row.tolerances.plain);
    p.compare(Check::plain, actual.gradient, expected.gradient, p.row.tolerances.plain);
}

}  // namespace

void check_scalars(const Row& row, Random& random)
{
    for (int i = 0; i < points; ++i) {
        ScalarPoint p{row, {row.op, row.variant, "scalars", ""}, {}, {}, {}};
        for (const Domain& domain : row.domains) {
            const Sample s = sample(domain, Shape{}, random);
            p.x.push_back(s.values[0]);
            p.steps.push_back(s.steps[0]);
            p.x_dot.push_back(random.uniform(-1, 1));
        }
        p.subject.where = fmt::format("at ({})", fmt::join(p.x, ", "));
        check_first_order(p);
        check_second_order(p);
        check_single(p);
        check_constants(p);
        check_sharing(p);
        if (row.has<Tensor<double>>()) check_against_tensors(p);
        if (std::get<FunctionOn<Scalar<double>>>(row.plain)) check_against_plain(p);
    }
}

}  // namespace autodiff::tests
