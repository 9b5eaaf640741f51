#include <autodiff/kernels/reduce.hpp>

namespace autodiff::kernels {

namespace {

constexpr Index run = 64;  // terms added one after the other

/// out[inner] = Σ_k x[k, inner] for k in [0, count), by halves.
template <class T>
void sum_tree(const T* x, Index count, Index inner, T* out)
{
    if (count <= run) {
        std::copy_n(x, inner, out);
        for (Index k = 1; k < count; ++k)
            for (Index i = 0; i < inner; ++i) out[i] += x[k * inner + i];
        return;
    }
    const Index half = (count / 2 + run - 1) / run * run;
    sum_tree(x, half, inner, out);
    Array<T> other = Array<T>::uninitialized(Shape{inner});
    sum_tree(x + half * inner, count - half, inner, other.writable());
    for (Index i = 0; i < inner; ++i) out[i] += other.data()[i];
}

/// Sums the axes [first, last) of a contiguous array, seen as (outer, count, inner).
template <class T>
Array<T> sum_adjacent(const Array<T>& x, std::size_t first, std::size_t last)
{
    Shape shape = x.shape();
    Index outer = 1, count = 1, inner = 1;
    for (std::size_t axis = 0; axis < first; ++axis) outer *= shape[axis];
    for (std::size_t axis = last; axis < shape.rank(); ++axis) inner *= shape[axis];
    for (std::size_t axis = first; axis < last; ++axis) {
        count *= shape[axis];
        shape[axis] = 1;
    }
    if (count == 0) return Array<T>::filled(shape, 0);
    Array<T> result = Array<T>::uninitialized(shape);
    for (Index o = 0; o < outer; ++o) sum_tree(x.data() + o * count * inner, count, inner, result.writable() + o * inner);
    return result;
}

}  // namespace

template <class T>
Array<T> sum(const Array<T>& x, const Axes& axes, bool keep_dims)
{
    Array<T> result = x.contiguous();
    for (std::size_t end = axes.count(); end > 0;) {
        std::size_t begin = end - 1;
        while (begin > 0 && axes[begin - 1] + 1 == axes[begin]) --begin;
        result = sum_adjacent(result, static_cast<std::size_t>(axes[begin]), static_cast<std::size_t>(axes[end - 1]) + 1);
        end = begin;
    }
    const Shape shape = reduced_shape(x.shape(), axes, keep_dims);
    return result.view(shape, shape.contiguous_strides(), 0);
}

template Array<double> sum(const Array<double>&, const Axes&, bool);
template Array<float> sum(const Array<float>&, const Axes&, bool);

}  // namespace autodiff::kernels
