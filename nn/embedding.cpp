#include <nn/embedding.hpp>

#include <autodiff/error.hpp>
#include <autodiff/ops/indexing.hpp>
#include <autodiff/program.hpp>

namespace nn {

template <class T>
Tensor<T> Embedding<T>::operator()(const autodiff::IndexArray& indices) const
{
    detail::require_set("embedding", weight);
    const auto require_within = [count = weight.size(0)](const autodiff::IndexArray& all) {
        for (Index i = 0; i < all.size(); ++i)
            if (const Index index = all.data()[i]; index < 0 || index >= count)
                autodiff::fail<autodiff::IndexError>("embedding: index {} is not one of {}, 0 to {}", index,
                                                     count, count - 1);
        return all;
    };
    return take(weight, autodiff::replayable("embedding", require_within, indices.contiguous()), 0);
}

template struct Embedding<double>;
template struct Embedding<float>;

}  // namespace nn
