#pragma once

// Activations as parts of a model, for nn::Sequential. Each is the op of the same name, on tensors; all but
// the last two on numbers, too, and on std::vector of numbers (the outputs of an nn::Layer).

#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/softmax.hpp>
#include <autodiff/tensor.hpp>
#include <nn/parameters.hpp>

#include <vector>

namespace nn {

namespace detail {

/// f(x), or f of each number in a vector of them.
template <class F, class X>
auto each(F f, const X& x)
{
    return f(x);
}
template <class F, class X>
auto each(F f, const std::vector<X>& x)
{
    std::vector<decltype(f(x[0]))> y;
    y.reserve(x.size());
    for (const X& number : x) y.push_back(f(number));
    return y;
}

}  // namespace detail

/// y = 1 / (1 + e⁻ˣ)
struct Sigmoid {
    /// Of a number, of each element of a tensor, or of each number in a std::vector.
    auto operator()(const auto& x) const
    {
        return detail::each([](const auto& v) { return autodiff::sigmoid(v); }, x);
    }
};

/// y = tanh x
struct Tanh {
    /// Of a number, of each element of a tensor, or of each number in a std::vector.
    auto operator()(const auto& x) const
    {
        return detail::each([](const auto& v) { return autodiff::tanh(v); }, x);
    }
};

/// y = max(x, 0)
struct Relu {
    /// Of a number, of each element of a tensor, or of each number in a std::vector.
    auto operator()(const auto& x) const
    {
        return detail::each([](const auto& v) { return autodiff::relu(v); }, x);
    }
};

/// y = x if x > 0, else slope x
struct LeakyRelu {
    double slope = 0.01;  ///< of the line where x <= 0

    /// Of a number, of each element of a tensor, or of each number in a std::vector.
    auto operator()(const auto& x) const
    {
        return detail::each([this](const auto& v) { return autodiff::leaky_relu(v, slope); }, x);
    }
    /// Nothing to learn.
    NoParameters parameters() const { return {}; }
};

/// y = x if x > 0, else α (eˣ - 1)   (Clevert et al. 2015)
struct Elu {
    double alpha = 1;  ///< minus the limit of y as x goes to -∞

    /// Of a number, of each element of a tensor, or of each number in a std::vector.
    auto operator()(const auto& x) const
    {
        return detail::each([this](const auto& v) { return autodiff::elu(v, alpha); }, x);
    }
    /// Nothing to learn.
    NoParameters parameters() const { return {}; }
};

/// y = ln(1 + eˣ)
struct Softplus {
    /// Of a number, of each element of a tensor, or of each number in a std::vector.
    auto operator()(const auto& x) const
    {
        return detail::each([](const auto& v) { return autodiff::softplus(v); }, x);
    }
};

/// y = x Φ(x)   (Hendrycks and Gimpel 2016)
struct Gelu {
    /// Of a number, of each element of a tensor, or of each number in a std::vector.
    auto operator()(const auto& x) const
    {
        return detail::each([](const auto& v) { return autodiff::gelu(v); }, x);
    }
};

/// y = x / (1 + e⁻ˣ)   (Elfwing et al. 2018)
struct Silu {
    /// Of a number, of each element of a tensor, or of each number in a std::vector.
    auto operator()(const auto& x) const
    {
        return detail::each([](const auto& v) { return autodiff::silu(v); }, x);
    }
};

/// y = eˣ / Σ eˣ over an axis of a tensor: probabilities of classes
struct Softmax {
    Index axis = -1;  ///< of the classes; -1 is the last

    /// Shaped as x. @throws autodiff::AxisError for an axis that x does not have.
    template <class T>
    Tensor<T> operator()(const Tensor<T>& x) const
    {
        return autodiff::softmax(x, {axis});
    }
    /// Nothing to learn.
    NoParameters parameters() const { return {}; }
};

/// y = x - ln Σ eˣ over an axis of a tensor: the logarithm of Softmax
struct LogSoftmax {
    Index axis = -1;  ///< of the classes; -1 is the last

    /// Shaped as x. @throws autodiff::AxisError for an axis that x does not have.
    template <class T>
    Tensor<T> operator()(const Tensor<T>& x) const
    {
        return autodiff::log_softmax(x, {axis});
    }
    /// Nothing to learn.
    NoParameters parameters() const { return {}; }
};

}  // namespace nn
