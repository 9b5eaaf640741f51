#pragma once

// Ops that rearrange elements, cut tensors and put them together, on what is drawn.

#include "shape_draw.hpp"

namespace autodiff::tests {

template <class T>
Tensor<T> stretched_out(ShapeDraw<T>& draw)
{
    draw.calls("broadcast_to");
    const Tensor<T>& x = draw.operand();
    return broadcast_to(x, draw.shape());
}
template <class T>
Tensor<T> reshaped(ShapeDraw<T>& draw)
{
    draw.calls("reshape");
    const Tensor<T>& x = draw.operand();
    return reshape(x, draw.shape());
}
template <class T>
Tensor<T> permuted(ShapeDraw<T>& draw)
{
    draw.calls("permute");
    const Tensor<T>& x = draw.operand();
    return permute(x, draw.shape());
}
template <class T>
Tensor<T> sliced(ShapeDraw<T>& draw)
{
    draw.calls("slice");
    Slice positions{.step = draw.size()};
    if (draw.below(2)) positions.start = draw.size();
    if (draw.below(2)) positions.stop = draw.size();
    const Tensor<T>& x = draw.operand();
    return slice(x, positions, draw.size());
}
template <class T>
Tensor<T> joined(ShapeDraw<T>& draw)
{
    draw.calls("concatenate");
    const Tensor<T>&a = draw.operand(), &b = draw.operand(), &c = draw.operand();
    return concatenate({a, b, c}, draw.size());
}
template <class T>
Tensor<T> stacked(ShapeDraw<T>& draw)
{
    draw.calls("stack");
    const Tensor<T>&a = draw.operand(), &b = draw.operand();
    return stack({a, b}, draw.size());
}
template <class T>
Tensor<T> taken(ShapeDraw<T>& draw)
{
    const Tensor<T>& x = draw.operand();
    const IndexArray positions = draw.indices();
    switch (draw.below(3)) {
        case 0: draw.calls("take"); return take(x, positions, draw.size());
        case 1: draw.calls("gather"); return gather(x, positions, draw.size());
        default: {
            draw.calls("scatter_add");
            const Tensor<T>& updates = draw.operand();
            return scatter_add(x, positions, updates, draw.size());
        }
    }
}
template <class T>
Tensor<T> padded(ShapeDraw<T>& draw)
{
    draw.calls("pad");
    const Tensor<T>& x = draw.operand();
    std::vector<Padding> padding(x.rank());
    double elements = 1;
    for (std::size_t axis = 0; axis < x.rank(); ++axis) {
        const Index before = draw.size(), after = draw.size();
        padding[axis] = {before, after};
        elements *=
            static_cast<double>(x.shape()[axis]) + static_cast<double>(before) + static_cast<double>(after);
    }
    draw.is_hostile_if(elements > computable);  // little on each of many axes
    return pad(x, padding);
}
template <class T>
Tensor<T> parted(ShapeDraw<T>& draw)
{
    const Tensor<T>& x = draw.operand();
    std::vector<Tensor<T>> parts;
    if (draw.below(2)) {
        draw.calls("split");
        const Index count = draw.size();
        parts = split(x, count, draw.size());
    } else {
        draw.calls("split_sizes");
        const Index a = draw.size(), b = draw.size(), c = draw.size();
        parts = split_sizes(x, {a, b, c}, draw.size());
    }
    return parts.empty() ? x : parts.back();
}
template <class T>
Tensor<T> reranked(ShapeDraw<T>& draw)
{
    switch (draw.below(3)) {
        case 0: {
            draw.calls("squeeze");
            const Tensor<T>& x = draw.operand();
            return squeeze(x, draw.shape());
        }
        case 1: {
            draw.calls("unsqueeze");
            const Tensor<T>& x = draw.operand();
            return unsqueeze(x, draw.shape());
        }
        default: {
            draw.calls("flatten");
            const Tensor<T>& x = draw.operand();
            return flatten(x, draw.size());
        }
    }
}
template <class T>
Tensor<T> flipped(ShapeDraw<T>& draw)
{
    const bool flips = draw.below(2) > 0;
    draw.calls(flips ? "flip" : "swap_axes");
    const Tensor<T>& x = draw.operand();
    if (flips) return flip(x, draw.shape());
    const Index a = draw.size();
    return swap_axes(x, a, draw.size());
}
template <class T>
Tensor<T> selected(ShapeDraw<T>& draw)
{
    draw.calls("select");
    const Tensor<T>& x = draw.operand();
    const Index position = draw.size();
    return select(x, position, draw.size());
}
template <class T>
Tensor<T> triangled(ShapeDraw<T>& draw)
{
    const std::size_t kind = draw.below(5);
    const Tensor<T>& x = draw.operand();
    if (!can_compute(x)) return x;
    switch (kind) {
        case 0: draw.calls("diagonal"); return diagonal(x);
        case 1: draw.calls("diagonal_matrix"); return diagonal_matrix(x);
        case 2: draw.calls("trace"); return trace(x);
        case 3: draw.calls("lower_triangle"); return lower_triangle(x, draw.size());
        default: draw.calls("upper_triangle"); return upper_triangle(x, draw.size());
    }
}
/// Tensors that are made of sizes.
template <class T>
Tensor<T> made(ShapeDraw<T>& draw)
{
    const std::size_t kind = draw.below(7);
    if (kind == 0 || kind == 5) {
        const Shape shape = draw.shape();
        return kind == 0 ? Tensor<T>::filled(shape, 2) : uniform<T>(Key(1), shape);
    }
    if (kind == 3) {
        draw.calls("one_hot");
        const IndexArray labels = draw.indices();
        return one_hot<T>(labels, draw.size());
    }
    if (kind == 6) {
        const Shape shape = draw.shape();
        const Index low = draw.size(), high = draw.size();
        return one_hot<T>(randint(Key(2), shape, low, high), draw.size());
    }
    const Index a = draw.size();
    if (kind == 2) return linspace<T>(0, 1, a);
    const Index b = draw.size();
    if (kind == 1) return eye<T>(a, b);
    return arange<T>(static_cast<T>(a), static_cast<T>(b), static_cast<T>(draw.size()));
}

}  // namespace autodiff::tests
