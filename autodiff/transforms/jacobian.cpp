#include <autodiff/transforms/jacobian.hpp>

#include <autodiff/ops/concatenate.hpp>
#include <autodiff/ops/shape_ops.hpp>

namespace autodiff::detail {

template <class T>
Tensor<T> unit(const Shape& shape, Index i)
{
    Array<T> array = Array<T>::filled(shape, 0);
    array.writable()[i] = 1;
    return array;
}

template <class T>
Tensor<T> jacobian_of(const Trace<T>& trace, JacobianBy by)
{
    const Shape& x_shape = trace.variables().front().shape();
    const Shape& y_shape = trace.result().shape();
    const bool rows = by == JacobianBy::rows;
    const Shape& outer = rows ? y_shape : x_shape;

    std::vector<Tensor<T>> parts;
    for (Index i = 0; i < outer.element_count(); ++i) {
        const Tensor<T> direction = unit<T>(outer, i);
        parts.push_back(rows ? trace.pull(direction).front() : trace.push(std::span(&direction, 1)));
    }

    Shape shape = y_shape;
    for (Index size : x_shape) shape.push_back(size);
    if (shape.element_count() == 0) return Tensor<T>::zeros(shape);
    const Tensor<T> stacked = stack<T>(parts, rows ? 0 : -1);
    return reshape(stacked, shape);
}

template Tensor<double> unit(const Shape&, Index);
template Tensor<float> unit(const Shape&, Index);
template Tensor<double> jacobian_of(const Trace<double>&, JacobianBy);
template Tensor<float> jacobian_of(const Trace<float>&, JacobianBy);

}  // namespace autodiff::detail
