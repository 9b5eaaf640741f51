#pragma once

#include "workload.hpp"

#include <autodiff/transforms/arrays.hpp>
#include <autodiff/transforms/iterate.hpp>

#include <algorithm>
#include <span>

namespace scalars {

/// Burgers' equation in two dimensions, u' + u ∂u/∂x + v ∂u/∂y = ν Δu and the same for v, on 100 x 100
/// points: 20 explicit steps, upwind in the advection (u and v are positive), central in the diffusion, fixed
/// boundary. f = |u|² + |v|² at the end, with respect to u and v at the start.
struct Burgers {
    static constexpr const char* name = "burgers";
    static constexpr std::size_t n = 100, cells = n * n, steps = 20;
    static constexpr double a = 0.2, b = 0.05;  // Δt / Δx and ν Δt / Δx²
    Numbers point = uniform(2 * cells, 0.1, 1);

    /// w at the next time, for w = u or v; c is the cell.
    template <class X>
    static X stepped(const X* w, const X* u, const X* v, std::size_t c)
    {
        return w[c] - a * (u[c] * (w[c] - w[c - 1]) + v[c] * (w[c] - w[c - n])) +
               b * (w[c - 1] + w[c + 1] + w[c - n] + w[c + n] - 4.0 * w[c]);
    }

    template <class X>
    static void step(const X* u, const X* v, X* next_u, X* next_v)
    {
        for (std::size_t i = 1; i + 1 < n; ++i)
            for (std::size_t c = i * n + 1; c < i * n + n - 1; ++c) {
                next_u[c] = stepped(u, u, v, c);
                next_v[c] = stepped(v, u, v, c);
            }
    }

    template <class X>
    X operator()(const std::vector<X>& x) const
    {
        std::vector<X> now = x, next = x;
        for (std::size_t t = 0; t < steps; ++t) {
            step(now.data(), now.data() + cells, next.data(), next.data() + cells);
            now.swap(next);
        }
        X f = 0.0;
        for (const X& w : now) f += w * w;
        return f;
    }

    double hand(const Numbers& x, Numbers& x_bar)
    {
        fields_[0] = x;
        for (std::size_t t = 0; t < steps; ++t) {
            if (fields_[t + 1].empty()) fields_[t + 1] = x;  // the boundary stays
            step(fields_[t].data(), fields_[t].data() + cells, fields_[t + 1].data(),
                 fields_[t + 1].data() + cells);
        }
        double f = 0;
        for (std::size_t c = 0; c < 2 * cells; ++c) {
            f += fields_[steps][c] * fields_[steps][c];
            x_bar[c] = computed_[c] = 2 * fields_[steps][c];
        }
        // The adjoints of what the steps compute. The boundary's, which they do not, gather in x_bar.
        clear_boundary(computed_.data());
        clear_boundary(computed_.data() + cells);
        for (std::size_t t = steps; t-- > 0;) {
            const double *u = fields_[t].data(), *v = u + cells, *p = computed_.data(), *q = p + cells;
            pull_step(u, v, p, q, before_.data(), before_.data() + cells);
            pull_boundary(u, v, p, x_bar.data());
            pull_boundary(u, v, q, x_bar.data() + cells);
            computed_.swap(before_);
        }
        for (std::size_t i = 1; i + 1 < n; ++i)
            for (std::size_t c = i * n + 1; c < i * n + n - 1; ++c) {
                x_bar[c] = computed_[c];
                x_bar[cells + c] = computed_[cells + c];
            }
        return f;
    }

private:
    std::vector<Numbers> fields_ = std::vector<Numbers>(steps + 1);
    Numbers computed_ = Numbers(2 * cells), before_ = Numbers(2 * cells);

    static void clear_boundary(double* w)
    {
        for (std::size_t i = 0; i < n; ++i) w[i] = w[cells - n + i] = w[i * n] = w[i * n + n - 1] = 0;
    }

