#include <autodiff/ops/einsum.hpp>

#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/einsum_notation.hpp>
#include <autodiff/ops/matmul.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/ops/triangle.hpp>

namespace autodiff {

namespace {

using detail::Labels;

/// A tensor whose axes have labels.
template <class T>
struct Labelled {
    Tensor<T> x;
    Labels labels;
};

bool contains(const Labels& labels, char label) { return labels.find(label) != Labels::npos; }

/// The labels of a that are in b, or that are not.
Labels select_labels(const Labels& a, const Labels& b, bool in_b)
{
    Labels result;
    for (char label : a)
        if (contains(b, label) == in_b) result += label;
    return result;
}

Shape shape_of(const Labels& labels, const std::array<Index, 128>& sizes)
{
    Shape shape;
    for (char label : labels) shape.push_back(sizes[static_cast<unsigned char>(label)]);
    return shape;
}

/// The same axes in another order.
template <class T>
Tensor<T> in_order(const Labelled<T>& a, const Labels& order)
{
    Axes axes;
    for (char label : order) axes.push_back(static_cast<Index>(a.labels.find(label)));
    return a.labels == order ? a.x : permute(a.x, axes);
}

/// Drops the axes under the ellipsis that have size 1 here and are longer elsewhere.
template <class T>
Labelled<T> without_stretched_axes(Labelled<T> a, const std::array<Index, 128>& sizes)
{
    Labels kept;
    for (std::size_t axis = 0; axis < a.labels.size(); ++axis)
        if (a.x.shape()[axis] == sizes[static_cast<unsigned char>(a.labels[axis])]) kept += a.labels[axis];
    return {reshape(a.x, shape_of(kept, sizes)), kept};
}

/// Each label once: of axes with the same label, the diagonal.
template <class T>
Labelled<T> with_diagonals(Labelled<T> a)
{
    for (std::size_t i = 0; i < a.labels.size(); ++i) {
        const std::size_t j = a.labels.find(a.labels[i], i + 1);
        if (j == Labels::npos) continue;
        Axes axes;
        Labels labels;
        for (std::size_t axis = 0; axis < a.labels.size(); ++axis) {
            if (axis == i || axis == j) continue;
            axes.push_back(static_cast<Index>(axis));
            labels += a.labels[axis];
        }
        labels += a.labels[i];
        axes.push_back(static_cast<Index>(i));
        axes.push_back(static_cast<Index>(j));
        return with_diagonals(Labelled<T>{diagonal(permute(a.x, axes)), labels});
    }
    return a;
}

/// Sums over the labels that are not in `needed`.
template <class T>
Labelled<T> summed(const Labelled<T>& a, const Labels& needed)
{
    Axes axes;
    for (std::size_t axis = 0; axis < a.labels.size(); ++axis)
        if (!contains(needed, a.labels[axis])) axes.push_back(static_cast<Index>(axis));
    return axes.empty() ? a : Labelled<T>{sum(a.x, axes), select_labels(a.labels, needed, true)};
}

/// The product of two operands, summed over the labels that are not in `needed`.
template <class T>
Labelled<T> contracted(Labelled<T> a, Labelled<T> b, const Labels& needed,
                       const std::array<Index, 128>& sizes)
{
    a = summed(a, needed + b.labels);
    b = summed(b, needed + a.labels);
    const Labels shared = select_labels(a.labels, b.labels, true);
    const Labels batch = select_labels(shared, needed, true);
    const Labels inner = select_labels(shared, needed, false);
    const Labels left = select_labels(a.labels, b.labels, false);
    const Labels right = select_labels(b.labels, a.labels, false);
    const Labels labels = batch + left + right;
    Tensor<T> x = in_order(a, batch + left + inner);
    Tensor<T> y = in_order(b, batch + inner + right);

    if (inner.empty() && (left.empty() || right.empty())) {
        // Elementwise: the one that lacks axes is stretched along them.
        const Shape ones{Dims::filled(left.size() + right.size(), 1)};
        Shape stretched = shape_of(batch, sizes);
        for (Index one : ones) stretched.push_back(one);
        return {left.empty() ? reshape(x, stretched) * y : x * reshape(y, stretched), labels};
    }
    const auto count = [&](const Labels& l) { return shape_of(l, sizes).element_count(); };
    Shape left_shape{count(left), count(inner)};
    Shape right_shape{count(inner), count(right)};
    if (!batch.empty()) {
        left_shape.insert(0, count(batch));
        right_shape.insert(0, count(batch));
    }
    return {reshape(matmul(reshape(x, left_shape), reshape(y, right_shape)), shape_of(labels, sizes)),
            labels};
}

struct Pair {
    std::size_t first, second;
};

/// The two operands whose product takes the fewest multiplications.
template <class T>
Pair cheapest_pair(const std::vector<Labelled<T>>& operands, const std::array<Index, 128>& sizes)
{
    Pair best{0, 1};
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 1; j < operands.size(); ++j)
        for (std::size_t i = 0; i < j; ++i) {
            const Labels all =
                operands[i].labels + select_labels(operands[j].labels, operands[i].labels, false);
            double multiplications = 1;
            for (char label : all)
                multiplications *= static_cast<double>(sizes[static_cast<unsigned char>(label)]);
            if (multiplications >= least) continue;
            least = multiplications;
            best = {i, j};
        }
    return best;
}

}  // namespace

template <class T>
Tensor<T> einsum(std::string_view notation, std::span<const Tensor<T>> given)
{
    std::vector<Shape> shapes;
    for (const Tensor<T>& x : given) shapes.push_back(x.shape());
    const detail::EinsumNotation read = detail::read_einsum(notation, shapes);

    std::vector<Labelled<T>> operands;
    for (std::size_t i = 0; i < given.size(); ++i)
        operands.push_back(
            with_diagonals(without_stretched_axes(Labelled<T>{given[i], read.operands[i]}, read.sizes)));
    while (operands.size() > 1) {
        const Pair pair = cheapest_pair(operands, read.sizes);
        Labels needed = read.output;
        for (std::size_t i = 0; i < operands.size(); ++i)
            if (i != pair.first && i != pair.second) needed += operands[i].labels;
        operands[pair.first] = contracted(operands[pair.first], operands[pair.second], needed, read.sizes);
        operands.erase(operands.begin() + static_cast<std::ptrdiff_t>(pair.second));
    }
    return in_order(summed(operands.front(), read.output), read.output);
}

template Tensor<double> einsum(std::string_view, std::span<const Tensor<double>>);
template Tensor<float> einsum(std::string_view, std::span<const Tensor<float>>);

}  // namespace autodiff
