#include <autodiff/error.hpp>
#include <autodiff/shape.hpp>

#include <utility>

namespace autodiff {

void Dims::too_many()
{
    fail<ShapeError>("shape: more than {} axes; merge axes with reshape first", max_rank);
}

Index checked_product(std::string_view op, Index a, Index b)
{
    Index product = 0;
    if (__builtin_mul_overflow(a, b, &product))
        fail<LimitError>("{}: {} x {} elements exceed what a 64-bit size can count", op, a, b);
    return product;
}

Index checked_sum(std::string_view op, Index a, Index b)
{
    Index sum = 0;
    if (__builtin_add_overflow(a, b, &sum))
        fail<LimitError>("{}: {} + {} elements exceed what a 64-bit size can count", op, a, b);
    return sum;
}

Index Shape::element_count() const
{
    Index count = 1;
    bool empty = false;
    for (Index size : *this) {
        if (size < 0) [[unlikely]]
            fail<ShapeError>("shape: negative size in {}", *this);
        if (size == 0) empty = true;
        else count = checked_product("shape", count, size);
    }
    return empty ? 0 : count;
}

Strides Shape::contiguous_strides() const
{
    Strides strides = *this;
    Index step = 1;
    for (std::size_t axis = rank(); axis-- > 0;) step *= std::exchange(strides[axis], step);
    return strides;
}

std::string to_string(const Dims& dims)
{
    std::string text = "(";
    for (std::size_t i = 0; i < dims.count(); ++i) text += fmt::format("{}{}", i ? ", " : "", dims[i]);
    return text + (dims.count() == 1 ? ",)" : ")");
}

std::string in_braces(const Axes& axes)
{
    std::string text;
    for (Index axis : axes) text += (text.empty() ? "{" : ", ") + std::to_string(axis);
    return text + "}";
}

std::string axes_in_words(const Axes& axes, std::size_t rank, KeepDims keep_dims)
{
    if (axes.count() == rank) return {};
    const bool come_first = axes.back() == static_cast<Index>(axes.count()) - 1;
    return in_braces(axes) + (keep_dims == KeepDims::yes && !come_first ? ", keep_dims" : "");
}

Shape broadcast_shapes(std::string_view op, const Shape& a, const Shape& b)
{
    if (a == b) return a;
    const std::size_t rank = std::max(a.rank(), b.rank());
    Shape result{Dims::filled(rank, 1)};
    for (std::size_t back = 1; back <= rank; ++back) {
        const Index size_a = back <= a.rank() ? a[a.rank() - back] : 1;
        const Index size_b = back <= b.rank() ? b[b.rank() - back] : 1;
        if (size_a != size_b && size_a != 1 && size_b != 1)
            fail<ShapeError>(
                "{}: shapes {} and {} do not broadcast: {} against {} at axis -{}; sizes must be "
                "equal or 1, counted from the last axis",
                op, a, b, size_a, size_b, back);
        result[rank - back] = size_a == 1 ? size_b : size_a;
    }
    return result;
}

bool broadcasts_to(const Shape& from, const Shape& to)
{
    if (from.rank() > to.rank()) return false;
    const std::size_t offset = to.rank() - from.rank();
    for (std::size_t axis = 0; axis < from.rank(); ++axis)
        if (from[axis] != 1 && from[axis] != to[axis + offset]) return false;
    return true;
}

Strides broadcast_strides(const Shape& shape, const Strides& strides, const Shape& to)
{
    Strides result = Strides::filled(to.rank(), 0);
    const std::size_t offset = to.rank() - shape.rank();
    for (std::size_t axis = 0; axis < shape.rank(); ++axis)
        if (shape[axis] == to[axis + offset]) result[axis + offset] = strides[axis];
    return result;
}

std::size_t normalized_axis(std::string_view op, Index axis, std::size_t rank)
{
    const Index signed_rank = static_cast<Index>(rank);
    if (axis < -signed_rank || axis >= signed_rank) {
        if (rank == 0) fail<AxisError>("{}: axis {} of an array of rank 0, which has no axes", op, axis);
        fail<AxisError>("{}: axis {} does not exist in an array of rank {}; axes run from {} to {}", op, axis,
                        rank, -signed_rank, signed_rank - 1);
    }
    return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

Axes normalized_axes(std::string_view op, const Axes& axes, std::size_t rank)
{
    Axes result;
    for (std::size_t axis = 0; axes.empty() && axis < rank; ++axis)
        result.push_back(static_cast<Index>(axis));
    for (Index axis : axes) {
        const Index position = static_cast<Index>(normalized_axis(op, axis, rank));
        if (result.contains(position))
            fail<AxisError>("{}: axis {} is named twice in {}", op, position, axes);
        std::size_t place = 0;
        while (place < result.count() && result[place] < position) ++place;
        result.insert(place, position);
    }
    return result;
}

Shape reduced_shape(const Shape& shape, const Axes& axes, bool keep_dims)
{
    Shape result;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
        if (!axes.contains(static_cast<Index>(axis))) result.push_back(shape[axis]);
        else if (keep_dims) result.push_back(1);
    }
    return result;
}

}  // namespace autodiff
