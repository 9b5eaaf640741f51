#include <autodiff/error.hpp>
#include <autodiff/ops/shape_ops.hpp>

#include <autodiff/ops/reduce.hpp>

#include <optional>

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
        if (known == 0)
            fail<ShapeError>("reshape: -1 in {} could be any size, since the others multiply to 0", to);
        shape[inferred] = from.element_count() / known;
    }
    if (shape.element_count() != from.element_count())
        fail<ShapeError>("reshape: {} elements of shape {} do not fill shape {}", from.element_count(), from,
                         to);
    return shape;
}

/// The strides that read an array in another shape of as many elements, if it need not be copied for that.
std::optional<Strides> reshaped_strides(const Shape& from, const Strides& from_strides, const Shape& to)
{
    Shape old;
    Strides strides;
    for (std::size_t axis = 0; axis < from.rank(); ++axis) {
        if (from[axis] == 0) return to.contiguous_strides();
        if (from[axis] == 1) continue;
        old.push_back(from[axis]);
        strides.push_back(from_strides[axis]);
    }
    // The old axes [i, i_end) hold the same elements as the new ones [j, j_end).
    Strides result = Strides::filled(to.rank(), 1);
    for (std::size_t i = 0, j = 0, i_end = 0, j_end = 0; i < old.rank(); i = i_end, j = j_end) {
        Index old_count = old[i_end++];
        Index new_count = to[j_end++];
        while (old_count != new_count) {
            if (old_count < new_count) old_count *= old[i_end++];
            else new_count *= to[j_end++];
        }
        for (std::size_t k = i; k + 1 < i_end; ++k)
            if (strides[k] != strides[k + 1] * old[k + 1]) return std::nullopt;
        result[j_end - 1] = strides[i_end - 1];
        for (std::size_t k = j_end - 1; k > j; --k) result[k - 1] = result[k] * to[k];
    }
    return result;
}

template <class T>
Array<T> reshaped(const Array<T>& x, const Shape& shape)
{
    if (const auto strides = reshaped_strides(x.shape(), x.strides(), shape))
        return x.view(shape, *strides, 0);
    return x.contiguous().view(shape, shape.contiguous_strides(), 0);
}

}  // namespace

template <class T>
Tensor<T> reshape(const Tensor<T>& x, const Shape& to)
{
    if (to == x.shape()) return x;
    const Shape shape = with_inferred_size(x.shape(), to);
    if (shape == x.shape()) return x;
    return record("reshape", reshaped(x.array(), shape),
                  argument(
                      x, [from = x.shape()](const auto& y_bar) { return reshape(y_bar, from); },
                      [shape](const auto& x_dot) { return reshape(x_dot, shape); }));
}

template <class T>
Tensor<T> flatten(const Tensor<T>& x, Index first_axis)
{
    if (x.rank() == 0 && first_axis == 0) return reshape(x, Shape{1});
    const std::size_t first = normalized_axis("flatten", first_axis, x.rank());
    Shape shape;
    Index rest = 1;
    for (std::size_t axis = 0; axis < x.rank(); ++axis) {
        if (axis < first) shape.push_back(x.shape()[axis]);
        else rest = checked_product("flatten", rest, x.shape()[axis]);
    }
    shape.push_back(rest);
    return reshape(x, shape);
}

template <class T>
Tensor<T> squeeze(const Tensor<T>& x, const Axes& axes)
{
    const Axes named = axes.empty() ? Axes{} : normalized_axes("squeeze", axes, x.rank());
    Shape shape;
    for (std::size_t axis = 0; axis < x.rank(); ++axis) {
        const Index size = x.shape()[axis];
        const bool is_named = named.contains(static_cast<Index>(axis));
        if (is_named && size != 1)
            fail<ShapeError>("squeeze: axis {} of shape {} has size {}; only axes of size 1 can be removed",
                             axis, x.shape(), size);
        if (axes.empty() ? size != 1 : !is_named) shape.push_back(size);
    }
    return reshape(x, shape);
}

template <class T>
Tensor<T> unsqueeze(const Tensor<T>& x, const Axes& axes)
{
    if (axes.empty()) return x;
    const std::size_t rank = x.rank() + axes.count();
    if (rank > max_rank)
        fail<ShapeError>("unsqueeze: shape {} with {} more axes has more than {}", x.shape(), axes.count(),
                         max_rank);
    Shape shape = x.shape();
    for (Index axis : normalized_axes("unsqueeze", axes, rank))
        shape.insert(static_cast<std::size_t>(axis), 1);
    return reshape(x, shape);
}

template <class T>
Tensor<T> broadcast_to(const Tensor<T>& x, const Shape& shape)
{
    if (shape == x.shape()) return x;
    if (!broadcasts_to(x.shape(), shape))
        fail<ShapeError>(
            "broadcast_to: shape {} does not stretch to {}; aligned at the last axis, each size "
            "must be equal or 1",
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
        if (axis < offset || shape[axis - offset] != x.shape()[axis])
            summed.push_back(static_cast<Index>(axis));
    return reshape(sum(x, summed, KeepDims::yes), shape);
}

template Tensor<double> reshape(const Tensor<double>&, const Shape&);
template Tensor<float> reshape(const Tensor<float>&, const Shape&);
template Tensor<double> flatten(const Tensor<double>&, Index);
template Tensor<float> flatten(const Tensor<float>&, Index);
template Tensor<double> squeeze(const Tensor<double>&, const Axes&);
template Tensor<float> squeeze(const Tensor<float>&, const Axes&);
template Tensor<double> unsqueeze(const Tensor<double>&, const Axes&);
template Tensor<float> unsqueeze(const Tensor<float>&, const Axes&);
template Tensor<double> broadcast_to(const Tensor<double>&, const Shape&);
template Tensor<float> broadcast_to(const Tensor<float>&, const Shape&);
template Tensor<double> sum_to_shape(const Tensor<double>&, const Shape&);
template Tensor<float> sum_to_shape(const Tensor<float>&, const Shape&);

}  // namespace autodiff
