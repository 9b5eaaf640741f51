#pragma once

// Pooling and flattening as parts of a model, for nn::Sequential.

#include <autodiff/error.hpp>
#include <autodiff/ops/pooling.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <nn/parameters.hpp>

namespace nn {

using autodiff::PoolingOptions;
using autodiff::RowsColumns;

/// y = the largest element of each window, as autodiff::max_pool2d. nn::MaxPool2d{2} halves rows and columns.
struct MaxPool2d {
    RowsColumns window;           ///< its rows and columns
    PoolingOptions options = {};  ///< how it moves; by its own size if not told otherwise

    /// (…, H, W) -> (…, H', W'). @throws as autodiff::max_pool2d.
    auto operator()(const auto& x) const { return autodiff::max_pool2d(x, window, options); }
    /// Nothing to learn.
    NoParameters parameters() { return {}; }
};

/// y = the mean of each window, as autodiff::avg_pool2d.
struct AvgPool2d {
    RowsColumns window;           ///< its rows and columns
    PoolingOptions options = {};  ///< how it moves; by its own size if not told otherwise

    /// (…, H, W) -> (…, H', W'). @throws as autodiff::avg_pool2d.
    auto operator()(const auto& x) const { return autodiff::avg_pool2d(x, window, options); }
    /// Nothing to learn.
    NoParameters parameters() { return {}; }
};

/// Each sample as one row: (samples, …) -> (samples, product of the rest).
struct Flatten {
    /// @throws autodiff::ShapeError for a tensor of rank 0.
    template <class T>
    Tensor<T> operator()(const Tensor<T>& x) const
    {
        if (x.rank() == 0)
            autodiff::fail<autodiff::ShapeError>("flatten: a single number has no axis of samples");
        Index of_sample = 1;
        for (std::size_t axis = 1; axis < x.rank(); ++axis) of_sample *= x.shape()[axis];
        return reshape(x, Shape{x.shape()[0], of_sample});
    }
};

}  // namespace nn
