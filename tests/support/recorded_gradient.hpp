#pragma once

// gradient by a recording, whatever the number of arguments and whatever else f takes.

#include <autodiff/transforms/gradient.hpp>

namespace autodiff::tests {

template <class, class To>
using Replaced = To;

template <class F, class... X>
auto recorded_value_and_gradient(F&& f, const X&... x)
{
    if constexpr ((Number<X> && ...) && sizeof...(X) > 0) {
        using T = autodiff::detail::Floating<X...>;
        return value_and_gradient([&f](const Replaced<X, Scalar<T>>&... v) { return f(v...); }, x...);
    } else return value_and_gradient(f, x...);
}
template <class F, class T, std::size_t N>
auto recorded_value_and_gradient(F&& f, const std::array<T, N>& x)
{
    return value_and_gradient([&f](const std::array<Scalar<T>, N>& v) { return f(v); }, x);
}
template <class F, class... X>
auto recorded_gradient(F&& f, const X&... x)
{
    return recorded_value_and_gradient(f, x...).gradient;
}

}  // namespace autodiff::tests
