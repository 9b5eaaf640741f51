#include <autodiff/error.hpp>
#include <autodiff/update.hpp>

namespace autodiff::detail {

template <class T>
void require_update(const char* name, std::initializer_list<const Tensor<T>*> tensors)
{
    const Shape& shape = (*tensors.begin())->shape();
    for (const Tensor<T>* tensor : tensors) {
        if (tensor->shape() != shape)
            fail<ShapeError>("{}: shapes {} and {} differ; an update needs tensors of one shape", name, shape,
                             tensor->shape());
        if (tensor->session() != 0)
            fail<RecordingError>("{}: a variable of a recording cannot be written; update after the gradient",
                                 name);
    }
}

template <class T>
void own_elements(Tensor<T>& x)
{
    if (x.array().is_contiguous() && x.array().is_unique()) return;
    Array<T> copy = Array<T>::uninitialized(x.shape());
    copy_elements(x.array(), copy.writable());
    x = Tensor<T>(std::move(copy));
}

template void require_update(const char*, std::initializer_list<const Tensor<double>*>);
template void require_update(const char*, std::initializer_list<const Tensor<float>*>);
template void own_elements(Tensor<double>&);
template void own_elements(Tensor<float>&);

}  // namespace autodiff::detail
