#include <autodiff/error.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/reduction_definitions.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/program.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff {

using detail::Reduction;

namespace {

Index degrees_of_freedom(const char* op, const Reduction& over, Index correction)
{
    if (correction < 0) fail<DomainError>("{}: correction {}; it must not be negative", op, correction);
    if (over.count() <= correction || over.count() == 0)
        fail<DomainError>(
            "{}: {} elements along axes {} of shape {} with a correction of {}; there must be more "
            "elements than that",
            op, over.count(), over.axes, over.shape, correction);
    return over.count() - correction;
}

/// x - mean
template <class T>
Tensor<T> deviations(const Tensor<T>& x, const Axes& axes)
{
    return x - mean(x, axes, KeepDims::yes);
}

/// The same, and nothing of equal elements, whose mean may be rounded: what it is off by is a few units in
/// the last place, of which the mean is exact.
template <class T>
Tensor<T> exact_deviations(const Tensor<T>& x, const Axes& axes)
{
    const Tensor<T> rounded = mean(x, axes, KeepDims::yes);
    return x - (rounded + mean(x - rounded, axes, KeepDims::yes));
}

template <class T>
Tensor<T> variance_of_values(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims, Index freedom)
{
    return sum(square(exact_deviations(Tensor<T>(x.array()), axes)), axes, keep_dims) / freedom;
}

/// a / b, and 0 where b is 0, with all derivatives.
template <class T>
Tensor<T> quotient_or_zero(const Tensor<T>& a, const Tensor<T>& b)
{
    return where(b == 0, 0, a / where(b == 0, 1, b));
}

/// y = √Σ x²
template <class T>
Array<T> length(const Array<T>& array, const Axes& axes, KeepDims keep_dims)
{
    const Tensor<T> x(array);
    const Array<T> squares = sum(square(x), axes, keep_dims).array();
    constexpr T low = std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon();
    constexpr T high = std::numeric_limits<T>::max();
    const bool is_safe = std::all_of(squares.data(), squares.data() + squares.size(),
                                     [](T square_sum) { return low <= square_sum && square_sum <= high; });
    if (is_safe || array.size() == 0) return sqrt(Tensor<T>(squares)).array();
    const Tensor<T> largest = max(abs(x), axes, KeepDims::yes);
    const Tensor<T> scale = where(largest == 0, 1, where(largest > high, 1, largest));
    return (reshape(scale, squares.shape()) * sqrt(sum(square(x / scale), axes, keep_dims))).array();
}

/// y = √(Σ (x - mean)² / freedom)
template <class T>
Array<T> deviation(const Array<T>& x, const Axes& axes, KeepDims keep_dims, Index freedom)
{
    const Array<T> of_zero_mean = exact_deviations(Tensor<T>(x), axes).array();
    return (Tensor<T>(length(of_zero_mean, axes, keep_dims)) / std::sqrt(static_cast<T>(freedom))).array();
}

}  // namespace

template <class T>
Tensor<T> variance(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims, Index correction)
{
    const Reduction over("variance", x.shape(), axes);
    const Index freedom = degrees_of_freedom("variance", over, correction);
    const T factor = T{2} / static_cast<T>(freedom);
    return record({"variance", [&] { return axes_in_words(over.axes, x.rank(), keep_dims); }},
                  variance_of_values(x, over.axes, keep_dims, freedom).array(),
                  argument(
                      x,
                      [x, over, factor](const auto& y_bar) {
                          return chain_product(reshape(y_bar * factor, over.kept()),
                                               deviations(x, over.axes));
                      },
                      [x, axes = over.axes, factor, keep_dims](const auto& x_dot) {
                          return sum(chain_product(x_dot, deviations(x, axes)), axes, keep_dims) * factor;
                      }));
}

template <class T>
Tensor<T> standard_deviation(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims, Index correction)
{
    const Reduction over("standard_deviation", x.shape(), axes);
    const Index freedom = degrees_of_freedom("standard_deviation", over, correction);
    const auto partial = [x, over, freedom](const Tensor<T>& y) {
        return quotient_or_zero(exact_deviations(x, over.axes), reshape(y * freedom, over.kept()));
    };
    return record({"standard_deviation", [&] { return axes_in_words(over.axes, x.rank(), keep_dims); }},
                  replayable("standard_deviation", deviation<T>, x.array(), over.axes, keep_dims, freedom),
                  argument(
                      x,
                      [partial, kept = over.kept()](const auto& y_bar, const auto& y) {
                          return chain_product(reshape(y_bar, kept), partial(y));
                      },
                      [partial, axes = over.axes, keep_dims](const auto& x_dot, const auto& y) {
                          return sum(chain_product(x_dot, partial(y)), axes, keep_dims);
                      }));
}

template <class T>
Tensor<T> norm(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims)
{
    const Reduction over("norm", x.shape(), axes);
    return record({"norm", [&] { return axes_in_words(over.axes, x.rank(), keep_dims); }},
                  replayable("norm", length<T>, x.array(), over.axes, keep_dims),
                  argument(
                      x,
                      [x, kept = over.kept()](const auto& y_bar, const auto& y) {
                          return chain_product(reshape(y_bar, kept), quotient_or_zero(x, reshape(y, kept)));
                      },
                      [x, over, keep_dims](const auto& x_dot, const auto& y) {
                          return sum(chain_product(x_dot, quotient_or_zero(x, reshape(y, over.kept()))),
                                     over.axes, keep_dims);
                      }));
}

template Tensor<double> variance(const Tensor<double>&, const Axes&, KeepDims, Index);
template Tensor<float> variance(const Tensor<float>&, const Axes&, KeepDims, Index);
template Tensor<double> standard_deviation(const Tensor<double>&, const Axes&, KeepDims, Index);
template Tensor<float> standard_deviation(const Tensor<float>&, const Axes&, KeepDims, Index);
template Tensor<double> norm(const Tensor<double>&, const Axes&, KeepDims);
template Tensor<float> norm(const Tensor<float>&, const Axes&, KeepDims);

}  // namespace autodiff
