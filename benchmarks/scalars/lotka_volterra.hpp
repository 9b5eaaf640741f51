#pragma once

#include "workload.hpp"

#include <autodiff/transforms/iterate.hpp>

#include <algorithm>
#include <array>

namespace scalars {

/// x' = x (α - βy),  y' = y (δx - γ), by 10⁴ steps of the classical Runge–Kutta method; f = xy at the end,
/// with respect to α, β, γ, δ, x(0), y(0).
struct LotkaVolterra {
    static constexpr const char* name = "lotka_volterra";
    static constexpr std::size_t steps = 10'000;
    static constexpr double h = 1e-3;
    Numbers point = {1.5, 1.0, 3.0, 1.0, 1.0, 1.5};

    template <class X>
    struct State {
        X x, y;
    };
    template <class X>
    static State<X> rate(const std::vector<X>& p, const X& x, const X& y)
    {
        return {x * (p[0] - p[1] * y), y * (p[3] * x - p[2])};
    }
    template <class X>
    static State<X> moved(const State<X>& at, double step, const State<X>& k)
    {
        return {at.x + step * k.x, at.y + step * k.y};
    }

    template <class X>
    X operator()(const std::vector<X>& p) const
    {
        State<X> s{p[4], p[5]};
        for (std::size_t i = 0; i < steps; ++i) make_step(p, s);
        return s.x * s.y;
    }
    template <class X>
    static void make_step(const std::vector<X>& p, State<X>& s)
    {
        const State<X> k1 = rate(p, s.x, s.y), s2 = moved(s, h / 2, k1);
        const State<X> k2 = rate(p, s2.x, s2.y), s3 = moved(s, h / 2, k2);
        const State<X> k3 = rate(p, s3.x, s3.y), s4 = moved(s, h, k3);
        const State<X> k4 = rate(p, s4.x, s4.y);
        s.x += h / 6 * (k1.x + 2.0 * k2.x + 2.0 * k3.x + k4.x);
        s.y += h / 6 * (k1.y + 2.0 * k2.y + 2.0 * k3.y + k4.y);
    }

    /// Keeps the state before each step, and computes the stages again on the way back.
    double hand(const Numbers& p, Numbers& p_bar)
    {
        using S = State<double>;
        S s{p[4], p[5]};
        for (S& before : states_) {
            before = s;
            const S k1 = rate(p, s.x, s.y), s2 = moved(s, h / 2, k1), k2 = rate(p, s2.x, s2.y),
                    s3 = moved(s, h / 2, k2), k3 = rate(p, s3.x, s3.y), s4 = moved(s, h, k3),
                    k4 = rate(p, s4.x, s4.y);
            s.x += h / 6 * (k1.x + 2 * k2.x + 2 * k3.x + k4.x);
            s.y += h / 6 * (k1.y + 2 * k2.y + 2 * k3.y + k4.y);
        }

        S s_bar{s.y, s.x};
        std::array<double, 4> rates_bar{};
        // The adjoint of a stage's state from the adjoint of its rate.
        const auto rate_pullback = [&p, &rates_bar](const S& at, const S& k_bar) {
            const double product = at.x * at.y;
            rates_bar[0] += k_bar.x * at.x;
            rates_bar[1] -= k_bar.x * product;
            rates_bar[2] -= k_bar.y * at.y;
            rates_bar[3] += k_bar.y * product;
            const double product_bar = p[3] * k_bar.y - p[1] * k_bar.x;
            return S{p[0] * k_bar.x + product_bar * at.y, product_bar * at.x - p[2] * k_bar.y};
        };
        for (std::size_t i = steps; i-- > 0;) {
            const S& s1 = states_[i];
            const S s2 = moved(s1, h / 2, rate(p, s1.x, s1.y)), s3 = moved(s1, h / 2, rate(p, s2.x, s2.y)),
                    s4 = moved(s1, h, rate(p, s3.x, s3.y)), zero{0, 0};
            const S s4_bar = rate_pullback(s4, moved(zero, h / 6, s_bar));
            const S s3_bar = rate_pullback(s3, moved(moved(zero, h / 3, s_bar), h, s4_bar));
            const S s2_bar = rate_pullback(s2, moved(moved(zero, h / 3, s_bar), h / 2, s3_bar));
            const S s1_bar = rate_pullback(s1, moved(moved(zero, h / 6, s_bar), h / 2, s2_bar));
            s_bar.x += s1_bar.x + s2_bar.x + s3_bar.x + s4_bar.x;
            s_bar.y += s1_bar.y + s2_bar.y + s3_bar.y + s4_bar.y;
        }
        std::copy(rates_bar.begin(), rates_bar.end(), p_bar.begin());
        p_bar[4] = s_bar.x;
        p_bar[5] = s_bar.y;
        return s.x * s.y;
    }

private:
    std::vector<State<double>> states_ = std::vector<State<double>>(steps);
};

template <class X>
X structured(const LotkaVolterra& w, const std::vector<X>& p)
{
    const auto step = []<class Y>(std::size_t, const std::array<Y, 2>& at, const std::vector<Y>& q) {
        LotkaVolterra::State<Y> s{at[0], at[1]};
        LotkaVolterra::make_step(q, s);
        return std::array{s.x, s.y};
    };
    const auto last =
        autodiff::iterate(w.steps, std::array{p[4], p[5]}, step, std::vector<X>(p.begin(), p.begin() + 4));
    return last[0] * last[1];
}

}  // namespace scalars
