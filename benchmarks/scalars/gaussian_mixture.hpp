#pragma once

#include "workload.hpp"

#include <autodiff/transforms/arrays.hpp>
#include <autodiff/transforms/scoped.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace scalars {

/// The log-likelihood of 1,000 points in 10 dimensions under a mixture of 25 Gaussians (as in ADBench, Šrajer
/// et al. 2018, without the prior and constants). Component k has a log weight αₖ, a mean μₖ and a lower
/// triangular inverse factor Qₖ of its covariance, whose diagonal is exp of what is given:
///
///     f = Σᵢ log Σₖ exp(αₖ + Σⱼ log Qₖⱼⱼ - ½ |Qₖ (xᵢ - μₖ)|²) - n log Σₖ exp αₖ
struct GaussianMixture {
    static constexpr const char* name = "gaussian_mixture";
    static constexpr std::size_t d = 10, components = 25, triangle = d * (d - 1) / 2;
    // Where the parameters lie: αs, means, logarithms of the diagonals, what is below the diagonals.
    static constexpr std::size_t means = components, diagonals = means + components * d,
                                 lowers = diagonals + components * d,
                                 parameters = lowers + components * triangle;
    std::size_t n = 1000;  // points
    Numbers point = uniform(parameters, -0.5, 0.5);
    Numbers samples = uniform(n * d, -1, 1);

    static auto log_sum_exp(const auto& terms)
    {
        using std::exp, std::log;
        using X = std::remove_cvref_t<decltype(terms[0])>;
        X largest = terms[0];
        for (const X& term : terms)
            if (term > largest) largest = term;
        X sum = 0.0;
        for (const X& term : terms) sum += exp(term - largest);
        return X(largest + log(sum));
    }

    /// log Σₖ exp(offsetₖ - ½ |Qₖ (xᵢ - μₖ)|²)
    template <class X>
    X log_density(std::size_t i, const std::vector<X>& p, const std::vector<X>& scales,
                  const std::vector<X>& offsets) const
    {
        std::array<X, components> terms;
        std::array<X, d> centred;
        for (std::size_t k = 0; k < components; ++k) {
            for (std::size_t j = 0; j < d; ++j) centred[j] = samples[i * d + j] - p[means + k * d + j];
            X distance = 0.0;
            std::size_t entry = lowers + k * triangle;
            for (std::size_t j = 0; j < d; ++j) {
                X u = scales[k * d + j] * centred[j];
                for (std::size_t l = 0; l < j; ++l) u += p[entry++] * centred[l];
                distance += u * u;
            }
            terms[k] = offsets[k] - 0.5 * distance;
        }
        return log_sum_exp(terms);
    }

    /// The log-likelihood, with the sum of the log densities taken by total(p, scales, offsets).
    template <class X, class Total>
    X likelihood(const std::vector<X>& p, Total total) const
    {
        using std::exp;
        const std::vector<X> alphas(p.begin(), p.begin() + components);
        std::vector<X> scales(components * d), offsets = alphas;
        for (std::size_t k = 0; k < components; ++k)
            for (std::size_t j = 0; j < d; ++j) {
                scales[k * d + j] = exp(p[diagonals + k * d + j]);
                offsets[k] += p[diagonals + k * d + j];
            }
        return total(p, scales, offsets) - double(n) * log_sum_exp(alphas);
    }

    template <class X>
    X operator()(const std::vector<X>& x) const
    {
        return likelihood(x, [this](const auto&... p) {
            X f = 0.0;
            for (std::size_t i = 0; i < n; ++i) f += this->log_density(i, p...);
            return f;
        });
    }

    double hand(const Numbers& p, Numbers& p_bar)
    {
        const Numbers alphas(p.begin(), p.begin() + components);
        std::fill(p_bar.begin(), p_bar.end(), 0.0);
        Numbers scales(components * d), offsets = alphas;
        for (std::size_t k = 0; k < components; ++k)
            for (std::size_t j = 0; j < d; ++j) {
                scales[k * d + j] = std::exp(p[diagonals + k * d + j]);
                offsets[k] += p[diagonals + k * d + j];
            }
        double f = 0;
        Numbers terms(components), centred(components * d), u(components * d);
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t k = 0; k < components; ++k) {
                double* z = &centred[k * d];
                for (std::size_t j = 0; j < d; ++j) z[j] = samples[i * d + j] - p[means + k * d + j];
                double distance = 0;
                const double* entry = &p[lowers + k * triangle];
                for (std::size_t j = 0; j < d; ++j) {
                    double sum = scales[k * d + j] * z[j];
                    for (std::size_t l = 0; l < j; ++l) sum += *entry++ * z[l];
                    u[k * d + j] = sum;
                    distance += sum * sum;
                }
                terms[k] = offsets[k] - 0.5 * distance;
            }
            const double term_sum = log_sum_exp(terms);
            f += term_sum;
            for (std::size_t k = 0; k < components; ++k)
                component_pullback(p, p_bar, k, std::exp(terms[k] - term_sum), &centred[k * d], &u[k * d],
                                   &scales[k * d]);
        }
        const double alpha_sum = log_sum_exp(alphas);
        for (std::size_t k = 0; k < components; ++k) {
            for (std::size_t j = 0; j < d; ++j) p_bar[diagonals + k * d + j] += p_bar[k];
            p_bar[k] -= n * std::exp(alphas[k] - alpha_sum);
        }
        return f - n * alpha_sum;
    }

