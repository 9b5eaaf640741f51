#include <op_reference/reference.hpp>

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace autodiff::tests {

std::string argument_name(const Row& row, std::size_t argument)
{
    return row.domains.size() == 1 ? "x" : std::string(1, "abc"[argument]);
}

std::vector<std::vector<double>> ordinary_points(const Row& row)
{
    std::vector<std::vector<double>> points{{}};
    for (const Domain& domain : row.domains) {
        const Interval first = domain.intervals.front(), last = domain.intervals.back();
        // Not the same for all arguments, nor whole numbers.
        const double part = 0.2 + 0.03 * static_cast<double>(points[0].size());
        std::vector<std::vector<double>> longer;
        for (const std::vector<double>& point : points)
            for (const double x :
                 {std::lerp(first.low, first.high, part), last.high, std::lerp(last.high, last.low, part)}) {
                longer.push_back(point);
                longer.back().push_back(x);
            }
        points = std::move(longer);
    }
    return points;
}

Along::Along(const Row& row, const Shapes& shapes, std::vector<double> x, std::size_t argument)
    : row_(&row), shapes_(shapes), x_(std::move(x)), argument_(argument)
{
}

std::vector<double> Along::moved(double at) const
{
    std::vector<double> x = x_;
    x[argument_] = at;
    return x;
}

namespace {

std::vector<Tensor<double>> tensors(const Shapes& shapes, const std::vector<double>& x)
{
    std::vector<Tensor<double>> result;
    for (std::size_t i = 0; i < x.size(); ++i) result.push_back(Tensor<double>::filled(shapes[i], x[i]));
    return result;
}

Tensor<double> first_element(const Row& row, const std::vector<Tensor<double>>& x)
{
    return select(flatten(std::get<FunctionOn<Tensor<double>>>(row.functions)(x)), 0);
}

}  // namespace

double Along::value(double at) const
{
    if (row_->has_scalars()) return std::get<FunctionOn<double>>(row_->functions)(moved(at));
    return first_element(*row_, tensors(shapes_, moved(at))).item();
}

std::vector<double> Along::gradient(double at) const
{
    const std::vector<double> x = moved(at);
    if (row_->has_scalars()) {
        const auto op = std::get<FunctionOn<Scalar<double>>>(row_->functions);
        return autodiff::gradient([op](const std::vector<Scalar<double>>& v) { return op(v); }, x);
    }
    Trace<double> trace(tensors(shapes_, x));
    autodiff::detail::run(trace, [&] { return first_element(*row_, trace.variables()); });
    std::vector<double> result;
    for (const Tensor<double>& partial : trace.pull(Tensor<double>(1.0))) result.push_back(partial.item());
    return result;
}

std::string Along::named(double number) const
{
    for (std::size_t j = 0; j < x_.size(); ++j)
        if (j != argument_ && x_[j] == number && number != 0) return name(j);
    return short_number(number);
}

// Read as integers, positive doubles are in order, and negative ones in reverse.
std::int64_t place_of(double x)
{
    const auto bits = std::bit_cast<std::int64_t>(x);
    return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
}

double at_place(std::int64_t place)
{
    return std::bit_cast<double>(place >= 0 ? place : std::numeric_limits<std::int64_t>::min() - place);
}

std::string short_number(double x)
{
    if (std::isinf(x)) return x > 0 ? "∞" : "-∞";
    return fmt::format("{:.4g}", x + 0.0);  // without the sign of zero
}

}  // namespace autodiff::tests
