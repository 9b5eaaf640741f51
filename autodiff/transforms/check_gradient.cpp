#include <autodiff/error.hpp>
#include <autodiff/transforms/check_gradient.hpp>

#include <algorithm>
#include <functional>

namespace autodiff::detail {

template <class T>
std::string ops_of(const Trace<T>& trace)
{
    std::vector<std::string_view> names;
    const auto& notes = trace.tape().notes().notes;
    for (std::size_t node = trace.first() + trace.leaves(); node < notes.size(); ++node)
        if (std::find(names.begin(), names.end(), notes[node].name) == names.end())
            names.emplace_back(notes[node].name);
    if (names.empty()) return "a constant function";
    std::string text;
    for (std::string_view name : names) text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
    return text;
}

template std::string ops_of(const Trace<double>&);
template std::string ops_of(const Trace<float>&);

void compare_derivative(CheckReport& report, const CheckOptions& options, const std::string& op,
                        const std::string& where, double at, double analytic,
                        const std::function<double(double)>& value)
{
    const NumericDerivative numeric =
        richardson_derivative(value, options.step * std::max(1.0, std::abs(at)));
    const double scale = std::max({1.0, std::abs(analytic), std::abs(numeric.value)});
    const double difference = std::abs(analytic - numeric.value);
    const double allowed = options.tolerance * scale + numeric.error;
    // Written so that a NaN on either side fails, too.
    if (!(difference <= allowed))
        fail<GradientError>(
            "check_gradient: the derivative of {} with respect to {} = {:.17g} is wrong: analytic {:.12g}, "
            "numeric {:.12g} (± {:.1g}); they differ by {:.3g}, allowed {:.3g}",
            op, where, at, analytic, numeric.value, numeric.error, difference, allowed);
    ++report.compared;
    report.worst_error = std::max(report.worst_error, difference / scale);
}

Tensor<double> checking_weights(const Shape& shape)
{
    Array<double> weights = Array<double>::uninitialized(shape);
    // Multiples of the golden ratio, modulo 1: different, of both signs, none small.
    double fraction = 0;
    for (Index i = 0; i < weights.size(); ++i) {
        fraction += 0.6180339887498949;
        fraction -= std::floor(fraction);
        weights.writable()[i] = (i % 2 == 0 ? 1 : -1) * (0.5 + fraction);
    }
    return weights;
}

double element(const Tensor<double>& x, Index i) { return x.array().contiguous().data()[i]; }

Tensor<double> with_change(const Tensor<double>& x, Index i, double change)
{
    Array<double> copy = Array<double>::uninitialized(x.shape());
    copy_elements(x.array(), copy.writable());
    copy.writable()[i] += change;
    return copy;
}

std::string position_text(std::size_t argument, std::size_t arguments, const Shape& shape, Index i)
{
    std::string text = arguments == 1 ? "x" : fmt::format("x{}", argument + 1);
    if (shape.rank() == 0) return text;
    std::string position;
    for (std::size_t axis = shape.rank(); axis-- > 0; i /= shape[axis])
        position = fmt::format("{}{}{}", i % shape[axis], position.empty() ? "" : ", ", position);
    return text + "[" + position + "]";
}

}  // namespace autodiff::detail
