#pragma once

// Until the ops and random numbers of these names are there.

#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/random.hpp>
#include <autodiff/tensor.hpp>

#include <cmath>
#include <numbers>

namespace nn {

using namespace autodiff;

template <class T>
Tensor<T> mean(const Tensor<T>& x)
{
    return sum(x) / static_cast<T>(x.size());
}
template <class T>
Tensor<T> log_softmax(const Tensor<T>& x, Index)
{
    return x - log(sum(exp(x), {-1}, KeepDims::yes));
}
template <class T>
Tensor<T> one_hot(const IndexArray& l, Index c)
{
    auto a = Array<T>::filled(Shape{l.size(), c}, 0);
    auto v = l.to_vector();
    for (std::size_t i = 0; i < v.size(); ++i) a.writable()[static_cast<Index>(i) * c + v[i]] = 1;
    return a;
}

}  // namespace nn