private:
    /// Adds what component k with responsibility r = ∂f/∂term contributes: ū = -r u, z̄ = Qᵀ ū, Q̄ = ū zᵀ.
    static void component_pullback(const Numbers& p, Numbers& p_bar, std::size_t k, double r, const double* z,
                                   const double* u, const double* scale)
    {
        p_bar[k] += r;
        double* diagonal_bar = &p_bar[diagonals + k * d];
        const double* entry = &p[lowers + k * triangle];
        double* entry_bar = &p_bar[lowers + k * triangle];
        std::array<double, d> z_bar{};
        for (std::size_t j = 0; j < d; ++j) {
            const double u_bar = -r * u[j];
            diagonal_bar[j] += u_bar * z[j] * scale[j];
            z_bar[j] += u_bar * scale[j];
            for (std::size_t l = 0; l < j; ++l) {
                z_bar[l] += u_bar * entry[l];
                entry_bar[l] += u_bar * z[l];
            }
            entry += j;
            entry_bar += j;
        }
        for (std::size_t j = 0; j < d; ++j) p_bar[means + k * d + j] -= z_bar[j];
    }
};

/// -½ |u|², as an elementwise op.
inline constexpr auto gaussian_exponent =
    autodiff::elementwise("gaussian_exponent", [](auto... u) { return -0.5 * ((u * u) + ...); });

/// As products of matrices: Qₖ (xᵢ - μₖ) is column i of Bₖ [xᵢ 1]ᵀ, where Bₖ = [Qₖ | -Qₖ μₖ].
template <class X>
X structured(const GaussianMixture& w, const std::vector<X>& p)
{
    using autodiff::as_matrix, autodiff::logsumexp, autodiff::matmul;
    static constexpr std::size_t d = GaussianMixture::d, components = GaussianMixture::components,
                                 block = d * (d + 1), columns = 50;
    std::vector<X> maps(components * block), offsets(p.begin(), p.begin() + components);
    for (std::size_t k = 0; k < components; ++k) {
        std::size_t entry = w.lowers + k * w.triangle;
        for (std::size_t j = 0; j < d; ++j) {
            X* const row = &maps[k * block + j * (d + 1)];
            const X* const mean = &p[w.means + k * d];
            row[j] = exp(p[w.diagonals + k * d + j]);
            row[d] = -row[j] * mean[j];
            for (std::size_t l = 0; l < j; ++l) {
                row[l] = p[entry++];
                row[d] -= row[l] * mean[l];
            }
            offsets[k] += p[w.diagonals + k * d + j];
        }
    }
    const auto log_densities = [&w]<class Y>(std::size_t part, const std::vector<Y>& b,
                                             const std::vector<Y>& offset) {
        std::array<double, (d + 1) * columns> x;
        x.fill(1);
        for (std::size_t i = 0; i < columns; ++i)
            for (std::size_t j = 0; j < d; ++j) x[j * columns + i] = w.samples[(part * columns + i) * d + j];
        std::vector<Y> terms(columns * components);
        for (std::size_t k = 0; k < components; ++k) {
            const std::span<const Y> map(&b[k * block], block);
            const std::vector<Y> u = matmul(as_matrix(map, d, d + 1), as_matrix(x, d + 1, columns));
            const auto exponents = [&]<std::size_t... J>(std::index_sequence<J...>) {
                return autodiff::map(gaussian_exponent, std::span(&u[J * columns], columns)...);
            }(std::make_index_sequence<d>());
            for (std::size_t i = 0; i < columns; ++i) terms[i * components + k] = offset[k] + exponents[i];
        }
        Y sum = 0.0;
        for (std::size_t i = 0; i < columns; ++i)
            sum += logsumexp(std::span<const Y>(&terms[i * components], components));
        return sum;
    };
    return autodiff::sum_over(w.n / columns, log_densities, maps, offsets) -
           double(w.n) * logsumexp(std::span<const X>(p.data(), components));
}

}  // namespace scalars
