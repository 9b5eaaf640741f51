#include <autodiff/ops/layer_norm.hpp>

#include <autodiff/error.hpp>
#include <autodiff/kernels/layer_norm.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>

namespace autodiff {

namespace {

/// The pullback in terms of ops, so that it is itself recorded.
template <class T>
std::vector<Tensor<T>> pull_by_ops(const Tensor<T>& y_bar, const Tensor<T>& x, const Tensor<T>& scale,
                                   double epsilon)
{
    const auto row_mean = [](const Tensor<T>& v) { return mean(v, {-1}, KeepDims::yes); };
    const Tensor<T> centred = x - row_mean(x);
    const Tensor<T> inverse = 1 / sqrt(row_mean(square(centred)) + epsilon);
    const Tensor<T> normal = centred * inverse, g = y_bar * scale;
    return {inverse * (g - row_mean(g) - normal * row_mean(g * normal)),
            sum_to_shape(y_bar * normal, scale.shape()), sum_to_shape(y_bar, scale.shape())};
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
    if (!(epsilon > 0)) fail<DomainError>("layer_norm: epsilon is {}; it must be above 0", epsilon);
    const Array<T> rows = x.array().contiguous(), factor = scale.array().contiguous();
    auto normalized = kernels::layer_norm(rows, factor, shift.array().contiguous(), static_cast<T>(epsilon));
    const Tensor<T> arguments[] = {x, scale, shift};
    const Array<T> y = normalized.y;
    return record_joint<T>(
        "layer_norm", y, arguments, [=](const Tensor<T>& y_bar, const Tensor<T>&) -> std::vector<Tensor<T>> {
            if (recorder<TensorSpace<T>>.recording) return pull_by_ops(y_bar, x, scale, epsilon);
            auto bars = kernels::pull_layer_norm(y_bar.array().contiguous(), rows, factor, normalized);
            return {std::move(bars.x), std::move(bars.scale), std::move(bars.shift)};
        });
}

template Tensor<double> layer_norm(const Tensor<double>&, const Tensor<double>&, const Tensor<double>&,
                                   double);
template Tensor<float> layer_norm(const Tensor<float>&, const Tensor<float>&, const Tensor<float>&, double);

}  // namespace autodiff
