#pragma once

// Losses: one number that says how wrong predictions are, the mean over all of them. They are strict: shapes
// must be equal, nothing broadcasts. (A prediction of shape (n, 1) against a target of shape (n) would
// broadcast to (n, n) and train towards the wrong thing without a word.)

#include <autodiff/tensor.hpp>

namespace nn {

using autodiff::IndexArray;
using autodiff::Tensor;

// Losses are objects, so that they can be handed on: nn::compile(model, optimizer, nn::mse).

/// Mean squared error.
struct MeanSquaredError {
    /// L = mean of (p - t)²,   ∂L/∂p = 2 (p - t) / n
    /// @throws autodiff::ShapeError unless the shapes are equal, autodiff::DomainError if they are empty.
    template <class T>
    Tensor<T> operator()(const Tensor<T>& prediction, const Tensor<T>& target) const;
};
/// L = mean of (p - t)²: MeanSquaredError has the formulas and errors.
inline constexpr MeanSquaredError mse;

/// Binary cross-entropy, from probabilities.
struct BinaryCrossEntropy {
    /// L = mean of -(t ln p + (1 - t) ln(1 - p)),   ∂L/∂p = (p - t) / (p (1 - p) n),   p and t in [0, 1]
    /// A logarithm below -100 counts as -100 (as in PyTorch): a certain but wrong prediction costs 100 and
    /// has no gradient. From logits there is no such limit: prefer binary_cross_entropy_from_logits.
    /// @throws autodiff::ShapeError unless the shapes are equal, autodiff::DomainError if they are empty or a
    /// number lies outside [0, 1].
    template <class T>
    Tensor<T> operator()(const Tensor<T>& probability, const Tensor<T>& target) const;
};
/// L = mean of -(t ln p + (1 - t) ln(1 - p)): see BinaryCrossEntropy.
inline constexpr BinaryCrossEntropy binary_cross_entropy;

/// Binary cross-entropy of the probability σ(z) = 1 / (1 + e⁻ᶻ), from the logit z.
struct BinaryCrossEntropyFromLogits {
    /// L = mean of -(t ln σ(z) + (1 - t) ln σ(-z)),   ∂L/∂z = (σ(z) - t) / n,   t in [0, 1]
    /// Both are right to rounding for logits of any size.
    /// @throws autodiff::ShapeError unless the shapes are equal, autodiff::DomainError if they are empty or a
    /// target lies outside [0, 1].
    template <class T>
    Tensor<T> operator()(const Tensor<T>& logits, const Tensor<T>& target) const;
};
/// The same from logits z, p = σ(z): see BinaryCrossEntropyFromLogits.
inline constexpr BinaryCrossEntropyFromLogits binary_cross_entropy_from_logits;

/// Cross-entropy over classes, from logits. The classes are the last axis; the mean is over all others.
struct CrossEntropy {
    /// L = mean of -ln softmax(z)_label,   ∂L/∂z = (softmax(z) - [c = label]) / n
    ///   logits (…, classes), labels (…) from 0 to classes - 1
    /// @throws autodiff::ShapeError unless the shapes fit, autodiff::DomainError if there are no labels,
    /// autodiff::IndexError for a label that is no class.
    template <class T>
    Tensor<T> operator()(const Tensor<T>& logits, const IndexArray& labels) const;
    /// L = mean of -Σ_c p_c ln softmax(z)_c,   ∂L/∂z = (softmax(z) Σ_c p_c - p) / n
    ///   logits and probabilities (…, classes)
    /// @throws autodiff::ShapeError unless the shapes are equal, autodiff::DomainError if they are empty or a
    /// probability lies outside [0, 1].
    template <class T>
    Tensor<T> operator()(const Tensor<T>& logits, const Tensor<T>& probabilities) const;
};
/// L = mean of -ln softmax(z)_label: see CrossEntropy.
inline constexpr CrossEntropy cross_entropy;

}  // namespace nn
