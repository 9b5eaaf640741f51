#include <nn/linear.hpp>

#include <autodiff/error.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/matmul.hpp>

namespace nn {

using autodiff::ShapeError;

template <class T>
Linear<T>::Linear(Index inputs, Index outputs, Bias has_bias)
    : weight(detail::unset<T>({outputs, inputs})),
      bias(Tensor<T>::zeros({has_bias == Bias::yes ? outputs : 0}))
{
}

template <class T>
Linear<T>::Linear(Index inputs, Index outputs, Key key, const Initializer& draw)
    : weight(draw.template operator()<T>(key, {outputs, inputs})), bias(Tensor<T>::zeros({outputs}))
{
}

template <class T>
Linear<T>::Linear(Tensor<T> with_weight, Tensor<T> with_bias)
    : weight(std::move(with_weight)), bias(std::move(with_bias))
{
    if (weight.rank() != 2 || bias.shape() != Shape{weight.size(0)})
        autodiff::fail<ShapeError>(
            "linear: a weight of shape {} and a bias of shape {}; they must be (outputs, inputs), (outputs)",
            weight.shape(), bias.shape());
}

template <class T>
Tensor<T> Linear<T>::operator()(const Tensor<T>& x) const
{
    if (weight.rank() != 2 || x.rank() == 0 || x.shape().back() != inputs())
        autodiff::fail<ShapeError>(
            "linear: the input has shape {}, the weight {}; their last axes must be equal", x.shape(),
            weight.shape());
    detail::require_set("linear", weight);
    if (has_bias()) return linear(x, weight, bias);
    using autodiff::Transpose;
    return x.rank() == 1 ? matmul(weight, x) : matmul(x, weight, Transpose::no, Transpose::yes);
}

template <class T>
Parameters<T> Linear<T>::parameters()
{
    Parameters<T> list{{"weight", &weight}};
    if (has_bias()) list.push_back({"bias", &bias});
    return list;
}

template struct Linear<double>;
template struct Linear<float>;

}  // namespace nn
