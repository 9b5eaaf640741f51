#pragma once

// What a printed program prints: its derivatives in different ways. Printed programs include this.

#include <autodiff/autodiff.hpp>

#include <fmt/core.h>
#include <tuple>

namespace autodiff::tests {

/// Σ g v
template <class T, std::size_t N>
Tensor<T> along(const std::array<Tensor<T>, N>& g, const std::array<Tensor<T>, N>& v)
{
    Tensor<T> sum_of_all(T{0});
    for (std::size_t i = 0; i < N; ++i) sum_of_all = sum_of_all + sum(g[i] * v[i]);
    return sum_of_all;
}
template <class X>
X along(const std::vector<X>& g, const std::vector<double>& v)
{
    X sum_of_all = lift<X>(0);
    for (std::size_t i = 0; i < v.size(); ++i) sum_of_all = sum_of_all + g[i] * v[i];
    return sum_of_all;
}

template <class C>
C moved(C x, const C& v, double step)
{
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = x[i] + step * v[i];
    return x;
}

inline void print(const char* name, double reverse, double forward, double above, double below, double step)
{
    fmt::print("{}: {:.15g} in reverse mode, {:.15g} in forward mode, {:.9g} by differences\n", name, reverse,
               forward, (above - below) / (2 * step));
}

/// The slope and the curvature of f along v.
template <class F>
void report(F f, const std::vector<double>& x, const std::vector<double>& v)
{
    const double h = 1e-4;
    const auto slope = [&](const auto& at) { return along(gradient(f, at), v); };
    print("slope", slope(x), jvp(f, x, v).tangent, f(moved(x, v, h)), f(moved(x, v, -h)), h);
    print("curvature", along(gradient(slope, x), v), along(hvp(f, x, v), v), slope(moved(x, v, h)),
          slope(moved(x, v, -h)), h);
}

template <class F, std::size_t N>
void report(F f, const std::array<Tensor<double>, N>& x, const std::array<Tensor<double>, N>& v)
{
    const double h = 1e-4;
    const auto as_array = [](const auto& g) {
        if constexpr (N == 1) return std::array<Tensor<double>, 1>{g};
        else return g;
    };
    const auto slope = [&](const auto&... at) { return along(as_array(gradient(f, at...)), v); };
    const auto value_at = [&](double step) { return std::apply(f, moved(x, v, step)).item(); };
    const auto slope_at = [&](double step) { return std::apply(slope, moved(x, v, step)).item(); };
    const auto of_slope = [&](const auto&... at) { return gradient(slope, at...); };
    print("slope", slope_at(0), jvp(f, x, v).tangent.item(), value_at(h), value_at(-h), h);
    print("curvature", along(as_array(std::apply(of_slope, x)), v).item(), jvp(slope, x, v).tangent.item(),
          slope_at(h), slope_at(-h), h);
}

}  // namespace autodiff::tests
