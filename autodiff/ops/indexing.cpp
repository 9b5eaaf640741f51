#include <autodiff/error.hpp>
#include <autodiff/ops/indexing.hpp>

#include <autodiff/kernels/gather.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/program.hpp>

#include <algorithm>

namespace autodiff {

namespace {

/// The index of the element at a place in row-major order.
Dims index_of(Index place, const Shape& shape)
{
    Dims index = Dims::filled(shape.rank(), 0);
    for (std::size_t axis = shape.rank(); axis-- > 0; place /= shape[axis]) index[axis] = place % shape[axis];
    return index;
}

/// Row-major positions within an axis of `size`, counted from its start. @throws IndexError
IndexArray checked_positions(const char* op, const IndexArray& indices, Index size, std::size_t axis,
                             const Shape& shape)
{
    IndexArray given = indices.contiguous();
    bool some_are_negative = false;
    for (Index k = 0; k < given.size(); ++k) {
        const Index index = given.data()[k];
        some_are_negative |= index < 0;
        if (index < -size || index >= size)
            fail<IndexError>(
                "{}: index {} at {} of the indices is outside axis {} of shape {}, which has size {}", op,
                index, index_of(k, indices.shape()), axis, shape, size);
    }
    if (!some_are_negative) return given;
    IndexArray result = IndexArray::uninitialized(indices.shape());
    std::transform(given.data(), given.data() + given.size(), result.writable(),
                   [size](Index index) { return index < 0 ? index + size : index; });
    return result;
}

IndexArray positions_within(const char* op, const IndexArray& indices, Index size, std::size_t axis,
                            const Shape& shape)
{
    const auto positions = [=](const IndexArray& given) {
        return checked_positions(op, given, size, axis, shape);
    };
    return replayable(op, positions, indices);
}

template <class T>
Tensor<T> taken(const Tensor<T>& x, const IndexArray& indices, std::size_t axis);

/// The transpose of taken.
template <class T>
Tensor<T> add_taken(const Tensor<T>& x, const IndexArray& indices, const Shape& shape, std::size_t axis)
{
    return record({"scatter_add", [&] { return std::to_string(axis); }},
                  replayable("scatter_add", kernels::add_taken<T>, x.array(), indices, shape, axis),
                  argument(
                      x, [=](const auto& y_bar) { return taken(y_bar, indices, axis); },
                      [=](const auto& x_dot) { return add_taken(x_dot, indices, shape, axis); }));
}

template <class T>
Tensor<T> taken(const Tensor<T>& x, const IndexArray& indices, std::size_t axis)
{
    return record(
        {"take", [&] { return std::to_string(axis); }},
        replayable("take", kernels::take<T>, x.array(), indices, axis),
        argument(
            x, [=, shape = x.shape()](const auto& y_bar) { return add_taken(y_bar, indices, shape, axis); },
            [=](const auto& x_dot) { return taken(x_dot, indices, axis); }));
}

void require_equal_other_sizes(const char* op, const Shape& x, const Shape& indices, std::size_t axis)
{
    Shape expected = x;
    if (indices.rank() == x.rank()) expected[axis] = indices[axis];
    if (expected != indices)
        fail<ShapeError>("{}: indices of shape {} for shape {} along axis {}; all other sizes must be equal",
                         op, indices, x, axis);
}

}  // namespace

template <class T>
Tensor<T> detail::gathered(const char* name, const Tensor<T>& x, const IndexArray& indices, std::size_t axis)
{
    return record(
        {name, [&] { return std::to_string(axis); }},
        replayable("gather", kernels::gather<T>, x.array(), indices, axis),
        argument(
            x,
            [=, shape = x.shape()](const auto& y_bar) { return add_gathered(y_bar, indices, shape, axis); },
            [=](const auto& x_dot) { return gathered("gather", x_dot, indices, axis); }));
}

template <class T>
Tensor<T> detail::add_gathered(const Tensor<T>& x, const IndexArray& indices, const Shape& shape,
                               std::size_t axis)
{
    return record({"scatter_add", [&] { return std::to_string(axis); }},
                  replayable("scatter_add", kernels::add_gathered<T>, x.array(), indices, shape, axis),
                  argument(
                      x, [=](const auto& y_bar) { return gathered("gather", y_bar, indices, axis); },
                      [=](const auto& x_dot) { return add_gathered(x_dot, indices, shape, axis); }));
}

template <class T>
Tensor<T> take(const Tensor<T>& x, const IndexArray& indices, Index axis)
{
    const std::size_t along = normalized_axis("take", axis, x.rank());
    return taken(x, positions_within("take", indices, x.shape()[along], along, x.shape()), along);
}

template <class T>
Tensor<T> gather(const Tensor<T>& x, const IndexArray& indices, Index axis)
{
    const std::size_t along = normalized_axis("gather", axis, x.rank());
    require_equal_other_sizes("gather", x.shape(), indices.shape(), along);
    return detail::gathered("gather", x,
                            positions_within("gather", indices, x.shape()[along], along, x.shape()), along);
}

template <class T>
Tensor<T> scatter_add(const Tensor<T>& x, const IndexArray& indices, const Tensor<T>& updates, Index axis)
{
    const std::size_t along = normalized_axis("scatter_add", axis, x.rank());
    require_equal_other_sizes("scatter_add", x.shape(), indices.shape(), along);
    if (updates.shape() != indices.shape())
        fail<ShapeError>("scatter_add: updates of shape {} for indices of shape {}; each needs its index",
                         updates.shape(), indices.shape());
    const IndexArray places = positions_within("scatter_add", indices, x.shape()[along], along, x.shape());
    return x + detail::add_gathered(updates, places, x.shape(), along);
}

template <class T>
Tensor<T> one_hot(const IndexArray& labels, Index classes)
{
    Shape shape = labels.shape();
    shape.push_back(classes);
    Array<T> result = Array<T>::filled(shape, 0);
    const IndexArray given = labels.contiguous();
    for (Index k = 0; k < given.size(); ++k) {
        const Index label = given.data()[k];
        if (label < 0 || label >= classes)
            fail<IndexError>("one_hot: label {} at {} is not one of {} classes, counted from 0", label,
                             index_of(k, labels.shape()), classes);
        result.writable()[k * classes + label] = 1;
    }
    return result;
}

template Tensor<double> detail::gathered(const char*, const Tensor<double>&, const IndexArray&, std::size_t);
template Tensor<float> detail::gathered(const char*, const Tensor<float>&, const IndexArray&, std::size_t);
template Tensor<double> take(const Tensor<double>&, const IndexArray&, Index);
template Tensor<float> take(const Tensor<float>&, const IndexArray&, Index);
template Tensor<double> gather(const Tensor<double>&, const IndexArray&, Index);
template Tensor<float> gather(const Tensor<float>&, const IndexArray&, Index);
template Tensor<double> scatter_add(const Tensor<double>&, const IndexArray&, const Tensor<double>&, Index);
template Tensor<float> scatter_add(const Tensor<float>&, const IndexArray&, const Tensor<float>&, Index);
template Tensor<double> one_hot(const IndexArray&, Index);
template Tensor<float> one_hot(const IndexArray&, Index);

}  // namespace autodiff
