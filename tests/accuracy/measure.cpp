#include <accuracy/measure.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace autodiff::tests {

template <class T>
double error_in_ulps(T y, long double exact)
{
    using Limits = std::numeric_limits<T>;
    if (std::isnan(exact) || std::isnan(y))
        return std::isnan(exact) && std::isnan(y) ? 0 : std::numeric_limits<double>::infinity();
    const long double beyond = std::ldexp(1.0L, Limits::max_exponent);
    const long double bounded = std::clamp(exact, -beyond, beyond);
    const long double result = std::clamp(static_cast<long double>(y), -beyond, beyond);
    // The exponent of the ulp at 2ᵏ ≤ |exact| < 2ᵏ⁺¹; that of `beyond` is the largest number's.
    const int least = Limits::min_exponent - Limits::digits;
    const int exponent = bounded == 0 ? least
                                      : std::clamp(std::ilogb(bounded) + 1 - Limits::digits, least,
                                                   Limits::max_exponent - Limits::digits);
    return static_cast<double>(std::ldexp(std::fabs(result - bounded), -exponent));
}

template <class T>
WorstError worst_error(const MeasuredFunction& function, std::size_t count)
{
    Random random(1);
    const std::size_t arity = function.points.size();
    std::vector<std::vector<T>> arguments;
    for (const Points& points : function.points) arguments.push_back(numbers<T>(points, count, random));
    std::size_t length = 0;
    for (const auto& argument : arguments) length = std::max(length, argument.size());
    for (auto& argument : arguments)
        while (argument.size() < length) argument.push_back(argument[random.below(argument.size())]);

    std::vector<Tensor<T>> tensors;
    for (const auto& argument : arguments)
        tensors.emplace_back(Shape{static_cast<Index>(length)}, std::span<const T>(argument));
    const Tensor<T> values = std::get<OnTensors<T>>(function.functions)(tensors);

    WorstError worst;
    std::array<long double, 3> x{};
    for (std::size_t i = 0; i < length; ++i) {
        for (std::size_t k = 0; k < arity; ++k) x[k] = arguments[k][i];
        const double ulps = error_in_ulps(values.array().data()[i], function.exact({x.data(), arity}));
        if (ulps <= worst.ulps) continue;
        worst = {ulps, {x.begin(), x.begin() + static_cast<std::ptrdiff_t>(arity)}};
    }
    return worst;
}

template double error_in_ulps(double, long double);
template double error_in_ulps(float, long double);
template WorstError worst_error<double>(const MeasuredFunction&, std::size_t);
template WorstError worst_error<float>(const MeasuredFunction&, std::size_t);

}  // namespace autodiff::tests
