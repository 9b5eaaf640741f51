#include <autodiff/ops/pooling.hpp>

#include <autodiff/error.hpp>
#include <autodiff/kernels/pooling.hpp>
#include <autodiff/program.hpp>

namespace autodiff {

namespace {

using kernels::Pooling;

struct Sizes {
    Pooling pooling;
    Shape x, y;
};

Sizes pooling_sizes(const char* op, const Shape& x, RowsColumns window, const PoolingOptions& o)
{
    const RowsColumns stride = o.stride == RowsColumns(0) ? window : o.stride;
    detail::require_option(op, "window", window, 1);
    detail::require_option(op, "stride", stride, 1);
    detail::require_option(op, "padding", o.padding, 0);
    detail::require_option(op, "dilation", o.dilation, 1);
    if (2 * o.padding.rows > window.rows || 2 * o.padding.columns > window.columns)
        fail<DomainError>(
            "{}: padding ({}, {}) is more than half of the window ({}, {}); some windows would see nothing "
            "else",
            op, o.padding.rows, o.padding.columns, window.rows, window.columns);
    if (x.rank() < 2) fail<ShapeError>("{}: x has shape {}; it must be (…, rows, columns)", op, x);
    const std::size_t rows = x.rank() - 2, columns = x.rank() - 1;
    Sizes sizes{
        {1, detail::window_axis(op, x, rows, window.rows, stride.rows, o.padding.rows, o.dilation.rows),
         detail::window_axis(op, x, columns, window.columns, stride.columns, o.padding.columns,
                             o.dilation.columns)},
        x,
        x};
    // Else the first element that a window does not see in the padding is one of x's.
    const auto may_miss = [](const kernels::WindowAxis& axis) { return axis.dilation > axis.input; };
    for (const kernels::WindowAxis& axis : {sizes.pooling.rows, sizes.pooling.columns})
        for (Index i = 0; may_miss(axis) && i < axis.output; ++i)
            if (axis.source(i, axis.first_seen(i)) >= axis.input)
                fail<ShapeError>("{}: with dilation {}, window {} of x {} sees only padding", op,
                                 axis.dilation, i, x);
    for (std::size_t axis = 0; axis < rows; ++axis) sizes.pooling.planes *= x[axis];
    sizes.y[rows] = sizes.pooling.rows.output;
    sizes.y[columns] = sizes.pooling.columns.output;
    return sizes;
}

// The largest elements are picked from x at positions that do not change with it: picking and its transposed
// map are linear, and each is the other's pullback. So it is with sums of windows.

template <class T>
Tensor<T> picked(const Tensor<T>& x, const IndexArray& positions, const Sizes& sizes);

template <class T>
Tensor<T> put_back(const Tensor<T>& y, const IndexArray& positions, const Sizes& sizes)
{
    return record("max_pool2d_back",
                  replayable("max_pool2d", kernels::scatter_to<T>, sizes.x, positions, y.array().contiguous(),
                             sizes.pooling.planes),
                  argument(
                      y, [=](const auto& x_bar) { return picked(x_bar, positions, sizes); },
                      [=](const auto& y_dot) { return put_back(y_dot, positions, sizes); }));
}

/// `values` are those of x at the positions, where they are known.
template <class T>
Tensor<T> picked(const Tensor<T>& x, const Array<T>& values, const IndexArray& positions, const Sizes& sizes)
{
    return record("max_pool2d", values,
                  argument(
                      x, [=](const auto& y_bar) { return put_back(y_bar, positions, sizes); },
                      [=](const auto& x_dot) { return picked(x_dot, positions, sizes); }));
}
template <class T>
Tensor<T> picked(const Tensor<T>& x, const IndexArray& positions, const Sizes& sizes)
{
    return picked(x, replayable("max_pool2d", kernels::gather_from<T>, x.array().contiguous(), positions),
                  positions, sizes);
}

/// What a sum of a window is multiplied with.
template <class T>
T factor(const Pooling& p)
{
    return T{1} / static_cast<T>(p.rows.window * p.columns.window);
}

template <class T>
Tensor<T> averaged(const Tensor<T>& x, const Sizes& sizes);

template <class T>
Tensor<T> spread(const Tensor<T>& y, const Sizes& sizes)
{
    return record("avg_pool2d_back",
                  replayable("avg_pool2d", kernels::sum_pool_back<T>, sizes.pooling, y.array().contiguous(),
                             factor<T>(sizes.pooling), sizes.x),
                  argument(
                      y, [=](const auto& x_bar) { return averaged(x_bar, sizes); },
                      [=](const auto& y_dot) { return spread(y_dot, sizes); }));
}

template <class T>
Tensor<T> averaged(const Tensor<T>& x, const Sizes& sizes)
{
    return record("avg_pool2d",
                  replayable("avg_pool2d", kernels::sum_pool<T>, sizes.pooling, x.array().contiguous(),
                             factor<T>(sizes.pooling), sizes.y),
                  argument(
                      x, [=](const auto& y_bar) { return spread(y_bar, sizes); },
                      [=](const auto& x_dot) { return averaged(x_dot, sizes); }));
}

}  // namespace

template <class T>
Tensor<T> max_pool2d(const Tensor<T>& x, RowsColumns window, const PoolingOptions& options)
{
    const Sizes sizes = pooling_sizes("max_pool2d", x.shape(), window, options);
    const auto find = [sizes](const Array<T>& of) {
        kernels::Maxima<T> maxima = kernels::max_pool(sizes.pooling, of, sizes.y);
        return std::tuple(std::move(maxima.values), std::move(maxima.positions));
    };
    const auto [values, positions] = replayable("max_pool2d", find, x.array().contiguous());
    return picked(x, values, positions, sizes);
}

template <class T>
Tensor<T> avg_pool2d(const Tensor<T>& x, RowsColumns window, const PoolingOptions& options)
{
    return averaged(x, pooling_sizes("avg_pool2d", x.shape(), window, options));
}

template Tensor<double> max_pool2d(const Tensor<double>&, RowsColumns, const PoolingOptions&);
template Tensor<float> max_pool2d(const Tensor<float>&, RowsColumns, const PoolingOptions&);
template Tensor<double> avg_pool2d(const Tensor<double>&, RowsColumns, const PoolingOptions&);
template Tensor<float> avg_pool2d(const Tensor<float>&, RowsColumns, const PoolingOptions&);

}  // namespace autodiff
