#pragma once

#include <nn/init.hpp>

namespace nn {

/// A vector for each of `count` things, such as words, looked up by number:
///   y = weight[indices],   indices (…) -> (…, features)
/// Parameters: weight (count, features).
template <class T = double>
struct Embedding {
    Tensor<T> weight;  ///< (count, features): row i is the vector of thing i

    Embedding() = default;
    /// The weight has no value until nn::initialize(model, key) draws it.
    Embedding(Index count, Index features) : weight(detail::unset<T>({count, features})) {}

    /// @throws autodiff::IndexError for an index below 0 or not below count, autodiff::DomainError if the
    /// weight has no value yet.
    Tensor<T> operator()(const autodiff::IndexArray& indices) const;

    /// weight.
    Parameters<T> parameters() { return {{"weight", &weight}}; }
};

extern template struct Embedding<double>;
extern template struct Embedding<float>;

}  // namespace nn
