#include <accuracy/measure.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace autodiff::tests {

template <class T>
double error_in_ulps(T y, long double exact)
{
    return error_in_ulps(y, exact, exact);
}

template <class T>
double error_in_ulps(T y, long double exact, long double size)
{
    using Limits = std::numeric_limits<T>;
    if (std::isnan(exact) || std::isnan(y))
        return std::isnan(exact) && std::isnan(y) ? 0 : std::numeric_limits<double>::infinity();
    const long double beyond = std::ldexp(1.0L, Limits::max_exponent);
    const auto bounded = [beyond](long double x) { return std::clamp(x, -beyond, beyond); };
    // The exponent of the ulp at 2ᵏ ≤ |size| < 2ᵏ⁺¹; that of `beyond` is the largest number's.
    const int least = Limits::min_exponent - Limits::digits;
    const int exponent = size == 0 ? least
                                   : std::clamp(std::ilogb(bounded(size)) + 1 - Limits::digits, least,
                                                Limits::max_exponent - Limits::digits);
    const long double error = bounded(static_cast<long double>(y)) - bounded(exact);
    return static_cast<double>(std::ldexp(std::fabs(error), -exponent));
}

namespace {

/// The values at the points of which each list has a coordinate.
template <class T>
std::vector<T> values(FunctionOn<Tensor<T>> function, const std::vector<std::vector<T>>& arguments)
{
    std::vector<Tensor<T>> tensors;
    for (const auto& argument : arguments)
        tensors.emplace_back(Shape{static_cast<Index>(argument.size())}, std::span<const T>(argument));
    const Tensor<T> y = function(tensors);
    return {y.array().data(), y.array().data() + y.array().size()};
}

template <class T>
std::vector<T> values(FunctionOn<Scalar<T>> function, const std::vector<std::vector<T>>& arguments)
{
    std::vector<T> all, result;
    for (const auto& argument : arguments) all.insert(all.end(), argument.begin(), argument.end());
    const std::size_t count = arguments[0].size();
    gradient(
        [&](const std::vector<Scalar<T>>& x) {
            std::vector<Scalar<T>> point(arguments.size());
            for (std::size_t i = 0; i < count; ++i) {
                for (std::size_t k = 0; k < point.size(); ++k) point[k] = x[k * count + i];
                result.push_back(function(point).value());
            }
            return x[0];
        },
        all);
    return result;
}

}  // namespace

template <class X>
WorstError worst_error(const MeasuredFunction& function, std::size_t count)
{
    using T = typename X::value_type;
    Random random(1);
    const std::size_t arity = function.points.size();
    std::vector<std::vector<T>> arguments;
    for (const Points& points : function.points) arguments.push_back(numbers<T>(points, count, random));
    std::size_t length = 0;
    for (const auto& argument : arguments) length = std::max(length, argument.size());
    for (auto& argument : arguments)
        while (argument.size() < length) argument.push_back(argument[random.below(argument.size())]);
    const std::vector<T> results = values(std::get<FunctionOn<X>>(function.functions), arguments);

    WorstError worst;
    std::array<long double, 3> x{};
    for (std::size_t i = 0; i < length; ++i) {
        for (std::size_t k = 0; k < arity; ++k) x[k] = arguments[k][i];
        const double ulps = error_in_ulps(results[i], function.exact({x.data(), arity}));
        if (ulps <= worst.ulps) continue;
        worst = {ulps, {x.begin(), x.begin() + static_cast<std::ptrdiff_t>(arity)}};
    }
    return worst;
}

template <class T>
double worst_error(const MeasuredOp& op, std::size_t count)
{
    Random random(1);
    double worst = 0;
    for (std::size_t drawn = 0; drawn < count;) {
        std::vector<Tensor<T>> tensors;
        std::vector<Wide> wide;
        for (std::size_t k = 0; k < op.shapes.size(); ++k) {
            const Domain& domain = op.domains[k];
            std::vector<double> elements(static_cast<std::size_t>(op.shapes[k].element_count()));
            for (double& x : elements) {
                const Interval& interval = domain.intervals[random.below(domain.intervals.size())];
                x = random.uniform(interval.low, interval.high);
            }
            if (domain.prepare) domain.prepare(elements, op.shapes[k]);
            const std::vector<T> rounded(elements.begin(), elements.end());
            tensors.emplace_back(op.shapes[k], std::span<const T>(rounded));
            wide.emplace_back(rounded.begin(), rounded.end());
            drawn += rounded.size();
        }
        const Array<T> results = std::get<FunctionOn<Tensor<T>>>(op.functions)(tensors).array().contiguous();
        const std::vector<Exact> exact = op.exact(wide);
        if (exact.size() != static_cast<std::size_t>(results.size()))
            return std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < exact.size(); ++i)
            worst = std::max(worst, error_in_ulps(results.data()[i], exact[i].value, exact[i].size));
    }
    return worst;
}

template double error_in_ulps(double, long double);
template double error_in_ulps(float, long double);
template WorstError worst_error<Tensor<double>>(const MeasuredFunction&, std::size_t);
template WorstError worst_error<Tensor<float>>(const MeasuredFunction&, std::size_t);
template WorstError worst_error<Scalar<double>>(const MeasuredFunction&, std::size_t);
template WorstError worst_error<Scalar<float>>(const MeasuredFunction&, std::size_t);
template double worst_error<double>(const MeasuredOp&, std::size_t);
template double worst_error<float>(const MeasuredOp&, std::size_t);

}  // namespace autodiff::tests
