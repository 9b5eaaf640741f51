#pragma once

// Backpropagation through a network of two inputs, n hidden neurons and one output, derived by hand, in plain
// C++ without the library: what the library's gradients are checked against.
//
// For a sample x with target t:
//
//     z_j = w_j1 x_1 + w_j2 x_2 + b_j     h_j = σ(z_j)          σ(z) = 1 / (1 + e⁻ᶻ),  σ' = σ (1 - σ)
//     z   = Σ_j v_j h_j + c               p   = σ(z)
//     L   = 1/N Σ_samples (p - t)²
//
// The chain rule, from the loss backwards; δ is the adjoint of z, δ_j that of z_j:
//
//     δ       = ∂L/∂p · ∂p/∂z = 2/N (p - t) · p (1 - p)
//     ∂L/∂v_j = δ h_j                     ∂L/∂c = δ
//     δ_j     = δ v_j · h_j (1 - h_j)
//     ∂L/∂w_ji = δ_j x_i                  ∂L/∂b_j = δ_j
//
// The gradient of the batch is the sum over its samples   (Rumelhart, Hinton and Williams 1986).

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace by_hand {

struct Sample {
    std::array<double, 2> x;
    double target;
};

/// The truth table of XOR.
inline const std::vector<Sample> xor_samples{{{0, 0}, 0}, {{0, 1}, 1}, {{1, 0}, 1}, {{1, 1}, 0}};

/// The numbers of a 2-n-1 network, or their derivatives, in the order of the library's parameters:
/// hidden.weight, hidden.bias, output.weight, output.bias.
struct Network {
    std::vector<std::array<double, 2>> w;
    std::vector<double> b;
    std::vector<double> v;
    double c = 0;

    explicit Network(std::size_t hidden) : w(hidden), b(hidden), v(hidden) {}
};

inline double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

struct Backpropagation {
    double loss = 0;
    Network gradient;
    std::vector<double> predictions;
};

//! [backpropagation by hand]
inline Backpropagation backpropagate(const Network& net, const std::vector<Sample>& samples)
{
    const std::size_t hidden = net.b.size();
    const double n = static_cast<double>(samples.size());
    Backpropagation result{0, Network(hidden), {}};
    Network& gradient = result.gradient;
    for (const auto& [x, target] : samples) {
        // Forwards.
        std::vector<double> h(hidden);
        double z = net.c;
        for (std::size_t j = 0; j < hidden; ++j) {
            h[j] = sigmoid(net.w[j][0] * x[0] + net.w[j][1] * x[1] + net.b[j]);
            z += net.v[j] * h[j];
        }
        const double p = sigmoid(z);
        result.predictions.push_back(p);
        result.loss += (p - target) * (p - target) / n;

        // Backwards.
        const double delta = 2 / n * (p - target) * p * (1 - p);
        gradient.c += delta;
        for (std::size_t j = 0; j < hidden; ++j) {
            gradient.v[j] += delta * h[j];
            const double delta_j = delta * net.v[j] * h[j] * (1 - h[j]);
            gradient.w[j][0] += delta_j * x[0];
            gradient.w[j][1] += delta_j * x[1];
            gradient.b[j] += delta_j;
        }
    }
    return result;
}
//! [backpropagation by hand]

/// A step of gradient descent.
inline void descend(Network& net, const Network& gradient, double learning_rate)
{
    for (std::size_t j = 0; j < net.b.size(); ++j) {
        net.w[j][0] -= learning_rate * gradient.w[j][0];
        net.w[j][1] -= learning_rate * gradient.w[j][1];
        net.b[j] -= learning_rate * gradient.b[j];
        net.v[j] -= learning_rate * gradient.v[j];
    }
    net.c -= learning_rate * gradient.c;
}

/// All numbers in a row: w, b, v, c.
inline std::vector<double> flattened(const Network& net)
{
    std::vector<double> numbers;
    for (const auto& row : net.w) numbers.insert(numbers.end(), row.begin(), row.end());
    numbers.insert(numbers.end(), net.b.begin(), net.b.end());
    numbers.insert(numbers.end(), net.v.begin(), net.v.end());
    numbers.push_back(net.c);
    return numbers;
}

/// The network with these numbers, in the order of flattened().
inline Network unflattened(const std::vector<double>& numbers)
{
    const std::size_t hidden = (numbers.size() - 1) / 4;
    Network net(hidden);
    for (std::size_t j = 0; j < hidden; ++j) {
        net.w[j] = {numbers[2 * j], numbers[2 * j + 1]};
        net.b[j] = numbers[2 * hidden + j];
        net.v[j] = numbers[3 * hidden + j];
    }
    net.c = numbers.back();
    return net;
}

}  // namespace by_hand
