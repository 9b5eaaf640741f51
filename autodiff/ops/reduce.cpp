#include <autodiff/ops/reduce.hpp>

#include <autodiff/kernels/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>

namespace autodiff {

template <class T>
Tensor<T> sum(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims)
{
    const Axes over = normalized_axes("sum", axes, x.rank());
    return record("sum", kernels::sum(x.array(), over, keep_dims == KeepDims::yes),
                  argument(
                      x,
                      [over, shape = x.shape()](const auto& y_bar) {
                          return broadcast_to(reshape(y_bar, reduced_shape(shape, over, true)), shape);
                      },
                      [over, keep_dims](const auto& x_dot) {
                          return over.empty() ? x_dot : sum(x_dot, over, keep_dims);
                      }));
}

template Tensor<double> sum(const Tensor<double>&, const Axes&, KeepDims);
template Tensor<float> sum(const Tensor<float>&, const Axes&, KeepDims);

}  // namespace autodiff