    /// Each cell gathers from the cells it was read by; p and q are the adjoints of the next u and v.
    static void pull_step(const double* u, const double* v, const double* p, const double* q,
                          double* __restrict u_bar, double* __restrict v_bar)
    {
        for (std::size_t i = 1; i + 1 < n; ++i)
            for (std::size_t c = i * n + 1; c < i * n + n - 1; ++c) {
                u_bar[c] = p[c] * (1 - 4 * b - a * (2 * u[c] - u[c - 1] + v[c])) -
                           q[c] * a * (v[c] - v[c - 1]) + from_neighbours(p, u, v, c);
                v_bar[c] = q[c] * (1 - 4 * b - a * (2 * v[c] - v[c - n] + u[c])) -
                           p[c] * a * (u[c] - u[c - n]) + from_neighbours(q, u, v, c);
            }
    }
    static double from_neighbours(const double* p, const double* u, const double* v, std::size_t c)
    {
        return (a * u[c + 1] + b) * p[c + 1] + (a * v[c + n] + b) * p[c + n] + b * (p[c - 1] + p[c - n]);
    }
    static void pull_boundary(const double* u, const double* v, const double* p, double* w_bar)
    {
        for (std::size_t i = 1; i + 1 < n; ++i) {
            const std::size_t left = i * n, right = left + n - 1, lower = i, upper = cells - n + i;
            w_bar[left] += (a * u[left + 1] + b) * p[left + 1];
            w_bar[lower] += (a * v[lower + n] + b) * p[lower + n];
            w_bar[right] += b * p[right - 1];
            w_bar[upper] += b * p[upper - n];
        }
    }
};

/// u and v at the next time, as elementwise ops of a cell, its neighbours and the other field.
inline constexpr auto burgers_stepped = [](auto w, auto left, auto right, auto lower, auto upper, auto u,
                                           auto v) {
    return w - Burgers::a * (u * (w - left) + v * (w - lower)) +
           Burgers::b * (left + right + lower + upper - 4.0 * w);
};
inline constexpr auto burgers_u =
    autodiff::elementwise("burgers_u", [](auto u, auto left, auto right, auto lower, auto upper, auto v) {
        return burgers_stepped(u, left, right, lower, upper, u, v);
    });
inline constexpr auto burgers_v =
    autodiff::elementwise("burgers_v", [](auto v, auto left, auto right, auto lower, auto upper, auto u) {
        return burgers_stepped(v, left, right, lower, upper, u, v);
    });

/// As steps of a loop whose state is u and v, each a map of all cells from the first inner one to the last:
/// what that makes of the boundary between is not used.
template <class X>
X structured(const Burgers&, const std::vector<X>& x)
{
    constexpr std::size_t n = Burgers::n, cells = Burgers::cells;
    const auto step = []<class Y>(std::size_t, const std::vector<Y>& now) {
        std::vector<Y> next;
        next.reserve(now.size());
        const auto append = [&](const std::vector<Y>& some, std::size_t begin, std::size_t end) {
            next.insert(next.end(), some.begin() + begin, some.begin() + end);
        };
        const auto append_field = [&](const auto& op, std::size_t w, std::size_t other) {
            const auto from = [&now](std::size_t cell) {
                return std::span(&now[cell + n + 1], cells - 2 * (n + 1));
            };
            const auto inner =
                autodiff::map(op, from(w), from(w - 1), from(w + 1), from(w - n), from(w + n), from(other));
            append(now, w, w + n);
            for (std::size_t row = 1; row + 1 < n; ++row) {
                const std::size_t begin = row * n;
                next.push_back(now[w + begin]);
                append(inner, begin - n, begin - 2);
                next.push_back(now[w + begin + n - 1]);
            }
            append(now, w + cells - n, w + cells);
        };
        append_field(burgers_u, 0, cells);
        append_field(burgers_v, cells, 0);
        return next;
    };
    const auto last = autodiff::iterate({Burgers::steps, 1}, x, step);
    return dot(last, last);
}

}  // namespace scalars
