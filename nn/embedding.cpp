#include <nn/embedding.hpp>

#include <autodiff/ops/indexing.hpp>

namespace nn {

template <class T>
Tensor<T> Embedding<T>::operator()(const autodiff::IndexArray& indices) const
{
    detail::require_set("embedding", weight);
    return take(weight, indices, 0);
}

template struct Embedding<double>;
template struct Embedding<float>;

}  // namespace nn
