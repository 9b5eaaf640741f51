#include <autodiff/error.hpp>
#include <autodiff/ops/sort.hpp>

#include <autodiff/ops/indexing.hpp>
#include <autodiff/ops/reduction_definitions.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/program.hpp>

namespace autodiff {

namespace {

template <class T>
IndexArray positions(const char* op, const Tensor<T>& x, std::size_t axis, Index count, Order order)
{
    return replayable(op, kernels::order<T>, x.array(), axis, count, order);
}

template <class T>
IndexArray extremum_position(const char* op, const char* what, const Tensor<T>& x, Index axis,
                             KeepDims keep_dims, IndexArray (*kernel)(const Array<T>&, std::size_t))
{
    const std::size_t along = normalized_axis(op, axis, x.rank());
    const detail::Reduction over(op, x.shape(), {axis});
    over.require_elements(op, what);
    const IndexArray kept = replayable(op, kernel, x.array(), along);
    const Shape shape = reduced_shape(x.shape(), over.axes, keep_dims == KeepDims::yes);
    return kept.view(shape, shape.contiguous_strides(), 0);
}

template <class T>
Tensor<T> all_in_a_row(const Tensor<T>& x)
{
    return flatten(Tensor<T>(x.array()));
}

}  // namespace

template <class T>
IndexArray argsort(const Tensor<T>& x, Index axis, Order order)
{
    const std::size_t along = normalized_axis("argsort", axis, x.rank());
    return positions("argsort", x, along, x.shape()[along], order);
}

template <class T>
Tensor<T> sort(const Tensor<T>& x, Index axis, Order order)
{
    const std::size_t along = normalized_axis("sort", axis, x.rank());
    return detail::gathered("sort", x, positions("sort", x, along, x.shape()[along], order), along);
}

template <class T>
TopK<T> topk(const Tensor<T>& x, Index k, Index axis)
{
    const std::size_t along = normalized_axis("topk", axis, x.rank());
    if (k < 0 || k > x.shape()[along])
        fail<ShapeError>("topk: {} elements of axis {} of shape {}, which has size {}", k, along, x.shape(),
                         x.shape()[along]);
    IndexArray indices = positions("topk", x, along, k, Order::descending);
    Tensor<T> values = detail::gathered("topk", x, indices, along);
    return {std::move(values), std::move(indices)};
}

template <class T>
IndexArray argmax(const Tensor<T>& x, Index axis, KeepDims keep_dims)
{
    return extremum_position("argmax", "maximum", x, axis, keep_dims, &kernels::argmax<T>);
}
template <class T>
Index argmax(const Tensor<T>& x)
{
    return argmax(all_in_a_row(x), 0).item();
}

template <class T>
IndexArray argmin(const Tensor<T>& x, Index axis, KeepDims keep_dims)
{
    return extremum_position("argmin", "minimum", x, axis, keep_dims, &kernels::argmin<T>);
}
template <class T>
Index argmin(const Tensor<T>& x)
{
    return argmin(all_in_a_row(x), 0).item();
}

template IndexArray argsort(const Tensor<double>&, Index, Order);
template IndexArray argsort(const Tensor<float>&, Index, Order);
template Tensor<double> sort(const Tensor<double>&, Index, Order);
template Tensor<float> sort(const Tensor<float>&, Index, Order);
template TopK<double> topk(const Tensor<double>&, Index, Index);
template TopK<float> topk(const Tensor<float>&, Index, Index);
template IndexArray argmax(const Tensor<double>&, Index, KeepDims);
template IndexArray argmax(const Tensor<float>&, Index, KeepDims);
template Index argmax(const Tensor<double>&);
template Index argmax(const Tensor<float>&);
template IndexArray argmin(const Tensor<double>&, Index, KeepDims);
template IndexArray argmin(const Tensor<float>&, Index, KeepDims);
template Index argmin(const Tensor<double>&);
template Index argmin(const Tensor<float>&);

}  // namespace autodiff
