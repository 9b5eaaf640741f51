#include <autodiff/kernels/gather.hpp>

#include <autodiff/kernels/axis_blocks.hpp>

#include <algorithm>

namespace autodiff::kernels {

template <class T>
Array<T> take(const Array<T>& x, const IndexArray& indices, std::size_t axis)
{
    Shape shape;
    for (std::size_t i = 0; i < axis; ++i) shape.push_back(x.shape()[i]);
    for (Index size : indices.shape()) shape.push_back(size);
    for (std::size_t i = axis + 1; i < x.rank(); ++i) shape.push_back(x.shape()[i]);
    Array<T> result = Array<T>::uninitialized(shape);
    if (result.size() == 0) return result;

    const Array<T> source = x.contiguous();
    const auto [outer, count, inner] = AxisBlocks(x.shape(), axis);
    T* out = result.writable();
    for (Index o = 0; o < outer; ++o)
        for (Index j = 0; j < indices.size(); ++j, out += inner)
            std::copy_n(source.data() + (o * count + indices.data()[j]) * inner, inner, out);
    return result;
}

template <class T>
Array<T> add_taken(const Array<T>& x, const IndexArray& indices, const Shape& shape, std::size_t axis)
{
    Array<T> result = Array<T>::filled(shape, 0);
    if (x.size() == 0) return result;
    const Array<T> source = x.contiguous();
    const auto [outer, count, inner] = AxisBlocks(shape, axis);
    const T* from = source.data();
    for (Index o = 0; o < outer; ++o)
        for (Index j = 0; j < indices.size(); ++j, from += inner) {
            T* to = result.writable() + (o * count + indices.data()[j]) * inner;
            for (Index i = 0; i < inner; ++i) to[i] += from[i];
        }
    return result;
}

template <class T>
Array<T> gather(const Array<T>& x, const IndexArray& indices, std::size_t axis)
{
    Array<T> result = Array<T>::uninitialized(indices.shape());
    if (result.size() == 0) return result;
    const Array<T> source = x.contiguous();
    const AxisBlocks from(x.shape(), axis), to(indices.shape(), axis);
    const Index* index = indices.data();
    T* out = result.writable();
    for (Index o = 0; o < to.outer; ++o)
        for (Index j = 0; j < to.count; ++j)
            for (Index i = 0; i < to.inner; ++i)
                *out++ = source.data()[(o * from.count + *index++) * from.inner + i];
    return result;
}

template <class T>
Array<T> add_gathered(const Array<T>& x, const IndexArray& indices, const Shape& shape, std::size_t axis)
{
    Array<T> result = Array<T>::filled(shape, 0);
    if (x.size() == 0) return result;
    const Array<T> source = x.contiguous();
    const AxisBlocks from(indices.shape(), axis), to(shape, axis);
    const Index* index = indices.data();
    const T* element = source.data();
    for (Index o = 0; o < from.outer; ++o)
        for (Index j = 0; j < from.count; ++j)
            for (Index i = 0; i < from.inner; ++i)
                result.writable()[(o * to.count + *index++) * to.inner + i] += *element++;
    return result;
}

template Array<double> take(const Array<double>&, const IndexArray&, std::size_t);
template Array<float> take(const Array<float>&, const IndexArray&, std::size_t);
template Array<double> add_taken(const Array<double>&, const IndexArray&, const Shape&, std::size_t);
template Array<float> add_taken(const Array<float>&, const IndexArray&, const Shape&, std::size_t);
template Array<double> gather(const Array<double>&, const IndexArray&, std::size_t);
template Array<float> gather(const Array<float>&, const IndexArray&, std::size_t);
template Array<double> add_gathered(const Array<double>&, const IndexArray&, const Shape&, std::size_t);
template Array<float> add_gathered(const Array<float>&, const IndexArray&, const Shape&, std::size_t);

}  // namespace autodiff::kernels
