#pragma once

// Ops that compute with elements, on what is drawn: sums and other reductions, products, images, linear
// algebra.

#include "shape_draw.hpp"

namespace autodiff::tests {

template <class T>
Tensor<T> added(ShapeDraw<T>& draw)
{
    const Tensor<T>&a = draw.operand(), &b = draw.operand();
    return a + b;
}
template <class T>
Tensor<T> multiplied(ShapeDraw<T>& draw)
{
    const Tensor<T>&a = draw.operand(), &b = draw.operand();
    draw.is_hostile_if(a.size() == 0 || b.size() == 0);  // the product of nothing with nothing may be large
    const bool is_matmul = can_compute(a) && can_compute(b);
    draw.calls(is_matmul ? "matmul" : "outer");
    return is_matmul ? matmul(a, b) : outer(a, b);
}
template <class T>
Tensor<T> convolved(ShapeDraw<T>& draw)
{
    const Tensor<T>&x = draw.operand(), &w = draw.operand();
    const ConvolutionOptions options{
        .stride = draw.pair(), .padding = draw.pair(), .dilation = draw.pair(), .groups = draw.size()};
    if (!can_compute(x) || !can_compute(w)) return x;
    const bool is_plain = draw.below(2) > 0;
    draw.calls(is_plain ? "conv2d" : "conv_transpose2d");
    return is_plain ? conv2d(x, w, options) : conv_transpose2d(x, w, options, draw.pair());
}
template <class T>
Tensor<T> pooled(ShapeDraw<T>& draw)
{
    const Tensor<T>& x = draw.operand();
    const RowsColumns window = draw.pair();
    const PoolingOptions options{.stride = draw.pair(), .padding = draw.pair(), .dilation = draw.pair()};
    if (!can_compute(x)) return x;
    const bool is_max = draw.below(2) > 0;
    draw.calls(is_max ? "max_pool2d" : "avg_pool2d");
    return is_max ? max_pool2d(x, window, options) : avg_pool2d(x, window, options);
}
template <class T>
Tensor<T> summed(ShapeDraw<T>& draw)
{
    const Tensor<T>& x = draw.operand();
    draw.is_hostile_if(x.size() == 0);  // as may be its sums
    if (!can_compute(x)) return x;
    draw.calls("sum");
    return sum(x, draw.shape());
}
template <class T>
Tensor<T> summed_to_shape(ShapeDraw<T>& draw)
{
    const Tensor<T>& x = draw.operand();
    if (!can_compute(x)) return x;
    draw.calls("sum_to_shape");
    return sum_to_shape(x, draw.shape());
}
template <class T>
Tensor<T> reduced(ShapeDraw<T>& draw)
{
    const std::size_t kind = draw.below(8);
    const Tensor<T>& x = draw.operand();
    draw.is_hostile_if(x.size() == 0);
    if (!can_compute(x)) return x;
    const KeepDims keep_dims = draw.below(2) ? KeepDims::yes : KeepDims::no;
    const Axes axes = draw.shape();
    switch (kind) {
        case 0: draw.calls("mean"); return mean(x, axes, keep_dims);
        case 1: draw.calls("prod"); return prod(x, axes, keep_dims);
        case 2: draw.calls("max"); return max(x, axes, keep_dims);
        case 3: draw.calls("min"); return min(x, axes, keep_dims);
        case 4: draw.calls("variance"); return variance(x, axes, keep_dims, draw.size());
        case 5: draw.calls("standard_deviation"); return standard_deviation(x, axes, keep_dims, draw.size());
        case 6: draw.calls("norm"); return norm(x, axes, keep_dims);
        default: draw.calls("logsumexp"); return logsumexp(x, axes, keep_dims);
    }
}
template <class T>
Tensor<T> normalized(ShapeDraw<T>& draw)
{
    const std::size_t kind = draw.below(4);
    const Tensor<T>& x = draw.operand();
    if (!can_compute(x)) return x;
    if (kind == 0) return draw.calls("softmax"), softmax(x, draw.shape());
    if (kind == 1) return draw.calls("log_softmax"), log_softmax(x, draw.shape());
    const Tensor<T>&scale = draw.operand(), &shift = draw.operand();
    if (kind == 2) return draw.calls("layer_norm"), layer_norm(x, scale, shift);
    return draw.calls("batch_norm"), batch_norm(x, scale, shift).y;
}
template <class T>
Tensor<T> ordered(ShapeDraw<T>& draw)
{
    const std::size_t kind = draw.below(4);
    const Tensor<T>& x = draw.operand();
    if (!can_compute(x)) return x;
    const Index axis = draw.size();
    switch (kind) {
        case 0: draw.calls("sort"); return sort(x, axis, Order::descending);
        case 1: draw.calls("gather"); return gather(x, argsort(x, axis), axis);
        case 2: draw.calls("topk"); return topk(x, draw.size(), axis).values;
        default: draw.calls("cumsum"); return cumsum(x, axis);
    }
}
template <class T>
Tensor<T> summed_by_notation(ShapeDraw<T>& draw)
{
    draw.calls("einsum");
    constexpr std::array<std::string_view, 12> notations{
        "ij,jk->ik",        "ij->j",    "ii->i",        "ii",    "i,i->",    "i,j->ji",
        "...ij,...j->...i", "iij,j->i", "ij,jk,kl->il", ",i->i", "...->...", "ij,,i->j"};
    const std::string_view notation = notations[draw.below(notations.size())];
    std::vector<Tensor<T>> operands;
    for (std::ptrdiff_t left = std::ranges::count(notation, ','); left >= 0; --left) {
        operands.push_back(draw.operand());
        if (!can_compute(operands.back())) return operands.back();
        draw.is_hostile_if(operands.back().size() == 0);
    }
    return einsum(notation, std::span<const Tensor<T>>(operands));
}
/// A matrix that may be singular, or one with 9 added to its diagonal.
template <class T>
Tensor<T> matrix(ShapeDraw<T>& draw)
{
    const bool is_shifted = draw.below(2) > 0;
    const Tensor<T>& x = draw.operand();
    if (!is_shifted || x.rank() < 2 || !can_compute(x) || x.size(-1) != x.size(-2)) return x;
    return x + 9 * eye<T>(x.size(-1));
}
template <class T>
Tensor<T> solved(ShapeDraw<T>& draw)
{
    const std::size_t kind = draw.below(7);
    const Tensor<T> a = matrix(draw);
    if (!can_compute(a)) return a;
    draw.is_hostile_if(a.size() == 0);  // many matrices without elements have as many determinants
    switch (kind) {
        case 0: draw.calls("inverse"); return inverse(a);
        case 1: draw.calls("cholesky"); return cholesky(a);
        case 2: draw.calls("determinant"); return determinant(a);
        case 3: draw.calls("log_determinant"); return log_determinant(a);
        case 4: draw.calls("sign_and_log_determinant"); return sign_and_log_determinant(a).log_absolute;
        default: break;
    }
    const Tensor<T>& b = draw.operand();
    if (!can_compute(b)) return b;
    draw.is_hostile_if(b.size() == 0);
    draw.calls(kind == 5 ? "solve" : "triangular_solve");
    if (kind == 5) return solve(a, b);
    const auto triangle = draw.below(2) ? Triangle::upper : Triangle::lower;
    const auto transpose = draw.below(2) ? Transpose::yes : Transpose::no;
    return triangular_solve(a, b, triangle, transpose, draw.below(2) ? Diagonal::ones : Diagonal::stored);
}
template <class T>
Tensor<T> combined(ShapeDraw<T>& draw)
{
    const std::size_t kind = draw.below(5);
    const Tensor<T>&a = draw.operand(), &b = draw.operand();
    if (!can_compute(a) || !can_compute(b)) return a;
    draw.is_hostile_if(a.size() == 0 || b.size() == 0);
    switch (kind) {
        case 0: draw.calls("dot"); return dot(a, b);
        case 1: draw.calls("outer"); return outer(a, b);
        case 2: draw.calls("transpose"); return transpose(a);
        case 3: draw.calls("where"); return where(BoolArray(Shape{2, 1}, {true, false}), a, b);
        default: {
            draw.calls("linear");
            const Tensor<T>& bias = draw.operand();
            return can_compute(bias) ? linear(a, b, bias) : bias;
        }
    }
}

}  // namespace autodiff::tests
