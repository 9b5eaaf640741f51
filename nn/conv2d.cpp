#include <nn/conv2d.hpp>

#include <autodiff/error.hpp>

namespace nn {

template <class T>
Conv2d<T>::Conv2d(Index channels, Index filters, RowsColumns window, const ConvolutionOptions& with_options,
                  Bias has_bias)
    : options(with_options)
{
    const Index groups = options.groups;
    if (groups < 1 || channels % groups != 0 || filters % groups != 0)
        autodiff::fail<autodiff::ShapeError>(
            "conv2d: {} channels and {} filters must be multiples of the {} groups", channels, filters,
            groups);
    weight = detail::unset<T>({filters, channels / groups, window.rows, window.columns});
    bias = Tensor<T>::zeros({has_bias == Bias::yes ? filters : 0});
}

template <class T>
Tensor<T> Conv2d<T>::operator()(const Tensor<T>& x) const
{
    detail::require_set("conv2d", weight);
    return has_bias() ? conv2d(x, weight, bias, options) : conv2d(x, weight, options);
}

template <class T>
Parameters<T> Conv2d<T>::parameters()
{
    Parameters<T> list{{"weight", &weight}};
    if (has_bias()) list.push_back({"bias", &bias});
    return list;
}

template struct Conv2d<double>;
template struct Conv2d<float>;

}  // namespace nn
