#include <autodiff/kernels/ranges.hpp>

#include <autodiff/numbers/math.hpp>
#include <autodiff/rule.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace autodiff::kernels {

namespace {

/// Partial results, each of every 16th term: enough to hide the latency of an addition.
constexpr int parts = 16;

/// combine over i of term(i), with `parts` partial results that are combined pairwise at the end. `term` is
/// given a batch's or a number's position and type.
template <class T>
T reduced(std::size_t count, T of_nothing, const auto& combine, const auto& term)
{
    T result{};
    for_instruction_set([&](auto bytes) {
        constexpr int lanes = lanes_of<T, bytes()>, batches = parts / lanes;
        using B = Batch<T, lanes>;
        std::array<B, batches> partial;
        partial.fill(B(of_nothing));
        std::size_t i = 0;
        for (; i + parts <= count; i += parts)
            for (std::size_t k = 0; k < batches; ++k)
                partial[k] = combine(partial[k], term(i + k * lanes, B()));
        T numbers[parts];
        for (std::size_t k = 0; k < batches; ++k) partial[k].store(numbers + k * lanes);
        for (std::size_t k = 0; i < count; ++i, ++k) numbers[k] = combine(numbers[k], term(i, T()));
        for (std::size_t half = parts / 2; half > 0; half /= 2)
            for (std::size_t k = 0; k < half; ++k) numbers[k] = combine(numbers[k], numbers[k + half]);
        result = numbers[0];
    });
    return result;
}

/// The number or batch at x + i.
template <class T>
[[gnu::always_inline]] inline T at(const T* x, std::size_t i, T)
{
    return x[i];
}
template <class T, int N>
[[gnu::always_inline]] inline Batch<T, N> at(const T* x, std::size_t i, Batch<T, N>)
{
    return Batch<T, N>::load(x + i);
}

/// y[i] = f(x[i], y[i]) in batches.
template <class T>
void transform(std::span<const T> x, T* y, const auto& f)
{
    for_instruction_set([&](auto bytes) {
        constexpr std::size_t lanes = lanes_of<T, bytes()>;
        using B = Batch<T, lanes>;
        std::size_t i = 0;
        for (; i + lanes <= x.size(); i += lanes) f(B::load(x.data() + i), B::load(y + i)).store(y + i);
        for (; i < x.size(); ++i) y[i] = f(x[i], y[i]);
    });
}

}  // namespace

template <class T>
T sum(std::span<const T> x)
{
    return reduced<T>(
        x.size(), 0, [](const auto& a, const auto& b) { return a + b; },
        [&](std::size_t i, auto kind) { return at(x.data(), i, kind); });
}

template <class T>
T prod(std::span<const T> x)
{
    return reduced<T>(
        x.size(), 1, [](const auto& a, const auto& b) { return a * b; },
        [&](std::size_t i, auto kind) { return at(x.data(), i, kind); });
}

template <class T>
T dot(std::span<const T> a, std::span<const T> b)
{
    return reduced<T>(
        a.size(), 0, [](const auto& p, const auto& q) { return p + q; },
        [&](std::size_t i, auto kind) { return at(a.data(), i, kind) * at(b.data(), i, kind); });
}

template <class T>
T exponentials(std::span<const T> x, T shift, T* e)
{
    for_instruction_set([&](auto bytes) {
        constexpr std::size_t lanes = lanes_of<T, bytes()>;
        using B = Batch<T, lanes>;
        std::size_t i = 0;
        for (; i + lanes <= x.size(); i += lanes) B(math::exp(B::load(x.data() + i) - B(shift))).store(e + i);
        // The rest in a batch, too: an element's value does not depend on its place.
        T rest[lanes]{};
        std::copy(x.begin() + static_cast<std::ptrdiff_t>(i), x.end(), rest);
        B(math::exp(B::load(rest) - B(shift))).store(rest);
        std::copy_n(rest, x.size() - i, e + i);
    });
    return sum(std::span<const T>(e, x.size()));
}

template <class T>
void add_scaled(T* y, T a, std::span<const T> x)
{
    transform<T>(x, y, [a](const auto& x_i, const auto& y_i) { return y_i + x_i * a; });
}

template <class T>
void add_chain_products(T* y, std::span<const T> a, std::span<const T> x)
{
    for_instruction_set([&](auto bytes) {
        constexpr std::size_t lanes = lanes_of<T, bytes()>;
        using B = Batch<T, lanes>;
        std::size_t i = 0;
        for (; i + lanes <= x.size(); i += lanes)
            (B::load(y + i) + chain_product(B::load(a.data() + i), B::load(x.data() + i))).store(y + i);
        for (; i < x.size(); ++i) y[i] = y[i] + chain_product(a[i], x[i]);
    });
}

template <class T>
void quotients(T* y, T a, std::span<const T> x)
{
    transform<T>(x, y, [a](const auto& x_i, const auto&) { return a / x_i; });
}

template <class T>
bool has_nan(std::span<const T> x)
{
    bool found = false;
    for_instruction_set([&](auto bytes) {
        constexpr std::size_t lanes = lanes_of<T, bytes()>;
        using B = Batch<T, lanes>;
        Mask<T, lanes> in_lane;
        std::size_t i = 0;
        for (; i + lanes <= x.size(); i += lanes)
            in_lane = in_lane || B::load(x.data() + i) != B::load(x.data() + i);
        for (; i < x.size(); ++i) found |= std::isnan(x[i]);
        found |= any(in_lane);
    });
    return found;
}

template double sum(std::span<const double>);
template double prod(std::span<const double>);
template double dot(std::span<const double>, std::span<const double>);
template double exponentials(std::span<const double>, double, double*);
template void add_scaled(double*, double, std::span<const double>);
template void add_chain_products(double*, std::span<const double>, std::span<const double>);
template void quotients(double*, double, std::span<const double>);
template bool has_nan(std::span<const double>);
template float sum(std::span<const float>);
template float prod(std::span<const float>);
template float dot(std::span<const float>, std::span<const float>);
template float exponentials(std::span<const float>, float, float*);
template void add_scaled(float*, float, std::span<const float>);
template void add_chain_products(float*, std::span<const float>, std::span<const float>);
template void quotients(float*, float, std::span<const float>);
template bool has_nan(std::span<const float>);

}  // namespace autodiff::kernels
