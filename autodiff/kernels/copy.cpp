#include <autodiff/kernels/copy.hpp>

#include <algorithm>

namespace autodiff::kernels {

namespace {

template <class T>
struct Window {
    const Shape& shape;
    const Strides& from_strides;
    const Strides& to_strides;

    void copy(const T* from, T* to, std::size_t axis) const
    {
        if (axis == shape.rank()) {
            *to = *from;
            return;
        }
        const Index count = shape[axis], from_step = from_strides[axis], to_step = to_strides[axis];
        if (axis + 1 < shape.rank())
            for (Index i = 0; i < count; ++i) copy(from + i * from_step, to + i * to_step, axis + 1);
        else if (from_step == 1 && to_step == 1) std::copy_n(from, count, to);
        else
            for (Index i = 0; i < count; ++i) to[i * to_step] = from[i * from_step];
    }
};

}  // namespace

template <class T>
void copy_to_strides(const Array<T>& source, T* target, const Strides& strides)
{
    if (source.size() == 0) return;
    Window<T>{source.shape(), source.strides(), strides}.copy(source.data(), target, 0);
}

template <class T>
Array<T> embed(const Array<T>& x, const Shape& shape, const Dims& start, const Dims& step, T fill)
{
    Array<T> result = Array<T>::filled(shape, fill);
    if (x.size() == 0) return result;
    Strides strides = result.strides();
    Index offset = 0;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
        offset += start[axis] * strides[axis];
        strides[axis] *= step[axis];
    }
    copy_to_strides(x, result.writable() + offset, strides);
    return result;
}

template <class T>
Array<T> concatenate(std::span<const Array<T>> parts, std::size_t axis)
{
    Shape shape = parts[0].shape();
    for (const Array<T>& part : parts.subspan(1)) shape[axis] += part.shape()[axis];
    Array<T> result = Array<T>::uninitialized(shape);
    T* target = result.writable();
    for (const Array<T>& part : parts) {
        copy_to_strides(part, target, result.strides());
        target += part.shape()[axis] * result.strides()[axis];
    }
    return result;
}

template void copy_to_strides(const Array<double>&, double*, const Strides&);
template void copy_to_strides(const Array<float>&, float*, const Strides&);
template Array<double> embed(const Array<double>&, const Shape&, const Dims&, const Dims&, double);
template Array<float> embed(const Array<float>&, const Shape&, const Dims&, const Dims&, float);
template Array<double> concatenate(std::span<const Array<double>>, std::size_t);
template Array<float> concatenate(std::span<const Array<float>>, std::size_t);

}  // namespace autodiff::kernels
