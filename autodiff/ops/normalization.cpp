#include <autodiff/ops/normalization.hpp>

#include <autodiff/error.hpp>
#include <autodiff/kernels/batch_norm.hpp>
#include <autodiff/kernels/layer_norm.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/program.hpp>

#include <utility>

namespace autodiff {

namespace {

/// The pullback in terms of ops, so that it is itself recorded, for means over some axes. `scale` broadcasts
/// to x, and `shape` is that of its adjoint.
template <class T>
std::vector<Tensor<T>> pull_by_ops(const Tensor<T>& y_bar, const Tensor<T>& x, const Tensor<T>& scale,
                                   const Axes& axes, double epsilon)
{
    if (x.size() == 0)  // its elements have no mean
        return {Tensor<T>::zeros(x.shape()), Tensor<T>::zeros(scale.shape()),
                Tensor<T>::zeros(scale.shape())};
    const auto mean_of = [&](const Tensor<T>& v) { return mean(v, axes, KeepDims::yes); };
    const Tensor<T> centred = x - mean_of(x);
    const Tensor<T> inverse = 1 / sqrt(mean_of(square(centred)) + epsilon);
    const Tensor<T> normal = centred * inverse, g = chain_product(y_bar, scale);
    const Tensor<T> along = chain_product(mean_of(chain_product(g, normal)), normal);
    return {chain_product(g - mean_of(g) - along, inverse),
            sum_to_shape(chain_product(y_bar, normal), scale.shape()), sum_to_shape(y_bar, scale.shape())};
}

void require_epsilon(const char* op, double epsilon)
{
    if (!(epsilon > 0)) fail<DomainError>("{}: epsilon is {}; it must be above 0", op, epsilon);
}

}  // namespace

template <class T>
Tensor<T> layer_norm(const Tensor<T>& x, const Tensor<T>& scale, const Tensor<T>& shift, double epsilon)
{
    if (x.rank() == 0 || scale.shape() != Shape{x.shape().back()} || shift.shape() != scale.shape())
        fail<ShapeError>("layer_norm: x has shape {}, scale {}, shift {}; they must be (…, n), (n), (n)",
                         x.shape(), scale.shape(), shift.shape());
    if (x.shape().back() == 0)
        fail<DomainError>("layer_norm: rows of no elements, in shape {}, have no mean", x.shape());
    require_epsilon("layer_norm", epsilon);
    const Array<T> rows = x.array().contiguous(), factor = scale.array().contiguous();
    const auto normalize = [e = static_cast<T>(epsilon)](const auto& a, const auto& b, const auto& c) {
        kernels::NormalizedRows<T> of = kernels::layer_norm(a, b, c, e);
        return std::tuple(std::move(of.y), std::move(of.mean), std::move(of.inverse));
    };
    const auto [y, mean, inverse] =
        replayable("layer_norm", normalize, rows, factor, shift.array().contiguous());
    const auto pull = [](const auto& y_bar, const auto& a, const auto& b, const auto& of_mean,
                         const auto& of_inverse) {
        kernels::LayerNormAdjoints<T> bars = kernels::pull_layer_norm(y_bar, a, b, {{}, of_mean, of_inverse});
        return std::tuple(std::move(bars.x), std::move(bars.scale), std::move(bars.shift));
    };
    const Tensor<T> arguments[] = {x, scale, shift};
    return record_joint<T>(
        "layer_norm", y, arguments,
        [=, mu = mean, r = inverse](const Tensor<T>& y_bar, const Tensor<T>&) -> std::vector<Tensor<T>> {
            if (recorder<TensorSpace<T>>.recording()) return pull_by_ops(y_bar, x, scale, {-1}, epsilon);
            const auto [of_x, of_scale, of_shift] =
                replayable("layer_norm", pull, y_bar.array().contiguous(), rows, factor, mu, r);
            return {of_x, of_scale, of_shift};
        },
        Keeps::shape);
}

template <class T>
BatchNormalized<T> batch_norm(const Tensor<T>& x, const Tensor<T>& scale, const Tensor<T>& shift,
                              double epsilon)
{
    if (x.rank() < 2 || scale.shape() != Shape{x.shape()[1]} || shift.shape() != scale.shape())
        fail<ShapeError>(
            "batch_norm: x has shape {}, scale {}, shift {}; they must be (samples, channels, …), "
            "(channels), "
            "(channels)",
            x.shape(), scale.shape(), shift.shape());
    if (x.size() == 0 && scale.size() > 0)
        fail<DomainError>("batch_norm: channels of no elements, in shape {}, have no mean", x.shape());
    require_epsilon("batch_norm", epsilon);
    const Array<T> values = x.array().contiguous(), factor = scale.array().contiguous();
    const auto e = static_cast<T>(epsilon);
    const auto normalize = [e](const auto& a, const auto& b, const auto& c) {
        kernels::NormalizedChannels<T> of = kernels::batch_norm(a, b, c, e);
        return std::tuple(std::move(of.y), std::move(of.mean), std::move(of.variance));
    };
    const auto [y, mean, variance] =
        replayable("batch_norm", normalize, values, factor, shift.array().contiguous());
    const auto pull = [e](const auto& y_bar, const auto& a, const auto& b, const auto& of_mean,
                          const auto& of_variance) {
        kernels::BatchNormAdjoints<T> bars =
            kernels::pull_batch_norm(y_bar, a, b, {{}, of_mean, of_variance}, e);
        return std::tuple(std::move(bars.x), std::move(bars.scale), std::move(bars.shift));
    };
    const Tensor<T> arguments[] = {x, scale, shift};
    const Tensor<T> result = record_joint<T>(
        "batch_norm", y, arguments,
        [=, mu = mean, of_variance = variance](const Tensor<T>& y_bar,
                                               const Tensor<T>&) -> std::vector<Tensor<T>> {
            if (recorder<TensorSpace<T>>.recording()) {
                Axes others{0};
                Shape of_scale{scale.size()};
                for (std::size_t axis = 2; axis < x.rank(); ++axis) {
                    others.push_back(static_cast<Index>(axis));
                    of_scale.push_back(1);
                }
                auto bars = pull_by_ops(y_bar, x, reshape(scale, of_scale), others, epsilon);
                return {bars[0], reshape(bars[1], scale.shape()), reshape(bars[2], scale.shape())};
            }
            const auto [bar_x, bar_scale, bar_shift] =
                replayable("batch_norm", pull, y_bar.array().contiguous(), values, factor, mu, of_variance);
            return {bar_x, bar_scale, bar_shift};
        },
        Keeps::shape);
    return {result, mean, variance};
}

template Tensor<double> layer_norm(const Tensor<double>&, const Tensor<double>&, const Tensor<double>&,
                                   double);
template Tensor<float> layer_norm(const Tensor<float>&, const Tensor<float>&, const Tensor<float>&, double);

template BatchNormalized<double> batch_norm(const Tensor<double>&, const Tensor<double>&,
                                            const Tensor<double>&, double);
template BatchNormalized<float> batch_norm(const Tensor<float>&, const Tensor<float>&, const Tensor<float>&,
                                           double);

}  // namespace autodiff
