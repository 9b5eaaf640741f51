#include <autodiff/ops/convolution.hpp>

#include <autodiff/error.hpp>
#include <autodiff/kernels/convolution.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/program.hpp>

#include <algorithm>

namespace autodiff {

namespace {

using kernels::Convolution;
using kernels::WindowAxis;

template <class T>
Tensor<T> contiguous(const Tensor<T>& x)
{
    return {x.array().contiguous(), x.session(), x.node()};
}

// y = w * x is linear in both. With the transposed maps to x and to w there are three ops, and the pullbacks
// of each are the other two: all three are read off Σ ȳ (w * x), which is linear in ȳ, w and x.

template <class T>
Tensor<T> convolve_back(const Convolution& sizes, const Tensor<T>& y, const Tensor<T>& w);
template <class T>
Tensor<T> correlate(const Convolution& sizes, const Tensor<T>& x, const Tensor<T>& y);

template <class T>
Tensor<T> convolve(const Convolution& sizes, const Tensor<T>& of_x, const Tensor<T>& of_w,
                   const Tensor<T>* bias = nullptr)
{
    const Tensor<T> x = contiguous(of_x), w = contiguous(of_w);
    const auto of_input = argument(
        x, [=](const auto& y_bar) { return convolve_back(sizes, y_bar, w); },
        [=](const auto& x_dot) { return convolve(sizes, x_dot, w); });
    const auto of_weight = argument(
        w, [=](const auto& y_bar) { return correlate(sizes, x, y_bar); },
        [=](const auto& w_dot) { return convolve(sizes, x, w_dot); });
    if (!bias)
        return record("conv2d",
                      replayable("conv2d", kernels::convolve<T>, sizes, x.array(), w.array(), Array<T>()),
                      of_input, of_weight);
    Array<T> y =
        replayable("conv2d", kernels::convolve<T>, sizes, x.array(), w.array(), bias->array().contiguous());
    const Shape shape = y.shape();
    return record("conv2d", std::move(y), of_input, of_weight,
                  argument(
                      *bias, [](const auto& y_bar) { return sum(y_bar, {0, 2, 3}); },
                      [=](const auto& b_dot) {
                          return broadcast_to(reshape(b_dot, Shape{b_dot.size(), 1, 1}), shape);
                      }));
}

template <class T>
Tensor<T> convolve_back(const Convolution& sizes, const Tensor<T>& of_y, const Tensor<T>& of_w)
{
    const Tensor<T> y = contiguous(of_y), w = contiguous(of_w);
    return record("conv_transpose2d",
                  replayable("conv_transpose2d", kernels::convolve_back<T>, sizes, y.array(), w.array()),
                  argument(
                      y, [=](const auto& x_bar) { return convolve(sizes, x_bar, w); },
                      [=](const auto& y_dot) { return convolve_back(sizes, y_dot, w); }),
                  argument(
                      w, [=](const auto& x_bar) { return correlate(sizes, x_bar, y); },
                      [=](const auto& w_dot) { return convolve_back(sizes, y, w_dot); }));
}

template <class T>
Tensor<T> correlate(const Convolution& sizes, const Tensor<T>& of_x, const Tensor<T>& of_y)
{
    const Tensor<T> x = contiguous(of_x), y = contiguous(of_y);
    return record("conv2d_weight", replayable("conv2d", kernels::correlate<T>, sizes, x.array(), y.array()),
                  argument(
                      x, [=](const auto& w_bar) { return convolve_back(sizes, y, w_bar); },
                      [=](const auto& x_dot) { return correlate(sizes, x_dot, y); }),
                  argument(
                      y, [=](const auto& w_bar) { return convolve(sizes, x, w_bar); },
                      [=](const auto& y_dot) { return correlate(sizes, x, y_dot); }));
}

void require_options(const char* op, const ConvolutionOptions& o)
{
    detail::require_option(op, "stride", o.stride, 1);
    detail::require_option(op, "padding", o.padding, 0);
    detail::require_option(op, "dilation", o.dilation, 1);
    if (o.groups < 1) fail<DomainError>("{}: groups is {}; it must be at least 1", op, o.groups);
}

/// @throws LimitError if a padded image has more elements than can be counted.
Convolution countable(const char* op, const Convolution& sizes)
{
    const auto padded = [op](const WindowAxis& axis) {
        return checked_sum(op, axis.input, 2 * axis.padding);
    };
    checked_product(op, checked_product(op, padded(sizes.rows), padded(sizes.columns)),
                    checked_product(op, sizes.channels, sizeof(double)));
    return sizes;
}

Convolution forward_sizes(const Shape& x, const Shape& w, const ConvolutionOptions& o)
{
    require_options("conv2d", o);
    if (x.rank() != 4 || w.rank() != 4 || checked_product("conv2d", w[1], o.groups) != x[1] ||
        w[0] % o.groups != 0)
        fail<ShapeError>(
            "conv2d: x has shape {}, w {}, groups {}; they must be (samples, channels, rows, columns) and "
            "(filters, channels / groups, rows, columns), with filters a multiple of groups",
            x, w, o.groups);
    return countable(
        "conv2d",
        {x[0], x[1], w[0], o.groups,
         detail::window_axis("conv2d", x, 2, w[2], o.stride.rows, o.padding.rows, o.dilation.rows),
         detail::window_axis("conv2d", x, 3, w[3], o.stride.columns, o.padding.columns, o.dilation.columns)});
}

Convolution transposed_sizes(const Shape& y, const Shape& w, const ConvolutionOptions& o, RowsColumns more)
{
    constexpr const char* op = "conv_transpose2d";
    require_options(op, o);
    if (y.rank() != 4 || w.rank() != 4 || w[0] != y[1] || w[0] % o.groups != 0)
        fail<ShapeError>(
            "conv_transpose2d: y has shape {}, w {}, groups {}; they must be (samples, filters, rows, "
            "columns) and (filters, channels / groups, rows, columns), with filters a multiple of groups",
            y, w, o.groups);
    const auto axis = [&](std::size_t i, Index stride, Index padding, Index dilation, Index extra) {
        if (extra < 0 || (extra > 0 && extra >= std::max(stride, dilation)))
            fail<DomainError>(
                "conv_transpose2d: output_padding is {}; it must be at least 0 and below the stride {} or "
                "the dilation {}",
                extra, stride, dilation);
        const Index input = checked_sum(op, checked_product(op, y[i] - 1, stride) - 2 * padding,
                                        checked_sum(op, detail::window_span(op, w[i], dilation), extra));
        if (w[i] == 0 || y[i] == 0 || input < 0)
            fail<ShapeError>("conv_transpose2d: axis {} of y {} and w {} with padding {} leaves a size of {}",
                             i, y, w, padding, input);
        return WindowAxis{input, w[i], y[i], stride, padding, dilation};
    };
    return countable(op, {y[0], checked_product(op, w[1], o.groups), w[0], o.groups,
                          axis(2, o.stride.rows, o.padding.rows, o.dilation.rows, more.rows),
                          axis(3, o.stride.columns, o.padding.columns, o.dilation.columns, more.columns)});
}

}  // namespace

template <class T>
Tensor<T> conv2d(const Tensor<T>& x, const Tensor<T>& w, const ConvolutionOptions& options)
{
    return convolve(forward_sizes(x.shape(), w.shape(), options), x, w);
}

template <class T, std::same_as<Tensor<T>> Bias>
Tensor<T> conv2d(const Tensor<T>& x, const Tensor<T>& w, const Bias& b, const ConvolutionOptions& options)
{
    const Convolution sizes = forward_sizes(x.shape(), w.shape(), options);
    if (b.shape() != Shape{sizes.filters})
        fail<ShapeError>("conv2d: the bias has shape {}; w {} needs one number a filter, ({},)", b.shape(),
                         w.shape(), sizes.filters);
    return convolve(sizes, x, w, &b);
}

template <class T>
Tensor<T> conv_transpose2d(const Tensor<T>& y, const Tensor<T>& w, const ConvolutionOptions& options,
                           RowsColumns output_padding)
{
    return convolve_back(transposed_sizes(y.shape(), w.shape(), options, output_padding), y, w);
}

template Tensor<double> conv2d(const Tensor<double>&, const Tensor<double>&, const ConvolutionOptions&);
template Tensor<float> conv2d(const Tensor<float>&, const Tensor<float>&, const ConvolutionOptions&);
template Tensor<double> conv2d(const Tensor<double>&, const Tensor<double>&, const Tensor<double>&,
                               const ConvolutionOptions&);
template Tensor<float> conv2d(const Tensor<float>&, const Tensor<float>&, const Tensor<float>&,
                              const ConvolutionOptions&);
template Tensor<double> conv_transpose2d(const Tensor<double>&, const Tensor<double>&,
                                         const ConvolutionOptions&, RowsColumns);
template Tensor<float> conv_transpose2d(const Tensor<float>&, const Tensor<float>&, const ConvolutionOptions&,
                                        RowsColumns);

}  // namespace autodiff
