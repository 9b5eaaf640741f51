#include <autodiff/ops/reduce.hpp>
#include <autodiff/program.hpp>

#include <autodiff/kernels/reduce.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/concatenate.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/ops/reduction_definitions.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/ops/slice.hpp>

namespace autodiff {

using detail::Reduction;

template <class T>
Tensor<T> sum(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims)
{
    const Reduction over("sum", x.shape(), axes);
    return record(
        {"sum", [&] { return axes_in_words(over.axes, x.rank(), keep_dims); }},
        kernels::sum(x.array(), over.axes, keep_dims == KeepDims::yes),
        argument(
            x, [over](const auto& y_bar) { return broadcast_to(reshape(y_bar, over.kept()), over.shape); },
            [=, axes = over.axes](const auto& x_dot) { return sum(x_dot, axes, keep_dims); }));
}

template <class T>
Tensor<T> mean(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims)
{
    const Reduction over("mean", x.shape(), axes);
    over.require_elements("mean", "mean");
    const auto mean_of = [count = over.count()](const Array<T>& all, const Axes& along, bool keep) {
        Array<T> total = kernels::sum(all, along, keep);
        if (count != 1)  // else it may be x itself
            for (Index i = 0; i < total.size(); ++i) total.writable()[i] /= static_cast<T>(count);
        return total;
    };
    return record({"mean", [&] { return axes_in_words(over.axes, x.rank(), keep_dims); }},
                  replayable("mean", mean_of, x.array(), over.axes, keep_dims == KeepDims::yes),
                  argument(
                      x,
                      [over](const auto& y_bar) {
                          return broadcast_to(reshape(y_bar / over.count(), over.kept()), over.shape);
                      },
                      [=, axes = over.axes](const auto& x_dot) { return mean(x_dot, axes, keep_dims); }));
}

// ---------------------------------------- products ----------------------------------------------------

namespace {

/// For each element along the last axis the product of all the others, by multiplications alone. The elements
/// are put in pairs (a, b); the others of a are b and the others of the pair.
template <class T>
Tensor<T> products_of_others(const Tensor<T>& x)
{
    const Index count = x.shape().back();
    if (count < 2) return Tensor<T>::ones(x.shape());
    const Index half = (count + 1) / 2;
    const Tensor<T> a = slice(x, Slice{0, half}, -1);
    Tensor<T> b = slice(x, Slice{half, count}, -1);
    if (count % 2 != 0) b = concatenate({b, Tensor<T>::ones(slice(b, Slice{0, 1}, -1).shape())}, -1);
    const Tensor<T> others = products_of_others(a * b);
    return slice(concatenate({others * b, others * a}, -1), Slice{0, count}, -1);
}

template <class T>
Tensor<T> products_of_others(const Tensor<T>& x, const Axes& axes)
{
    Axes order;  // the axes of the result, then those of the product
    for (Index axis = 0; axis < static_cast<Index>(x.rank()); ++axis)
        if (!axes.contains(axis)) order.push_back(axis);
    const std::size_t first = order.count();
    Axes inverse = Dims::filled(x.rank(), 0);
    for (Index axis : axes) order.push_back(axis);
    for (std::size_t i = 0; i < order.count(); ++i)
        inverse[static_cast<std::size_t>(order[i])] = static_cast<Index>(i);
    const Tensor<T> ordered = permute(x, order);
    return permute(reshape(products_of_others(flatten(ordered, static_cast<Index>(first))), ordered.shape()),
                   inverse);
}

}  // namespace

template <class T>
Tensor<T> prod(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims)
{
    const Reduction over("prod", x.shape(), axes);
    return record({"prod", [&] { return axes_in_words(over.axes, x.rank(), keep_dims); }},
                  kernels::prod(x.array(), over.axes, keep_dims == KeepDims::yes),
                  argument(
                      x,
                      [x, over](const auto& y_bar) {
                          return chain_product(reshape(y_bar, over.kept()), products_of_others(x, over.axes));
                      },
                      [x, axes = over.axes, keep_dims](const auto& x_dot) {
                          return sum(chain_product(x_dot, products_of_others(x, axes)), axes, keep_dims);
                      }));
}

template Tensor<double> sum(const Tensor<double>&, const Axes&, KeepDims);
template Tensor<float> sum(const Tensor<float>&, const Axes&, KeepDims);
template Tensor<double> mean(const Tensor<double>&, const Axes&, KeepDims);
template Tensor<float> mean(const Tensor<float>&, const Axes&, KeepDims);
template Tensor<double> prod(const Tensor<double>&, const Axes&, KeepDims);
template Tensor<float> prod(const Tensor<float>&, const Axes&, KeepDims);

}  // namespace autodiff
