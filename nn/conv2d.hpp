#pragma once

#include <autodiff/ops/convolution.hpp>
#include <nn/linear.hpp>

namespace nn {

using autodiff::ConvolutionOptions;
using autodiff::RowsColumns;

/// Filters that look at every place of an image through the same window:
///   y = w * x + b,   (samples, channels, rows, columns) -> (samples, filters, rows', columns')
/// with rows' and columns' as autodiff::conv2d says.
///
///     nn::Conv2d<float> convolution{1, 6, 5, {.padding = 2}};  // one channel, 6 filters of 5 x 5
///
/// Parameters: weight (filters, channels / groups, rows and columns of the window), bias (filters).
template <class T = double>
struct Conv2d {
    Tensor<T> weight;            ///< (filters, channels / groups, rows, columns)
    Tensor<T> bias;              ///< empty where there is none
    ConvolutionOptions options;  ///< of autodiff::conv2d; the groups decide the shape of the weight

    Conv2d() = default;
    /// The weight has no value until nn::initialize(model, key) draws it; the bias is zero.
    /// @throws autodiff::ShapeError unless channels and filters are multiples of the groups.
    Conv2d(Index channels, Index filters, RowsColumns window, const ConvolutionOptions& with_options = {},
           Bias has_bias = Bias::yes);

    /// False if made with Bias::no, and of a layer without sizes.
    bool has_bias() const { return bias.size() > 0; }

    /// @throws autodiff::ShapeError unless x has the channels and the window fits into it,
    /// autodiff::DomainError if the weight has no value yet or an option is out of range.
    Tensor<T> operator()(const Tensor<T>& x) const;

    /// weight, and bias if there is one.
    Parameters<T> parameters();
};

extern template struct Conv2d<double>;
extern template struct Conv2d<float>;

}  // namespace nn
