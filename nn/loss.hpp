#pragma once

// Losses: one number that says how wrong predictions are, the mean over all of them. They are strict: shapes
// must be equal, nothing broadcasts. (A prediction of shape (n, 1) against a target of shape (n) would
// broadcast to (n, n) and train towards the wrong thing without a word.)

#include <autodiff/tensor.hpp>

namespace nn {

using autodiff::IndexArray;
using autodiff::Tensor;

// Losses are objects, so that they can be handed on: nn::compile(model, optimizer, nn::mse).

struct MeanSquaredError {
    template <class T>
    Tensor<T> operator()(const Tensor<T>& prediction, const Tensor<T>& target) const;
};
struct BinaryCrossEntropy {
    template <class T>
    Tensor<T> operator()(const Tensor<T>& probability, const Tensor<T>& target) const;
};
struct BinaryCrossEntropyFromLogits {
    template <class T>
    Tensor<T> operator()(const Tensor<T>& logits, const Tensor<T>& target) const;
};
struct CrossEntropy {
    template <class T>
    Tensor<T> operator()(const Tensor<T>& logits, const IndexArray& labels) const;
    template <class T>
    Tensor<T> operator()(const Tensor<T>& logits, const Tensor<T>& probabilities) const;
};

/// mse(prediction, target) = mean of (prediction - target)²
/// @throws autodiff::ShapeError unless the shapes are equal, autodiff::DomainError if they are empty.
inline constexpr MeanSquaredError mse;

/// binary_cross_entropy(probability p, target t) = mean of -(t ln p + (1 - t) ln(1 - p)), for p and t in [0,
/// 1]. A logarithm below -100 counts as -100 (as in PyTorch), so a certain but wrong prediction costs 100 and
/// has no gradient. Computed from logits the loss has neither limit: prefer binary_cross_entropy_from_logits.
/// @throws autodiff::ShapeError unless the shapes are equal, autodiff::DomainError if they are empty or a
/// number lies outside [0, 1].
inline constexpr BinaryCrossEntropy binary_cross_entropy;

/// binary_cross_entropy_from_logits(logits z, target t) = mean of -(t ln σ(z) + (1 - t) ln σ(-z)), for t in
/// [0, 1]: the binary cross-entropy of the probability σ(z) = 1 / (1 + e⁻ᶻ). Exact for logits of any size;
/// its gradient is (σ(z) - t) / n.
/// @throws autodiff::ShapeError unless the shapes are equal, autodiff::DomainError if they are empty or a
/// target lies outside [0, 1].
inline constexpr BinaryCrossEntropyFromLogits binary_cross_entropy_from_logits;

/// cross_entropy(logits z, labels) = mean of -ln softmax(z)_label, (…, classes) with labels (…) in [0,
/// classes). cross_entropy(logits z, probabilities p) = mean of -Σ_c p_c ln softmax(z)_c, both (…, classes),
/// the sum over classes. The mean is over all but the last axis. Exact for logits of any size; the gradient
/// is (softmax(z) - p) / n.
/// @throws autodiff::ShapeError unless the shapes fit, autodiff::DomainError if they are empty,
/// autodiff::IndexError for a label that is no class.
inline constexpr CrossEntropy cross_entropy;

}  // namespace nn
