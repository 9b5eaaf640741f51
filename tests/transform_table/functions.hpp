#pragma once

// What the transforms differentiate: functions of numbers and the same functions of tensors.

#include <autodiff/autodiff.hpp>

namespace autodiff::tests {

template <class C>
using ElementOf = std::remove_cvref_t<decltype(std::declval<const C&>()[0])>;

/// How many numbers they are functions of.
inline constexpr std::size_t inputs = 4;

/// y = tanh(W x) e⁻ˢ + s, s = Σ xᵢ² / 4: a layer whose results share a sub-expression.
template <std::size_t outputs>
struct Layer {
    static constexpr double weight(std::size_t i, std::size_t j)
    {
        return static_cast<double>((5 * i + 3 * j + i * j) % 7) / 4 - 0.75;
    }

    template <NumberContainer C>
    auto operator()(const C& x) const
    {
        using X = ElementOf<C>;
        X s = square(x[0]) / 4;
        for (std::size_t j = 1; j < inputs; ++j) s = s + square(x[j]) / 4;
        const X decay = exp(-s);
        std::vector<X> y;
        for (std::size_t i = 0; i < outputs; ++i) {
            X z = lift<X>(weight(i, 0)) * x[0];
            for (std::size_t j = 1; j < inputs; ++j) z = z + lift<X>(weight(i, j)) * x[j];
            y.push_back(X(tanh(z) * decay + s));
        }
        return y;
    }

    template <class T>
    Tensor<T> operator()(const Tensor<T>& x) const
    {
        std::vector<T> weights;
        for (std::size_t i = 0; i < outputs; ++i)
            for (std::size_t j = 0; j < inputs; ++j) weights.push_back(static_cast<T>(weight(i, j)));
        const Tensor<T> w(Shape{outputs, inputs}, std::span<const T>(weights));
        const Tensor<T> s = sum(square(x)) / 4;
        return tanh(reshape(matmul(w, reshape(x, {inputs, 1})), {outputs})) * exp(-s) + s;
    }
};

/// ln(1 + Σ exp yᵢ) ⟨c, y⟩, y a layer of three.
struct Energy {
    template <NumberContainer C>
    auto operator()(const C& x) const
    {
        const auto y = Layer<3>{}(x);
        return ElementOf<C>(log(1 + exp(y[0]) + exp(y[1]) + exp(y[2])) * (y[0] - y[1] / 2 + y[2] / 4));
    }
    template <Number... X>
    auto operator()(const X&... x) const
    {
        return (*this)(std::array{x...});
    }
    template <class T>
    Tensor<T> operator()(const Tensor<T>& x) const
    {
        const Tensor<T> y = Layer<3>{}(x);
        return log(1 + sum(exp(y))) * sum(y * Tensor<T>{T(1), T(-0.5), T(0.25)});
    }
    template <class T>
    Tensor<T> operator()(const Tensor<T>& x, const Tensor<T>& more) const
    {
        return (*this)(concatenate({x, more}));
    }
};

/// yᵢ = xᵢ₋₁ sin xᵢ - exp(xᵢ₊₁ / 2): a band matrix is its Jacobian.
struct Band {
    template <NumberContainer C>
    auto operator()(const C& x) const
    {
        std::vector<ElementOf<C>> y;
        for (std::size_t i = 1; i + 1 < x.size(); ++i)
            y.push_back(ElementOf<C>(x[i - 1] * sin(x[i]) - exp(x[i + 1] / 2)));
        return y;
    }
};

/// Σ (xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)² (Rosenbrock).
struct Valley {
    template <NumberContainer C>
    auto operator()(const C& x) const
    {
        ElementOf<C> total = square(1 - x[0]);
        for (std::size_t i = 0; i + 1 < x.size(); ++i)
            total = total + square(x[i + 1] - square(x[i])) + square(1 - x[i + 1]);
        return total;
    }
};

}  // namespace autodiff::tests
