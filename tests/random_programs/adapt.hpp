#pragma once

// How a program brings a value to where a statement can take it. Printed programs include this.

#include <autodiff/autodiff.hpp>

#include <algorithm>
#include <numbers>
#include <numeric>
#include <span>
#include <vector>

namespace autodiff::tests {

/// x, smoothly between low and high, with a derivative that keeps its digits far out (that of a sigmoid does
/// not).
template <class X>
X into(const X& x, double low, double high)
{
    return lift<X>(low + (high - low) * (0.5 + std::numbers::inv_pi * atan(x)));
}

/// x's elements in another shape: some of them where it is smaller, again and again where it is larger.
template <class T>
Tensor<T> shaped(const Tensor<T>& x, const Shape& shape)
{
    if (x.shape() == shape) return x;
    const Index size = shape.element_count();
    if (x.size() == size) return reshape(x, shape);
    if (x.size() == 0 || size == 0) return broadcast_to(sum(x), shape);
    const auto copies = static_cast<std::size_t>((size - 1) / x.size() + 1);
    const Tensor<T> enough = concatenate(std::vector<Tensor<T>>(copies, flatten(x)));
    return reshape(slice(enough, {Slice{0, size}}), shape);
}

/// Numbers from 0 on that are all different, in no order, x's influence on them smaller than their
/// distances: no step makes two of them equal.
template <class T>
Tensor<T> apart(const Tensor<T>& x)
{
    const Index size = x.size();
    Index stride = 7;
    while (size > 0 && std::gcd(stride, size) > 1) ++stride;
    std::vector<T> places;
    for (Index i = 0; i < size; ++i)
        places.push_back(static_cast<T>(0.1) * static_cast<T>(stride * i % size));
    return Tensor<T>(x.shape(), std::span<const T>(places)) + 0.05 * sigmoid(x);
}

/// x · factors + shifts, element by element.
template <class T>
Tensor<T> adjusted(const Tensor<T>& x, const std::vector<double>& factors, const std::vector<double>& shifts)
{
    const auto constant = [&](const std::vector<double>& values) {
        const std::vector<T> converted(values.begin(), values.end());
        return Tensor<T>(x.shape(), std::span<const T>(converted));
    };
    return x * constant(factors) + constant(shifts);
}

/// What a loop makes of x and a number that all of x may have a share in: neither saturated, where
/// derivatives lose their digits, nor chaotic, where differences do.
template <class X>
X next_value(const X& x, const X& number)
{
    double size = 1;
    if constexpr (is_tensor<X>) size = static_cast<double>(std::max<Index>(1, x.size()));
    return lift<X>(tanh((x + sin(number) / size) / 4));
}

template <class X>
X total(const std::vector<X>& numbers)
{
    X sum = lift<X>(0);
    for (const X& number : numbers) sum = sum + number;
    return sum;
}

template <class X>
std::vector<X> cosines(const std::vector<X>& numbers)
{
    std::vector<X> result;
    for (const X& number : numbers) result.push_back(cos(number));
    return result;
}

inline constexpr auto pair_op =
    elementwise("pair", [](auto a, auto b) { return a * sin(b) - b / (2 + a * a); });

/// Of `count` numbers v made of x, Σ pair(vᵢ, vᵢ₊₁) over neighbours and Σ pair(v₂ᵢ, v₂ᵢ₊₁) over columns: by
/// map, which finds the runs among them, or one by one.
template <class X>
X sum_of_pairs(const std::vector<X>& x, std::size_t count, bool one_by_one = false)
{
    std::vector<X> v, even, odd;
    for (std::size_t i = 0; i < count; ++i)
        v.push_back(lift<X>(tanh(x[i % x.size()] + 0.01 * static_cast<double>(i)) / 8));
    for (std::size_t i = 0; i + 1 < count; i += 2) {
        even.push_back(v[i]);
        odd.push_back(v[i + 1]);
    }
    const std::span<const X> all(v);
    const auto neighbours = all.first(count - 1), next = all.last(count - 1);
    if (!one_by_one) return lift<X>(sum(map(pair_op, neighbours, next)) + sum(map(pair_op, even, odd)));
    X sum_of_all = lift<X>(0);
    for (std::size_t i = 0; i + 1 < count; ++i) sum_of_all = sum_of_all + pair_op(v[i], v[i + 1]);
    for (std::size_t i = 0; i < even.size(); ++i) sum_of_all = sum_of_all + pair_op(even[i], odd[i]);
    return sum_of_all;
}

/// (x, z) ↦ f(x…, z) for a captured z, which is a constant for whoever differentiates by x.
template <class F, class Z>
auto captured(F f, Z z)
{
    return [f, z]<class X>(std::vector<X> x)
        requires std::invocable<const F&, std::vector<X>>
    {
        x.push_back(lift<X>(z));
        return f(std::move(x));
    };
}

/// (i, x) ↦ f(x…, 0.1 i)
template <class F>
auto counted(F f)
{
    return [f]<class C, class X = typename C::value_type>(std::size_t i, const C& x)
        requires std::invocable<const F&, std::vector<X>>
    {
        std::vector<X> all(x.begin(), x.end());
        all.push_back(lift<X>(0.1 * static_cast<double>(i)));
        return f(std::move(all));
    };
}

/// (i, (s), x) ↦ (f(s, x…, 0.1 i))
template <class F>
auto stepped(F f)
{
    return [f]<class S, class C, class X = Deepest<typename S::value_type, typename C::value_type>>(
               std::size_t i, const S& state, const C& x)
        requires std::invocable<const F&, std::vector<X>>
    {
        std::vector<X> all{lift<X>(state[0])};
        for (const auto& number : x) all.push_back(lift<X>(number));
        return std::vector<X>{counted(f)(i, all)};
    };
}

}  // namespace autodiff::tests
