#include <nn/init.hpp>

#include <autodiff/error.hpp>
#include <autodiff/ops/shape_ops.hpp>

#include <cmath>
#include <limits>

namespace nn {

Fans fans(const Shape& weight)
{
    if (weight.rank() < 2)
        autodiff::fail<autodiff::ShapeError>(
            "fans: shape {} has no fan-in and fan-out; a weight is (outputs, inputs, …). Draw it with "
            "nn::uniform(a), nn::normal(s) or nn::zeros",
            weight);
    Index receptive_field = 1;
    for (std::size_t axis = 2; axis < weight.rank(); ++axis) receptive_field *= weight[axis];
    return {weight[1] * receptive_field, weight[0] * receptive_field};
}

double Initializer::spread(const Shape& shape) const
{
    if (fan == FanMode::none) return scale;
    const Fans of = fans(shape);
    const double in = static_cast<double>(of.in), out = static_cast<double>(of.out);
    const double divisor = fan == FanMode::in ? in : fan == FanMode::out ? out : (in + out) / 2;
    return divisor > 0 ? scale / std::sqrt(divisor) : 0;
}

template <class T>
Tensor<T> Initializer::operator()(Key key, const Shape& shape) const
{
    const double a = spread(shape);
    if (a == 0) return Tensor<T>::zeros(shape);
    const T width = static_cast<T>(a);
    if (distribution == Distribution::uniform) return autodiff::uniform<T>(key, shape, -width, width);
    return autodiff::normal<T>(key, shape, T{0}, width);
}

namespace {

bool is_bias(std::string_view name)
{
    return name.substr(name.rfind('.') + 1) == "bias";  // npos + 1 is 0
}

}  // namespace

template <class T>
void initialize(const Parameters<T>& parameters, Key key, const Initializers& draw)
{
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Parameter<T>& parameter = parameters[i];
        const Shape shape = parameter.tensor->shape();
        if (is_bias(parameter.name))
            *parameter.tensor = draw.biases.template operator()<T>(autodiff::fold_in(key, i), shape);
        else if (shape.rank() >= 2)
            *parameter.tensor = draw.weights.template operator()<T>(autodiff::fold_in(key, i), shape);
    }
}

namespace detail {

// Every element is one number in memory, so that a weight that has become NaN is not taken for an unset one.
template <class T>
Tensor<T> unset(const Shape& shape)
{
    const Tensor<T> nan(std::numeric_limits<T>::quiet_NaN());
    return nan.array().view(shape, autodiff::Strides::filled(shape.rank(), 0), 0);
}

template <class T>
void require_set(std::string_view layer, const Tensor<T>& weight)
{
    const auto& array = weight.array();
    if (array.size() > 0 && array.strides()[0] == 0 && std::isnan(*array.data())) [[unlikely]]
        autodiff::fail<autodiff::DomainError>(
            "{}: the weight of shape {} has no value yet; draw it with nn::initialize(model, nn::Key(seed)), "
            "or give the layer a key",
            layer, weight.shape());
}

}  // namespace detail

template Tensor<double> Initializer::operator()(Key, const Shape&) const;
template Tensor<float> Initializer::operator()(Key, const Shape&) const;
template void initialize(const Parameters<double>&, Key, const Initializers&);
template void initialize(const Parameters<float>&, Key, const Initializers&);
template Tensor<double> detail::unset(const Shape&);
template Tensor<float> detail::unset(const Shape&);
template void detail::require_set(std::string_view, const Tensor<double>&);
template void detail::require_set(std::string_view, const Tensor<float>&);

}  // namespace nn
