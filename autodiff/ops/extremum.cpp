#include <autodiff/kernels/map.hpp>
#include <autodiff/kernels/reduce.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/reduction_definitions.hpp>
#include <autodiff/ops/shape_ops.hpp>

namespace autodiff {

using detail::Reduction;

namespace {

/// 1 at the only element of x equal to its reduction y, 1/k at each of k; 0 elsewhere.
template <class T>
Tensor<T> shares(const Array<T>& x, const Tensor<T>& y, const Reduction& over)
{
    const auto is_chosen = [](const auto& a, const auto& b) {
        using B = std::remove_cvref_t<decltype(a)>;
        return math::select(a == b || (a != a && b != b), B(1), B(0));
    };
    const Array<T> kept = reshape(Tensor<T>(y.array()), over.kept()).array();
    const Array<T> chosen = kernels::map<T>("shares", is_chosen, x, kept);
    return Tensor<T>(chosen) / Tensor<T>(kernels::sum(chosen, over.axes, true));
}

template <class T>
Tensor<T> record_extremum(const char* name, Array<T> value, const Tensor<T>& x, const Reduction& over,
                          KeepDims keep_dims)
{
    return record({name, [&] { return axes_in_words(over.axes, x.rank(), keep_dims); }}, std::move(value),
                  argument(
                      x,
                      [array = x.array(), over](const auto& y_bar, const auto& y) {
                          return chain_product(reshape(y_bar, over.kept()), shares(array, y, over));
                      },
                      [array = x.array(), over, keep_dims](const auto& x_dot, const auto& y) {
                          return sum(chain_product(x_dot, shares(array, y, over)), over.axes, keep_dims);
                      }));
}

}  // namespace

template <class T>
Tensor<T> max(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims)
{
    const Reduction over("max", x.shape(), axes);
    over.require_elements("max", "maximum");
    return record_extremum("max", kernels::max(x.array(), over.axes, keep_dims == KeepDims::yes), x, over,
                           keep_dims);
}

template <class T>
Tensor<T> min(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims)
{
    const Reduction over("min", x.shape(), axes);
    over.require_elements("min", "minimum");
    return record_extremum("min", kernels::min(x.array(), over.axes, keep_dims == KeepDims::yes), x, over,
                           keep_dims);
}

template Tensor<double> max(const Tensor<double>&, const Axes&, KeepDims);
template Tensor<float> max(const Tensor<float>&, const Axes&, KeepDims);
template Tensor<double> min(const Tensor<double>&, const Axes&, KeepDims);
template Tensor<float> min(const Tensor<float>&, const Axes&, KeepDims);

}  // namespace autodiff
