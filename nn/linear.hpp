#pragma once

#include <nn/init.hpp>

namespace nn {

/// Whether a layer adds a bias.
enum class Bias : bool {
    no,  ///< its bias is empty, and no parameter
    yes  ///< one number for each output or filter
};

/// A layer of neurons, on tensors: row j of the weight holds the weights of neuron j.
///   y = x Wᵀ + b,   (…, inputs) -> (…, outputs),   W: (outputs, inputs),   b: (outputs)
/// Parameters: weight, bias.
template <class T = double>
struct Linear {
    Tensor<T> weight;  ///< (outputs, inputs)
    Tensor<T> bias;    ///< empty where there is none

    Linear() = default;
    /// The weight has no value until nn::initialize(model, key) draws it; the bias is zero.
    Linear(Index inputs, Index outputs, Bias has_bias = Bias::yes);
    /// The weight is drawn here; the bias is zero.
    Linear(Index inputs, Index outputs, Key key, const Initializer& draw = glorot_uniform);
    /// With these weights. @throws autodiff::ShapeError unless they are (outputs, inputs) and (outputs).
    Linear(Tensor<T> with_weight, Tensor<T> with_bias);

    /// Length of the last axis of x.
    Index inputs() const { return weight.size(1); }
    /// Length of the last axis of y.
    Index outputs() const { return weight.size(0); }
    /// False if made with Bias::no, and of a layer without sizes.
    bool has_bias() const { return bias.size() > 0; }

    /// @throws autodiff::ShapeError unless the last axis of x holds the inputs, autodiff::DomainError if the
    /// weight has no value yet.
    Tensor<T> operator()(const Tensor<T>& x) const;

    /// weight, and bias if there is one.
    Parameters<T> parameters();
};

extern template struct Linear<double>;
extern template struct Linear<float>;

}  // namespace nn
