#include <autodiff/ops/shape_ops.hpp>

#include <autodiff/ops/reduce.hpp>

namespace autodiff {

namespace {

Shape with_inferred_size(const Shape& from, const Shape& to)
{
    Shape shape = to;
    Index known = 1;
    std::size_t inferred = to.rank();
    for (std::size_t axis = 0; axis < to.rank(); ++axis) {
        if (to[axis] != -1) known = checked_product("reshape", known, to[axis]);
        else if (inferred == to.rank()) inferred = axis;
        else fail<ShapeError>("reshape: more than one size is -1 in {}", to);
    }
    if (inferred < to.rank()) {
        if (known == 0) fail<ShapeError>("reshape: -1 in {} could be any size, since the others multiply to 0", to);
        shape[inferred] = from.element_count() / known;
    }
    if (shape.element_count() != from.element_count())
        fail<ShapeError>("reshape: {} elements of shape {} do not fill shape {}", from.element_count(), from, to);
    return shape;
}

}  // namespace

template <class T>
Tensor<T> reshape(const Tensor<T>& x, const Shape& to)
{
    const Shape shape = with_inferred_size(x.shape(), to);
    if (shape == x.shape()) return x;
    return record("reshape", x.array().contiguous().view(shape, shape.contiguous_strides(), 0),
                  argument(
                      x, [from = x.shape()](const auto& y_bar) { return reshape(y_bar, from); },
                      [shape](const auto& x_dot) { return reshape(x_dot, shape); }));
}

template <class T>
Tensor<T> broadcast_to(const Tensor<T>& x, const Shape& shape)
{
    if (shape == x.shape()) return x;
    if (!broadcasts_to(x.shape(), shape))
        fail<ShapeError>("broadcast_to: shape {} does not stretch to {}; aligned at the last axis, each size must be "
                         "equal or 1",
                         x.shape(), shape);
    const Strides strides = broadcast_strides(x.shape(), x.array().strides(), shape);
    return record("broadcast_to", x.array().view(shape, strides, 0),
                  argument(
                      x, [from = x.shape()](const auto& y_bar) { return sum_to_shape(y_bar, from); },
                      [shape](const auto& x_dot) { return broadcast_to(x_dot, shape); }));
}

template <class T>
Tensor<T> sum_to_shape(const Tensor<T>& x, const Shape& shape)
{
    if (shape == x.shape()) return x;
    if (!broadcasts_to(shape, x.shape()))
        fail<ShapeError>("sum_to_shape: shape {} is not one that stretches to {}", shape, x.shape());
    const std::size_t offset = x.rank() - shape.rank();
    Axes summed;
    for (std::size_t axis = 0; axis < x.rank(); ++axis)
        if (axis < offset || shape[axis - offset] != x.shape()[axis]) summed.push_back(static_cast<Index>(axis));
    return reshape(sum(x, summed, KeepDims::yes), shape);
}

template Tensor<double> reshape(const Tensor<double>&, const Shape&);
template Tensor<float> reshape(const Tensor<float>&, const Shape&);
template Tensor<double> broadcast_to(const Tensor<double>&, const Shape&);
template Tensor<float> broadcast_to(const Tensor<float>&, const Shape&);
template Tensor<double> sum_to_shape(const Tensor<double>&, const Shape&);
template Tensor<float> sum_to_shape(const Tensor<float>&, const Shape&);

}  // namespace autodiff
