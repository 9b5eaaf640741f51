#pragma once

// Two networks in plain loops: the small one that learns XOR, and a chain of layers.

#include "workload.hpp"

#include <autodiff/transforms/arrays.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace scalars {

/// The mean squared error of a 2-4-1 network of sigmoids on the four samples of XOR, with respect to its 17
/// weights: for each hidden neuron two weights and a bias, then the output's four weights and bias.
struct XorNetwork {
    static constexpr const char* name = "xor_network";
    static constexpr std::size_t hidden = 4, inputs = 2, samples = 4;
    static constexpr double sample[samples][inputs] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    static constexpr double target[samples] = {0, 1, 1, 0};
    Numbers point = uniform(17, -1, 1);

    template <class X>
    static X sigmoid(const X& z)
    {
        using std::exp;
        return 1.0 / (1.0 + exp(-z));
    }

    template <class X>
    X operator()(const std::vector<X>& w) const
    {
        X loss = 0.0;
        for (std::size_t s = 0; s < samples; ++s) {
            X z = w[16];
            for (std::size_t h = 0; h < hidden; ++h) {
                const X in = w[3 * h] * sample[s][0] + w[3 * h + 1] * sample[s][1] + w[3 * h + 2];
                z += w[12 + h] * sigmoid(in);
            }
            const X error = sigmoid(z) - target[s];
            loss += error * error;
        }
        return loss / double(samples);
    }

    double hand(const Numbers& w, Numbers& w_bar) const
    {
        double loss = 0;
        w_bar.assign(w.size(), 0);
        for (std::size_t s = 0; s < samples; ++s) {
            std::array<double, hidden> a;
            double z = w[16];
            for (std::size_t h = 0; h < hidden; ++h) {
                a[h] = sigmoid(w[3 * h] * sample[s][0] + w[3 * h + 1] * sample[s][1] + w[3 * h + 2]);
                z += w[12 + h] * a[h];
            }
            const double y = sigmoid(z), error = y - target[s];
            loss += error * error;
            const double z_bar = 2 * error / samples * y * (1 - y);
            w_bar[16] += z_bar;
            for (std::size_t h = 0; h < hidden; ++h) {
                const double in_bar = z_bar * w[12 + h] * a[h] * (1 - a[h]);
                w_bar[12 + h] += z_bar * a[h];
                w_bar[3 * h] += in_bar * sample[s][0];
                w_bar[3 * h + 1] += in_bar * sample[s][1];
                w_bar[3 * h + 2] += in_bar;
            }
        }
        return loss / samples;
    }
};

/// f = |y₅|², yₖ = tanh(Wₖ yₖ₋₁), with respect to five 100 x 100 matrices Wₖ and the vector y₀ after them.
struct MatrixChain {
    static constexpr const char* name = "matrix_chain";
    static constexpr std::size_t n = 100, layers = 5;
    Numbers point = uniform(layers * n * n + n, -0.17, 0.17);

    template <class X>
    X operator()(const std::vector<X>& x) const
    {
        using std::tanh;
        std::vector<X> y(x.end() - n, x.end()), next(n);
        for (std::size_t k = 0; k < layers; ++k) {
            for (std::size_t i = 0; i < n; ++i) {
                X sum = 0.0;
                for (std::size_t j = 0; j < n; ++j) sum += x[(k * n + i) * n + j] * y[j];
                next[i] = tanh(sum);
            }
            y.swap(next);
        }
        X f = 0.0;
        for (std::size_t i = 0; i < n; ++i) f += y[i] * y[i];
        return f;
    }

    double hand(const Numbers& x, Numbers& x_bar) const
    {
        std::array<std::array<double, n>, layers + 1> y;
        std::copy(x.end() - n, x.end(), y[0].begin());
        for (std::size_t k = 0; k < layers; ++k)
            for (std::size_t i = 0; i < n; ++i) {
                double sum = 0;
                for (std::size_t j = 0; j < n; ++j) sum += x[(k * n + i) * n + j] * y[k][j];
                y[k + 1][i] = std::tanh(sum);
            }
        double f = 0;
        std::array<double, n> y_bar, before;
        for (std::size_t i = 0; i < n; ++i) {
            f += y[layers][i] * y[layers][i];
            y_bar[i] = 2 * y[layers][i];
        }
        for (std::size_t k = layers; k-- > 0; y_bar = before) {
            before.fill(0);
            for (std::size_t i = 0; i < n; ++i) {
                const double sum_bar = y_bar[i] * (1 - y[k + 1][i] * y[k + 1][i]);
                const double* w = &x[(k * n + i) * n];
                double* w_bar = &x_bar[(k * n + i) * n];
                for (std::size_t j = 0; j < n; ++j) {
                    w_bar[j] = sum_bar * y[k][j];
                    before[j] += sum_bar * w[j];
                }
            }
        }
        std::copy(y_bar.begin(), y_bar.end(), x_bar.end() - n);
        return f;
    }
};

template <class X>
X structured(const MatrixChain&, const std::vector<X>& x)
{
    constexpr std::size_t n = MatrixChain::n;
    std::vector<X> y(x.end() - n, x.end());
    for (std::size_t k = 0; k < MatrixChain::layers; ++k) {
        const std::span<const X> weights(&x[k * n * n], n * n);
        y = autodiff::map(autodiff::tanh_rule, autodiff::matmul(autodiff::as_matrix(weights, n, n), y));
    }
    return dot(y, y);
}

}  // namespace scalars
