#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/program.hpp>
#include <autodiff/tensor.hpp>

#include <algorithm>
#include <functional>

namespace autodiff {

namespace {

template <class T>
Array<T> stretched(const Array<T>& x, const Shape& shape)
{
    return x.view(shape, broadcast_strides(x.shape(), x.strides(), shape), 0).contiguous();
}

template <class T>
BoolArray compare_elements(const Array<T>& a, const Array<T>& b, auto op)
{
    const auto compared = [op](const Array<T>& x, const Array<T>& y) {
        BoolArray result = BoolArray::uninitialized(x.shape());
        std::transform(x.data(), x.data() + x.size(), y.data(), result.writable(), op);
        return result;
    };
    return replayable("comparison", compared, a, b);
}

/// Of arrays of one shape.
template <class T>
Array<T> choose(const BoolArray& condition, const Array<T>& a, const Array<T>& b)
{
    Array<T> value = Array<T>::uninitialized(condition.shape());
    T* const out = value.writable();
    for (Index i = 0; i < value.size(); ++i) out[i] = condition.data()[i] ? a.data()[i] : b.data()[i];
    return value;
}

}  // namespace

namespace detail {

template <class T>
BoolArray compare(Comparison comparison, const Array<T>& a, const Array<T>& b)
{
    const Shape shape = broadcast_shapes("comparison", a.shape(), b.shape());
    const Array<T> left = stretched(a, shape);
    const Array<T> right = stretched(b, shape);
    switch (comparison) {
        case Comparison::less: return compare_elements(left, right, std::less<T>{});
        case Comparison::less_equal: return compare_elements(left, right, std::less_equal<T>{});
        case Comparison::greater: return compare_elements(left, right, std::greater<T>{});
        case Comparison::greater_equal: return compare_elements(left, right, std::greater_equal<T>{});
        case Comparison::equal: return compare_elements(left, right, std::equal_to<T>{});
        case Comparison::not_equal: break;
    }
    return compare_elements(left, right, std::not_equal_to<T>{});
}

template BoolArray compare(Comparison, const Array<double>&, const Array<double>&);
template BoolArray compare(Comparison, const Array<float>&, const Array<float>&);

}  // namespace detail

template <class T>
Tensor<T> where(const BoolArray& condition, const Tensor<T>& a, const Tensor<T>& b)
{
    const Shape shape =
        broadcast_shapes("where", broadcast_shapes("where", condition.shape(), a.shape()), b.shape());
    const BoolArray holds = stretched(condition, shape);
    const Array<T> from_a = stretched(a.array(), shape);
    const Array<T> from_b = stretched(b.array(), shape);
    const Tensor<T> zero(T{0});
    return record(
        "where", replayable("where", choose<T>, holds, from_a, from_b),
        argument(
            a, [=, to = a.shape()](const auto& y_bar) { return sum_to_shape(where(holds, y_bar, zero), to); },
            [=](const auto& a_dot) { return where(holds, a_dot, zero); }),
        argument(
            b, [=, to = b.shape()](const auto& y_bar) { return sum_to_shape(where(holds, zero, y_bar), to); },
            [=](const auto& b_dot) { return where(holds, zero, b_dot); }));
}

template Tensor<double> where(const BoolArray&, const Tensor<double>&, const Tensor<double>&);
template Tensor<float> where(const BoolArray&, const Tensor<float>&, const Tensor<float>&);

}  // namespace autodiff
