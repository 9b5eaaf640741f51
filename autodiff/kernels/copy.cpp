#include <autodiff/kernels/copy.hpp>

namespace autodiff::kernels {

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
    copy_elements(x, result.writable() + offset, strides);
    return result;
}

template <class T>
Array<T> concatenate(std::span<const Array<T>> parts, std::size_t axis)
{
    Shape shape = parts[0].shape();
    for (const Array<T>& part : parts.subspan(1)) shape[axis] += part.shape()[axis];
    Array<T> result = Array<T>::uninitialized(shape);
    if (result.size() == 0) return result;  // whose strides may lead anywhere
    T* target = result.writable();
    for (const Array<T>& part : parts) {
        copy_elements(part, target, result.strides());
        target += part.shape()[axis] * result.strides()[axis];
    }
    return result;
}

template Array<double> embed(const Array<double>&, const Shape&, const Dims&, const Dims&, double);
template Array<float> embed(const Array<float>&, const Shape&, const Dims&, const Dims&, float);
template Array<double> concatenate(std::span<const Array<double>>, std::size_t);
template Array<float> concatenate(std::span<const Array<float>>, std::size_t);

}  // namespace autodiff::kernels
