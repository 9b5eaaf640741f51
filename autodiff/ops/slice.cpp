#include <autodiff/error.hpp>
#include <autodiff/ops/slice.hpp>

#include <autodiff/kernels/copy.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/program.hpp>

#include <algorithm>
#include <optional>

namespace autodiff {

namespace {

/// A part of an array: along each axis `shape` positions from `start` on, `step` apart.
struct Window {
    Dims start;
    Dims step;
    Shape shape;

    explicit Window(const Shape& all)
        : start(Dims::filled(all.rank(), 0)), step(Dims::filled(all.rank(), 1)), shape(all)
    {
    }
    /// Positions [first, first + count).
    void narrow(std::size_t axis, Index first, Index count)
    {
        start[axis] = first;
        shape[axis] = count;
    }
    /// ":, 0:2, 4::-2": as in Python, up to the last axis of which it is not the whole.
    std::string in_words(const Shape& all) const
    {
        std::string words, skipped;
        for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
            const Index last = start[axis] + (shape[axis] - 1) * step[axis];
            const Index stop = shape[axis] == 0 ? start[axis] : last + (step[axis] > 0 ? 1 : -1);
            const bool is_whole = shape[axis] == all[axis] && step[axis] == 1;
            const std::string end = stop < 0 ? "" : std::to_string(stop);
            const std::string by = step[axis] == 1 ? "" : fmt::format(":{}", step[axis]);
            skipped += axis == 0 ? "" : ", ";
            if (is_whole) skipped += ":";
            else words += std::exchange(skipped, "") + fmt::format("{}:{}{}", start[axis], end, by);
        }
        return words;
    }
};

template <class T>
Tensor<T> window_of(const char* name, const Tensor<T>& x, const Window& window);

/// The transpose of window_of: x in the window of a tensor of zeros.
template <class T>
Tensor<T> embedded(const char* name, const Tensor<T>& x, const Window& window, const Shape& shape, T fill = 0)
{
    return record({name, [&] { return window.in_words(shape); }},
                  replayable("pad", kernels::embed<T>, x.array(), shape, window.start, window.step, fill),
                  argument(
                      x, [window](const auto& y_bar) { return window_of("slice", y_bar, window); },
                      [=](const auto& x_dot) { return embedded(name, x_dot, window, shape); }));
}

template <class T>
Tensor<T> window_of(const char* name, const Tensor<T>& x, const Window& window)
{
    if (window.shape == x.shape() && window.step == Dims::filled(x.rank(), 1)) return x;
    Strides strides = x.array().strides();
    Index offset = 0;
    for (std::size_t axis = 0; axis < x.rank() && window.shape.element_count() > 0; ++axis) {
        offset += window.start[axis] * strides[axis];
        strides[axis] *= window.step[axis];
    }
    return record(
        {name, [&] { return window.in_words(x.shape()); }}, x.array().view(window.shape, strides, offset),
        argument(
            x, [window, from = x.shape()](const auto& y_bar) { return embedded("pad", y_bar, window, from); },
            [=](const auto& x_dot) { return window_of(name, x_dot, window); }));
}

/// Python's slice.indices() for one axis.
void narrow(Window& window, std::size_t axis, const Slice& positions)
{
    const Index size = window.shape[axis];
    const Index step = std::max(positions.step, -std::numeric_limits<Index>::max());
    if (step == 0)
        fail<IndexError>("slice: the step along axis {} is 0; it must go forwards or backwards", axis);
    const Index lowest = step > 0 ? 0 : -1;
    const Index highest = step > 0 ? size : size - 1;
    const auto within = [&](std::optional<Index> position, Index otherwise) {
        if (!position) return otherwise;
        return std::clamp(*position < 0 ? *position + size : *position, lowest, highest);
    };
    const Index start = within(positions.start, step > 0 ? lowest : highest);
    const Index stop = within(positions.stop, step > 0 ? highest : lowest);
    const Index distance = step > 0 ? stop - start : start - stop;
    const Index count = distance <= 0 ? 0 : (distance - 1) / std::abs(step) + 1;
    window.narrow(axis, count == 0 ? 0 : start, count);
    window.step[axis] = count > 1 ? step : 1;
}

}  // namespace

template <class T>
Tensor<T> slice(const Tensor<T>& x, std::span<const Slice> slices)
{
    if (slices.size() > x.rank())
        fail<AxisError>("slice: {} slices for shape {}, which has {} axes", slices.size(), x.shape(),
                        x.rank());
    Window window(x.shape());
    for (std::size_t axis = 0; axis < slices.size(); ++axis) narrow(window, axis, slices[axis]);
    return window_of("slice", x, window);
}

