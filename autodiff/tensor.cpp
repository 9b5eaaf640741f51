#include <autodiff/error.hpp>
#include <autodiff/tensor.hpp>

namespace autodiff {

template <class T>
Shape NestedNumbers<T>::shape() const
{
    if (!is_list_) return {};
    if (list_.size() == 0) return {0};
    const Shape first = list_.begin()->shape();
    for (const NestedNumbers& item : list_) {
        const Shape other = item.shape();
        if (other == first) continue;
        if (first.rank() == 1 && other.rank() == 1)
            fail<ShapeError>("tensor: a row of {} numbers among rows of {}", other[0], first[0]);
        const char* what = first.rank() == 2 ? "matrix" : "block";
        const char* several = first.rank() == 2 ? "matrices" : "blocks";
        fail<ShapeError>("tensor: a {} of shape {} among {} of shape {}", what, other, several, first);
    }
    Shape shape{static_cast<Index>(list_.size())};
    for (Index size : first) shape.push_back(size);
    return shape;
}

template <class T>
T* NestedNumbers<T>::write(T* out) const
{
    if (!is_list_) *out++ = number_;
    for (const NestedNumbers& item : list_) out = item.write(out);
    return out;
}

template <class T>
Tensor<T>::Tensor(std::initializer_list<NestedNumbers<T>> values)
{
    const NestedNumbers<T> all(values);
    array_ = Array<T>::uninitialized(all.shape());
    all.write(array_.writable());
    detail::note_constant(array_);
}

template class NestedNumbers<double>;
template class NestedNumbers<float>;
template class Tensor<double>;
template class Tensor<float>;

}  // namespace autodiff
