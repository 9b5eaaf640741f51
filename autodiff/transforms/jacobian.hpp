#pragma once

// jacobian: all partial derivatives of all results, row by row or column by column, whichever are fewer.

#include <autodiff/transforms/jvp.hpp>
#include <autodiff/transforms/vjp.hpp>

#include <algorithm>

namespace autodiff {

/// J[i][j] = ∂yᵢ/∂xⱼ of a function from a container of numbers to a container of numbers: a container (like
/// y) of rows (like x). One recording; the sweeps of plain numbers take eight rows at once.
template <class F, NumberContainer C>
auto jacobian(F&& f, const C& x)
{
    using T = typename C::value_type;
    const ScalarTrace<C> trace(x);
    const auto y = trace.run([&](const auto& variables) { return f(variables); });
    if constexpr (std::floating_point<T>) {
        std::vector<C> rows;
        return detail::mapped(y, [&](const Scalar<T>&, std::size_t i) {
            const std::size_t lane = i % detail::lanes<T>;
            if (lane == 0)
                rows = trace.pull_units(y, i, std::min<std::size_t>(detail::lanes<T>, y.size() - i));
            return rows[lane];
        });
    } else
        return detail::mapped(y, [&](const Scalar<T>&, std::size_t i) {
            return trace.pull(y, detail::mapped(y, [i](const Scalar<T>&, std::size_t k) {
                                  return lift<T>(i == k ? 1 : 0);
                              }));
        });
}

namespace detail {

/// The i-th unit vector, in the given shape.
template <class T>
Tensor<T> unit(const Shape& shape, Index i);

/// The Jacobian of a trace of one variable, of shape (shape of y, shape of x): by rows (sweeps backwards) or
/// columns.
enum class JacobianBy { rows, columns };
template <class T>
Tensor<T> jacobian_of(const Trace<T>& trace, JacobianBy by);

}  // namespace detail

/// ∂y/∂x of a function of one tensor: a tensor of shape (shape of y, shape of x). Within another recording it
/// can be differentiated again.
template <class F, class T>
Tensor<T> jacobian(F&& f, const Tensor<T>& x)
{
    Trace<T> trace(std::span(&x, 1));
    const Tensor<T> y = detail::run(trace, [&] { return f(trace.variables().front()); });
    return detail::jacobian_of(trace,
                               y.size() <= x.size() ? detail::JacobianBy::rows : detail::JacobianBy::columns);
}

}  // namespace autodiff