template <class T>
Tensor<T> slice(const Tensor<T>& x, const Slice& positions, Index axis)
{
    Window window(x.shape());
    narrow(window, normalized_axis("slice", axis, x.rank()), positions);
    return window_of("slice", x, window);
}

template <class T>
Tensor<T> select(const Tensor<T>& x, Index position, Index axis)
{
    const std::size_t along = normalized_axis("select", axis, x.rank());
    const Index size = x.shape()[along];
    const Index place = position < 0 ? position + size : position;
    if (place < 0 || place >= size)
        fail<IndexError>("select: position {} is outside axis {} of shape {}, which has size {}", position,
                         along, x.shape(), size);
    Window window(x.shape());
    window.narrow(along, place, 1);
    return squeeze(window_of("select", x, window), {static_cast<Index>(along)});
}

template <class T>
std::vector<Tensor<T>> split_sizes(const Tensor<T>& x, std::span<const Index> sizes, Index axis)
{
    const std::size_t along = normalized_axis("split", axis, x.rank());
    Index total = 0;
    for (Index size : sizes) {
        if (size < 0) fail<ShapeError>("split: a part of negative size {}", size);
        total = checked_sum("split", total, size);
    }
    if (total != x.shape()[along])
        fail<ShapeError>(
            "split: parts of {} elements in all do not make up axis {} of shape {}, which has size {}", total,
            along, x.shape(), x.shape()[along]);
    std::vector<Tensor<T>> parts;
    Index first = 0;
    for (Index size : sizes) {
        Window window(x.shape());
        window.narrow(along, first, size);
        parts.push_back(window_of("split", x, window));
        first += size;
    }
    return parts;
}

template <class T>
std::vector<Tensor<T>> split(const Tensor<T>& x, Index parts, Index axis)
{
    const std::size_t along = normalized_axis("split", axis, x.rank());
    const Index size = x.shape()[along];
    if (parts < 1 || size % parts != 0)
        fail<ShapeError>(
            "split: axis {} of shape {} does not divide into {} equal parts; give their sizes to "
            "split_sizes",
            along, x.shape(), parts);
    constexpr Index most = std::numeric_limits<std::int32_t>::max();  // an empty axis has any number of them
    if (parts > most) fail<LimitError>("split: {} parts; there can be {} at most", parts, most);
    const std::vector<Index> sizes(static_cast<std::size_t>(parts), size / parts);
    return split_sizes(x, std::span<const Index>(sizes), axis);
}

template <class T>
Tensor<T> pad(const Tensor<T>& x, std::span<const Padding> padding, std::type_identity_t<T> value)
{
    if (padding.size() != x.rank())
        fail<ShapeError>("pad: {} paddings for shape {}, which has {} axes; give one an axis", padding.size(),
                         x.shape(), x.rank());
    Shape shape = x.shape();
    Window window(x.shape());
    for (std::size_t axis = 0; axis < x.rank(); ++axis) {
        const auto [before, after] = padding[axis];
        if (before < 0 || after < 0)
            fail<ShapeError>("pad: a negative padding ({}, {}) along axis {}; use slice to cut off elements",
                             before, after, axis);
        window.start[axis] = before;
        shape[axis] = checked_sum("pad", checked_sum("pad", before, shape[axis]), after);
    }
    return shape == x.shape() ? x : embedded("pad", x, window, shape, value);
}

template Tensor<double> slice(const Tensor<double>&, std::span<const Slice>);
template Tensor<float> slice(const Tensor<float>&, std::span<const Slice>);
template Tensor<double> slice(const Tensor<double>&, const Slice&, Index);
template Tensor<float> slice(const Tensor<float>&, const Slice&, Index);
template Tensor<double> select(const Tensor<double>&, Index, Index);
template Tensor<float> select(const Tensor<float>&, Index, Index);
template std::vector<Tensor<double>> split(const Tensor<double>&, Index, Index);
template std::vector<Tensor<float>> split(const Tensor<float>&, Index, Index);
template std::vector<Tensor<double>> split_sizes(const Tensor<double>&, std::span<const Index>, Index);
template std::vector<Tensor<float>> split_sizes(const Tensor<float>&, std::span<const Index>, Index);
template Tensor<double> pad(const Tensor<double>&, std::span<const Padding>, double);
template Tensor<float> pad(const Tensor<float>&, std::span<const Padding>, float);

}  // namespace autodiff
