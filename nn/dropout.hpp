#pragma once

#include <autodiff/tensor.hpp>
#include <nn/parameters.hpp>

namespace nn {

namespace detail {

template <class T>
Tensor<T> dropout(const Tensor<T>& x, double rate);

}  // namespace detail

/// In training each element is 0 with probability `rate`, and the others are divided by 1 - rate, so that the
/// mean stays; afterwards y = x   (Srivastava et al. 2014, in the form of its section 10).
///     x̄ = ȳ / (1 - rate) where x was kept, else 0
/// Which elements are dropped follows from the key of the nn::TrainingMode.
struct Dropout {
    double rate = 0.5;  ///< the probability that an element is 0, in [0, 1)

    /// @throws autodiff::DomainError unless the rate is in [0, 1).
    template <class T>
    Tensor<T> operator()(const Tensor<T>& x) const
    {
        return detail::dropout(x, rate);
    }
    /// Nothing to learn.
    NoParameters parameters() { return {}; }
};

}  // namespace nn
