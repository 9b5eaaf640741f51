// What ops are in long double.

#include <accuracy/ops.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff::tests {

namespace {

/// Relative to itself.
Exact itself(long double value) { return {value, std::fabs(value)}; }

/// The largest element m and Σ e^(x - m).
struct Exponentials {
    explicit Exponentials(const Wide& x) : largest(*std::ranges::max_element(x))
    {
        for (const long double number : x) total += std::exp(number - largest);
    }

    long double largest, total = 0;
};

}  // namespace

Wide line_of(const Wide& x, std::size_t first, std::size_t step, std::size_t count)
{
    Wide line;
    for (std::size_t k = 0; k < count; ++k) line.push_back(x[first + k * step]);
    return line;
}

std::vector<Exact> exact_sum(const Wide& x)
{
    Exact sum;
    for (const long double term : x) sum.add(term);
    return {sum};
}

std::vector<Exact> exact_mean(const Wide& x)
{
    const Exact sum = exact_sum(x)[0];
    const auto count = static_cast<long double>(x.size());
    return {{sum.value / count, sum.size / count}};
}

std::vector<Exact> exact_cumsum(const Wide& x)
{
    std::vector<Exact> y;
    Exact sum;
    for (const long double term : x) {
        sum.add(term);
        y.push_back(sum);
    }
    return y;
}

std::vector<Exact> exact_product(const Wide& x)
{
    long double product = 1;
    for (const long double factor : x) product *= factor;
    return {itself(product)};
}

std::vector<Exact> exact_norm(const Wide& x)
{
    Exact squares;
    for (const long double number : x) squares.add(number * number);
    return {itself(std::sqrt(squares.value))};
}

std::vector<Exact> exact_variance(const Wide& x)
{
    const long double mean = exact_mean(x)[0].value;
    Exact squares;
    for (const long double number : x) squares.add((number - mean) * (number - mean));
    return {itself(squares.value / static_cast<long double>(x.size()))};
}

std::vector<Exact> exact_deviation(const Wide& x) { return {itself(std::sqrt(exact_variance(x)[0].value))}; }

std::vector<Exact> exact_logsumexp(const Wide& x)
{
    const Exponentials of(x);
    const long double logarithm = std::log(of.total);
    return {{of.largest + logarithm, 1 + std::fabs(of.largest) + logarithm}};
}

std::vector<Exact> exact_softmax(const Wide& x)
{
    std::vector<Exact> y;
    for (const Exact& logarithm : exact_log_softmax(x)) y.push_back(itself(std::exp(logarithm.value)));
    return y;
}

std::vector<Exact> exact_log_softmax(const Wide& x)
{
    const Exponentials of(x);
    std::vector<Exact> y;
    for (const long double number : x) {
        const long double logarithm = number - of.largest - std::log(of.total);
        y.push_back({logarithm, 1 + std::fabs(logarithm)});
    }
    return y;
}

std::vector<Exact> exact_normalized(const Wide& x, const Wide& scale, const Wide& shift, long double epsilon)
{
    const Exact mean = exact_mean(x)[0];
    const long double deviation = std::sqrt(exact_variance(x)[0].value + epsilon);
    std::vector<Exact> y;
    for (std::size_t i = 0; i < x.size(); ++i)
        y.push_back({(x[i] - mean.value) * scale[i] / deviation + shift[i],
                     (std::fabs(x[i]) + mean.size) * std::fabs(scale[i]) / deviation + std::fabs(shift[i])});
    return y;
}

std::vector<Exact> exact_matmul(const Wide& a, const Wide& b, std::size_t m, std::size_t k, std::size_t n)
{
    std::vector<Exact> c(m * n);
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j)
            for (std::size_t p = 0; p < k; ++p) c[i * n + j].add(a[i * k + p] * b[p * n + j]);
    return c;
}

}  // namespace autodiff::tests
