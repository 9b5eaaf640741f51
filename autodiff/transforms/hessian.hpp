#pragma once

// Second derivatives, forward over reverse: the derivative of the gradient along a direction costs a few
// gradients, whatever the number of variables.

#include <autodiff/error.hpp>
#include <autodiff/transforms/jacobian.hpp>

#include <algorithm>

namespace autodiff {

/// H v, the derivative of the gradient along v, for a container of numbers.
template <class F, NumberContainer C>
C hvp(F&& f, const C& x, const C& v)
{
    using T = typename C::value_type;
    if (x.size() != v.size()) fail<ShapeError>("hvp: a direction of {} for {} numbers", v.size(), x.size());
    const auto seeded =
        detail::mapped(x, [&](const T& value, std::size_t i) { return Dual<T>(value, v[i]); });
    return detail::mapped(gradient(f, seeded), [](const Dual<T>& g, std::size_t) { return g.tangent; });
}

/// H[i][j] = ∂²f/∂xᵢ∂xⱼ for a container of numbers: a container of rows. Plain numbers take eight columns at
/// once.
template <class F, NumberContainer C>
auto hessian(F&& f, const C& x)
{
    using T = typename C::value_type;
    if constexpr (std::floating_point<T>) {
        constexpr std::size_t width = detail::lanes<T>;
        auto rows = detail::mapped(x, [&](T, std::size_t) { return x; });
        for (std::size_t first = 0; first < x.size(); first += width) {
            const auto columns = gradient(f, detail::mapped(x, [&](const T& value, std::size_t i) {
                                              return i - first < width ? detail::dual(value, i - first)
                                                                       : detail::Lanes<T>(value);
                                          }));
            for (std::size_t i = 0; i < x.size(); ++i) {
                T numbers[width];
                columns[i].tangent.store(numbers);
                std::copy_n(numbers, std::min(width, x.size() - first),
                            rows[i].begin() + static_cast<Index>(first));
            }
        }
        return rows;
    } else
        return detail::mapped(x, [&](const T&, std::size_t i) {
            return hvp(f, x,
                       detail::mapped(x, [i](const T&, std::size_t j) { return lift<T>(i == j ? 1 : 0); }));
        });
}

/// f''(x) of a function of one number; the matrix (std::array of rows) of second derivatives of one of
/// several.
template <class F, Number... X>
    requires(sizeof...(X) > 0)
auto hessian(F&& f, const X&... x)
{
    using T = detail::Floating<X...>;
    const auto matrix = hessian(detail::spread(f), std::array<T, sizeof...(X)>{lift<T>(x)...});
    if constexpr (sizeof...(X) == 1) return matrix[0][0];
    else return matrix;
}

/// H v for a function of one tensor. @throws ShapeError if v has another shape than x.
template <class F, class T>
Tensor<T> hvp(F&& f, const Tensor<T>& x, const Tensor<T>& v)
{
    return jvp([&f](const Tensor<T>& at) { return gradient(f, at); }, x, v).tangent;
}

/// H v for a model's parameters: v and the result have one tensor for each.
template <class F, class T>
    requires std::invocable<F&>
std::vector<Tensor<T>> hvp(F&& f, const Parameters<T>& parameters, const std::vector<Tensor<T>>& v)
{
    if (v.size() != parameters.size())
        fail<ShapeError>("hvp: a direction of {} tensors for {} parameters", v.size(), parameters.size());
    // The parameters stay the inner recording's variables until the end, so that a checkpoint in f finds them
    // when it computes again.
    const bool is_nested = recorder<TensorSpace<T>>.recording();
    detail::BoundParameters<T> bound(parameters);
    Trace<T> trace(bound.values());
    std::vector<Tensor<T>> gradients;
    {
        const auto running = trace.running();
        Trace<T> inner(trace.variables());
        bound.bind(inner.variables());
        detail::run(inner, f);
        inner.require_scalar_result("hvp");
        // H v asks only how the gradient changes, unless it is itself to be differentiated.
        const Tensor<T> seed(T{1});
        inner.pull(std::span(&seed, 1), gradients,
                   is_nested ? LeafAdjoints::values : LeafAdjoints::derivatives);
    }
    trace.finish(std::move(gradients));
    return trace.push_all(v);
}

/// The second derivatives of a function of one tensor, of shape (shape of x, shape of x). Within another
/// recording it can be differentiated again.
template <class F, class T>
Tensor<T> hessian(F&& f, const Tensor<T>& x)
{
    Trace<T> trace(std::span(&x, 1));
    detail::run(trace, [&] { return gradient(f, trace.variables().front()); });
    return detail::jacobian_of(trace, detail::JacobianBy::columns);
}

}  // namespace autodiff
