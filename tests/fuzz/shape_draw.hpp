#pragma once

// What the target `shapes` draws from its input: operands, sizes that are small or near the ends of what can
// be counted, and which ops of the op table have been differentiated so.

#include "target.hpp"

#include <autodiff/autodiff.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace autodiff::tests {

/// The ops of the op table that take shapes: the suite `fuzz` compares them with it.
inline constexpr std::array<std::string_view, 59> ops_of_shapes{"broadcast_to",
                                                                "reshape",
                                                                "permute",
                                                                "slice",
                                                                "concatenate",
                                                                "stack",
                                                                "matmul",
                                                                "outer",
                                                                "conv2d",
                                                                "conv_transpose2d",
                                                                "take",
                                                                "gather",
                                                                "scatter_add",
                                                                "pad",
                                                                "split",
                                                                "split_sizes",
                                                                "one_hot",
                                                                "max_pool2d",
                                                                "avg_pool2d",
                                                                "squeeze",
                                                                "unsqueeze",
                                                                "flatten",
                                                                "flip",
                                                                "swap_axes",
                                                                "sum",
                                                                "select",
                                                                "sum_to_shape",
                                                                "mean",
                                                                "prod",
                                                                "max",
                                                                "min",
                                                                "variance",
                                                                "norm",
                                                                "logsumexp",
                                                                "standard_deviation",
                                                                "softmax",
                                                                "log_softmax",
                                                                "layer_norm",
                                                                "batch_norm",
                                                                "sort",
                                                                "topk",
                                                                "cumsum",
                                                                "diagonal",
                                                                "trace",
                                                                "diagonal_matrix",
                                                                "lower_triangle",
                                                                "einsum",
                                                                "upper_triangle",
                                                                "inverse",
                                                                "cholesky",
                                                                "determinant",
                                                                "solve",
                                                                "dot",
                                                                "linear",
                                                                "triangular_solve",
                                                                "log_determinant",
                                                                "transpose",
                                                                "where",
                                                                "sign_and_log_determinant"};

/// Which of them were drawn and gave a gradient, since the program started: a fixed place, as memory is
/// counted.
inline std::array<bool, ops_of_shapes.size()> differentiated_ops{};

/// What an op may compute with; only looking at more takes no time.
inline constexpr Index computable = 1 << 12;

template <class T>
class ShapeDraw {
public:
    explicit ShapeDraw(std::string_view input) : choices_(input) {}

    bool is_empty() const { return choices_.rest().empty(); }
    std::size_t below(std::size_t end) { return choices_.below(end); }

    /// Begins a step, whose operands are these.
    void begin(std::span<const Tensor<T>> operands)
    {
        operands_ = operands;
        hostile_ = false;
        tame_ = true;
        op_ = ops_of_shapes.size();
    }
    /// The step calls this op.
    void calls(std::string_view op)
    {
        op_ = static_cast<std::size_t>(std::ranges::find(ops_of_shapes, op) - ops_of_shapes.begin());
        demand(op_ < ops_of_shapes.size(), "{} is not among the ops", op);
    }
    std::string_view op() const
    {
        return op_ < ops_of_shapes.size() ? ops_of_shapes[op_] : "what makes operands";
    }
    void was_differentiated() const
    {
        if (op_ < ops_of_shapes.size()) differentiated_ops[op_] = true;
    }

    const Tensor<T>& operand()
    {
        const Tensor<T>& x = operands_[below(operands_.size())];
        hostile_ |= x.size() > computable;  // a view of few elements that stands for many
        tame_ = tame_ && is_tame(x);
        return x;
    }
    Index size()
    {
        const Index chosen = sizes[below(sizes.size())];
        hostile_ |= chosen > computable || chosen < -computable;
        return chosen;
    }
    Shape shape()
    {
        Shape chosen;
        for (std::size_t rank = below(7); rank > 0; --rank) chosen.push_back(size());
        return chosen;
    }
    RowsColumns pair()
    {
        if (below(2) == 0) return 1;
        const Index rows = size(), columns = size();
        return {rows, columns};
    }
    IndexArray indices()
    {
        const Index a = size(), b = size();
        return below(2) ? IndexArray({2, 1}, {a, b}) : IndexArray({2}, {a, b});
    }

    /// Whether what was drawn may need more memory than there is.
    bool is_hostile() const { return hostile_; }
    void is_hostile_if(bool condition) { hostile_ |= condition; }
    /// Whether all operands are a few numbers of ordinary size: no product of them overflows, and no inverse.
    bool is_tame() const { return tame_; }

private:
    static constexpr Index largest = std::numeric_limits<Index>::max(),
                           least = std::numeric_limits<Index>::min();
    static constexpr std::array<Index, 24> sizes{
        0,        1,        2,        3,        4,       5,           1,        2,
        3,        -1,       -2,       7,        1 << 16, 1L << 31,    1L << 32, (1L << 32) + 1,
        1L << 40, 1L << 60, 1L << 61, 1L << 62, largest, largest - 1, least,    least + 1};

    static bool is_tame(const Tensor<T>& x)
    {
        constexpr Index few = 40;
        if (x.size() > few) return false;
        return std::ranges::all_of(x.to_vector(), [](T element) {
            return element == 0 || (std::abs(element) <= 8 && std::abs(element) >= T(1) / 1024);
        });
    }

    Choices choices_;
    std::span<const Tensor<T>> operands_;
    std::size_t op_ = ops_of_shapes.size();
    bool hostile_ = false, tame_ = true;
};

template <class T>
bool can_compute(const Tensor<T>& x)
{
    return x.size() <= computable;
}

}  // namespace autodiff::tests
