#pragma once

// Pooling and flattening as parts of a model, for nn::Sequential.

#include <autodiff/ops/pooling.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <nn/parameters.hpp>

namespace nn {

using autodiff::PoolingOptions;
using autodiff::RowsColumns;

/// y = the largest element of each window, as autodiff::max_pool2d. nn::MaxPool2d{2} halves rows and columns.
struct MaxPool2d {
    RowsColumns window;
    PoolingOptions options = {};

    auto operator()(const auto& x) const { return autodiff::max_pool2d(x, window, options); }
    NoParameters parameters() { return {}; }
};

/// y = the mean of each window, as autodiff::avg_pool2d.
struct AvgPool2d {
    RowsColumns window;
    PoolingOptions options = {};

    auto operator()(const auto& x) const { return autodiff::avg_pool2d(x, window, options); }
    NoParameters parameters() { return {}; }
};

/// Each sample as one row: (samples, …) -> (samples, product of the rest).
struct Flatten {
    /// @throws autodiff::ShapeError for a tensor of rank 0.
    template <class T>
    Tensor<T> operator()(const Tensor<T>& x) const
    {
        const Index samples = x.size(0);
        return reshape(x, Shape{samples, samples == 0 ? 0 : x.size() / samples});
    }
};

}  // namespace nn
