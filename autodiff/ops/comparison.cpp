#include <autodiff/numbers/batch.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/program.hpp>
#include <autodiff/tensor.hpp>

#include <bit>
#include <cstdint>
#include <functional>

namespace autodiff {

namespace {

/// x in this shape; a single number as it is, which `with_steps` stretches.
template <class T>
Array<T> stretched(const Array<T>& x, const Shape& shape)
{
    if (x.size() == 1) return x.view(Shape{}, Strides{}, 0);
    return x.view(shape, broadcast_strides(x.shape(), x.strides(), shape), 0).contiguous();
}

/// Calls f(step of a, step of b), compiled for steps of 0 (a single number) and 1.
template <class A, class B>
void with_steps(const Array<A>& a, const Array<B>& b, auto f)
{
    using Still = std::integral_constant<Index, 0>;
    using Along = std::integral_constant<Index, 1>;
    const bool a_is_still = a.rank() == 0, b_is_still = b.rank() == 0;
    for_instruction_set([&](auto) {
        if (a_is_still && b_is_still) f(Still{}, Still{});
        else if (a_is_still) f(Still{}, Along{});
        else if (b_is_still) f(Along{}, Still{});
        else f(Along{}, Along{});
    });
}

template <class T>
BoolArray compare_elements(const Array<T>& a, const Array<T>& b, const Shape& shape, auto op)
{
    const auto compared = [op, shape](const Array<T>& x, const Array<T>& y) {
        BoolArray result = BoolArray::uninitialized(shape);
        const Index n = result.size();
        bool* const out = result.writable();
        const T *const from_x = x.data(), *const from_y = y.data();
        with_steps(x, y, [=](auto step_x, auto step_y) {
            for (Index i = 0; i < n; ++i) out[i] = op(from_x[i * step_x], from_y[i * step_y]);
        });
        return result;
    };
    return replayable("comparison", compared, a, b);
}

/// a where the condition holds, else b; single numbers are stretched.
template <class T>
Array<T> choose(const BoolArray& condition, const Array<T>& a, const Array<T>& b)
{
    Array<T> value = Array<T>::uninitialized(condition.shape());
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    const Index n = value.size();
    T* const out = value.writable();
    const bool* const holds = condition.data();
    const T *const from_a = a.data(), *const from_b = b.data();
    with_steps(a, b, [=](auto step_a, auto step_b) {
        for (Index i = 0; i < n; ++i) {
            // In bits, without a branch, which cannot be foreseen and keeps the compiler from using vectors.
            const Bits if_so = std::bit_cast<Bits>(from_a[i * step_a]),
                       if_not = std::bit_cast<Bits>(from_b[i * step_b]);
            const Bits mask = -static_cast<Bits>(holds[i]);
            out[i] = std::bit_cast<T>((if_so & mask) | (if_not & ~mask));
        }
    });
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
        case Comparison::less: return compare_elements(left, right, shape, std::less<T>{});
        case Comparison::less_equal: return compare_elements(left, right, shape, std::less_equal<T>{});
        case Comparison::greater: return compare_elements(left, right, shape, std::greater<T>{});
        case Comparison::greater_equal: return compare_elements(left, right, shape, std::greater_equal<T>{});
        case Comparison::equal: return compare_elements(left, right, shape, std::equal_to<T>{});
        case Comparison::not_equal: break;
    }
    return compare_elements(left, right, shape, std::not_equal_to<T>{});
}

template BoolArray compare(Comparison, const Array<double>&, const Array<double>&);
template BoolArray compare(Comparison, const Array<float>&, const Array<float>&);

}  // namespace detail

template <class T>
Tensor<T> where(const BoolArray& condition, const Tensor<T>& a, const Tensor<T>& b)
{
    const Shape shape =
        broadcast_shapes("where", broadcast_shapes("where", condition.shape(), a.shape()), b.shape());
    const BoolArray holds =
        condition.view(shape, broadcast_strides(condition.shape(), condition.strides(), shape), 0)
            .contiguous();
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
