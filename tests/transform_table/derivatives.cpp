#include <transform_table/derivatives.hpp>

#include <numeric>

namespace autodiff::tests {

namespace {

/// Within it the functions of the table are smooth, and far from where their series end.
constexpr double step = 0.25;

double inner_product(const Numbers& a, const Numbers& b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Numbers moved(Numbers x, double distance, const Numbers& direction)
{
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += distance * direction[i];
    return x;
}

Numbers random_numbers(std::size_t count, Random& random)
{
    Numbers numbers(count);
    for (double& number : numbers) number = random.uniform(-1, 1);
    return numbers;
}

Numbers unit(std::size_t size, std::size_t i)
{
    Numbers e(size);
    e[i] = 1;
    return e;
}

void check_first_order(const Derivative& d, const Numbers& result)
{
    const std::size_t count = d.primal(d.x).size();
    std::vector<Difference> differences;
    std::vector<Numbers> columns;
    for (const Numbers& direction : d.directions) columns.push_back(d.other_mode(direction));
    Numbers other_mode;
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = 0; j < d.directions.size(); ++j) {
            differences.push_back(central_difference(
                [&](double t) { return d.primal(moved(d.x, t, d.directions[j]))[i]; }, step));
            other_mode.push_back(columns[j][i]);
        }
    const double tolerance = Tolerances{}.differences;
    require_accuracy(d.subject, Check::differences, differences, tolerance);
    compare(d.subject, Check::differences, result, values_of(differences), tolerance);
    compare(d.subject, Check::forward, result, other_mode, rounding);
}

void check_second_order(const Derivative& d, const Numbers& result)
{
    Random random(3);
    const Numbers w = random_numbers(result.size(), random), x_dot = random_numbers(d.x.size(), random);
    const Numbers gradient = d.second_order->gradient(w);
    std::vector<Difference> differences;
    for (std::size_t k = 0; k < d.x.size(); ++k)
        differences.push_back(central_difference(
            [&](double t) { return inner_product(d.result(moved(d.x, t, unit(d.x.size(), k))), w); }, step));
    const double tolerance = Tolerances{}.second_differences;
    require_accuracy(d.subject, Check::second_differences, differences, tolerance);
    compare(d.subject, Check::second_differences, gradient, values_of(differences), tolerance);
    compare(d.subject, Check::nested, Numbers{d.second_order->tangent(w, x_dot)},
            Numbers{inner_product(gradient, x_dot)}, rounding);
}

}  // namespace

void check(const Derivative& d)
{
    const Numbers result = d.result(d.x);
    check_first_order(d, result);
    if (d.second_order) check_second_order(d, result);
    compare(d.subject, Check::single, d.single, result, Tolerances{}.single);
    for (const auto& [check, actual, expected, tolerance] : d.agreements)
        compare(d.subject, check, actual, expected, tolerance);
}

}  // namespace autodiff::tests
