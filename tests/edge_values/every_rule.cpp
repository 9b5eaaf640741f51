// What the table of edges can only sample: every elementwise rule at every combination of numbers at the ends
// of their range. A finite value has no derivative that is NaN.

#include <autodiff/ops/elementwise_rules.hpp>
#include <support/recorded_gradient.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace autodiff;

namespace {

template <class T>
std::vector<T> ends()
{
    using Limits = std::numeric_limits<T>;
    std::vector<T> all;
    for (const T x :
         {T(0), Limits::denorm_min(), Limits::min(), std::sqrt(Limits::min()) / 2, T(0.5), T(1), T(3), T(100),
          T(800), std::sqrt(Limits::max()) * 2, Limits::max(), Limits::infinity()}) {
        all.push_back(x);
        all.push_back(-x);
    }
    return all;
}

/// All points of N numbers each of which is one of ends().
template <class T, std::size_t N>
std::vector<std::array<T, N>> corners()
{
    std::vector<std::array<T, N>> all{{}};
    for (std::size_t k = 0; k < N; ++k) {
        std::vector<std::array<T, N>> longer;
        for (auto point : all)
            for (const T x : ends<T>()) {
                point[k] = x;
                longer.push_back(point);
            }
        all = std::move(longer);
    }
    return all;
}

/// A negative number has no real power with an exponent nearby (docs/ops.md).
template <class T, std::size_t N>
bool has_no_derivative(std::string_view op, const std::array<T, N>& x, std::size_t k)
{
    return op == "pow" && k == 1 && std::signbit(x[0]) && x[0] != 0;
}

template <class T, std::size_t N>
void require(const char* op, const char* how, const std::array<T, N>& x, T y, std::size_t k, T slope)
{
    if (!std::isfinite(y) || !std::isnan(slope) || has_no_derivative(op, x, k)) return;
    BOOST_ERROR(
        fmt::format("{}({}) of {} is {}, but derivative {} is NaN", op, fmt::join(x, ", "), how, y, k));
}

template <class T, class Rule>
std::size_t check(const Rule& rule)
{
    constexpr std::size_t N = Rule::arity;
    const auto points = corners<T, N>();
    const auto of = [&rule]<class X>(const std::array<X, N>& x) -> X { return std::apply(rule, x); };
    for (const auto& x : points) {
        const auto [y, slopes] = tests::recorded_value_and_gradient(of, x);
        for (std::size_t k = 0; k < N; ++k) require(rule.name, "numbers", x, static_cast<T>(y), k, slopes[k]);
    }

    // All at once, by the kernels.
    std::array<Tensor<T>, N> columns;
    for (std::size_t k = 0; k < N; ++k) {
        std::vector<T> column;
        for (const auto& x : points) column.push_back(x[k]);
        columns[k] = Tensor<T>(Shape{static_cast<Index>(points.size())}, std::span<const T>(column));
    }
    Trace<T> trace(columns);
    const std::vector<T> y =
        detail::run(trace, [&] { return of(detail::to_array<T, N>(trace.variables())); }).to_vector();
    const auto adjoints = trace.pull(Tensor<T>::ones(columns[0].shape()));
    for (std::size_t k = 0; k < N; ++k) {
        const std::vector<T> slopes = adjoints[k].to_vector();
        for (std::size_t i = 0; i < points.size(); ++i)
            require(rule.name, "tensors", points[i], y[i], k, slopes[i]);
    }
    return points.size();
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_rule_has_a_derivative_that_is_not_a_number_where_its_value_is_finite)
{
    const std::size_t points =
        std::apply([](const auto&... rule) { return ((check<double>(rule) + check<float>(rule)) + ...); },
                   elementwise_rules);
    fmt::print("edge_values: {} points of all elementwise rules\n", points);
}
