#include <autodiff/error.hpp>
#include <autodiff/ops/permute.hpp>

namespace autodiff {

namespace {

/// As in the call: the two axes that are swapped, or the order of all.
std::string in_words(std::string_view name, const Axes& order)
{
    if (name != "swap_axes") return in_braces(order);
    std::string moved;
    for (std::size_t i = 0; i < order.count(); ++i)
        if (order[i] != static_cast<Index>(i)) moved += (moved.empty() ? "" : ", ") + std::to_string(i);
    return moved;
}

template <class T>
Tensor<T> permuted(const char* name, const Tensor<T>& x, const Axes& order)
{
    Shape shape;
    Strides strides;
    Axes inverse = order;
    for (std::size_t i = 0; i < order.count(); ++i) {
        const auto axis = static_cast<std::size_t>(order[i]);
        shape.push_back(x.shape()[axis]);
        strides.push_back(x.array().strides()[axis]);
        inverse[axis] = static_cast<Index>(i);
    }
    return record({name, [&] { return in_words(name, order); }}, x.array().view(shape, strides, 0),
                  argument(
                      x, [name, inverse](const auto& y_bar) { return permuted(name, y_bar, inverse); },
                      [name, order](const auto& x_dot) { return permuted(name, x_dot, order); }));
}

Axes all_axes(std::size_t rank) { return normalized_axes("axes", {}, rank); }

}  // namespace

template <class T>
Tensor<T> permute(const Tensor<T>& x, const Axes& axes)
{
    Axes order;
    for (Index axis : axes) {
        const auto position = static_cast<Index>(normalized_axis("permute", axis, x.rank()));
        if (order.contains(position))
            fail<AxisError>("permute: axis {} is named twice in {}", position, axes);
        order.push_back(position);
    }
    if (order.count() != x.rank())
        fail<AxisError>("permute: {} names {} axes of shape {}; name each of its {} axes once", axes,
                        axes.count(), x.shape(), x.rank());
    return order == all_axes(x.rank()) ? x : permuted("permute", x, order);
}

template <class T>
Tensor<T> transpose(const Tensor<T>& x)
{
    if (x.rank() < 2) return x;
    Axes order = all_axes(x.rank());
    for (std::size_t i = 0; 2 * i + 1 < order.count(); ++i) std::swap(order[i], order[order.count() - 1 - i]);
    return permuted("transpose", x, order);
}

template <class T>
Tensor<T> swap_axes(const Tensor<T>& x, Index a, Index b)
{
    const std::size_t first = normalized_axis("swap_axes", a, x.rank());
    const std::size_t second = normalized_axis("swap_axes", b, x.rank());
    if (first == second) return x;
    Axes order = all_axes(x.rank());
    std::swap(order[first], order[second]);
    return permuted("swap_axes", x, order);
}

template <class T>
Tensor<T> flip(const Tensor<T>& x, const Axes& axes)
{
    const Axes over = normalized_axes("flip", axes, x.rank());
    Strides strides = x.array().strides();
    Index last = 0;  // where the last element along the axes lies
    for (Index axis : over) {
        const auto i = static_cast<std::size_t>(axis);
        if (x.size() > 0) last += (x.shape()[i] - 1) * strides[i];
        strides[i] = -strides[i];
    }
    const auto flipped = [over](const auto& bar) { return flip(bar, over); };
    return record({"flip", [&] { return axes_in_words(over, x.rank(), KeepDims::no); }},
                  x.array().view(x.shape(), strides, last), argument(x, flipped, flipped));
}

template Tensor<double> permute(const Tensor<double>&, const Axes&);
template Tensor<float> permute(const Tensor<float>&, const Axes&);
template Tensor<double> transpose(const Tensor<double>&);
template Tensor<float> transpose(const Tensor<float>&);
template Tensor<double> swap_axes(const Tensor<double>&, Index, Index);
template Tensor<float> swap_axes(const Tensor<float>&, Index, Index);
template Tensor<double> flip(const Tensor<double>&, const Axes&);
template Tensor<float> flip(const Tensor<float>&, const Axes&);

}  // namespace autodiff
