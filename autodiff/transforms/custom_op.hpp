#pragma once

// stop_gradient, and ops with the user's own pullback.

#include <autodiff/tensor.hpp>
#include <autodiff/transforms/functions.hpp>

namespace autodiff {

/// x as a constant, in every recording and for every direction: nothing flows through it.
template <Operand X>
auto stop_gradient(const X& x) -> typename NumberOf<X>::type
{
    if constexpr (is_tensor<X>) return X(x.array());
    else if constexpr (requires { x.tangent; }) return stop_gradient(x.value);
    else if constexpr (requires { x.session(); }) return stop_gradient(x.value());
    else return x;
}

/// An op on tensors with a pullback of the user's own. `forward(x…)` returns the value and is not recorded;
/// `pullback(ȳ, y, x…)` returns x̄ (one argument) or std::array of them (several), of the arguments' shapes.
/// Written in terms of ops it can be differentiated again; forward mode follows from it by transposition.
///
///     auto cube = custom_op("cube", [](const Tensor<>& x) { return x * x * x; },
///                           [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>& x) { return 3 * y_bar
///                           * x * x; });
///
/// Check it with check_gradient(cube, x). An elementwise op with its own partial is simpler: see
/// elementwise().
template <class Forward, class Pullback>
struct CustomOp {
    const char* name;   ///< as errors and explanations have it
    Forward forward;    ///< y from x…
    Pullback pullback;  ///< x̄ from (ȳ, y, x…)

    /// @throws ShapeError (from the sweep) if the pullback's adjoints do not have the arguments' shapes.
    template <class T, std::same_as<Tensor<T>>... More>
    Tensor<T> operator()(const Tensor<T>& x, const More&... more) const
    {
        constexpr std::size_t count = 1 + sizeof...(More);
        const std::array<Tensor<T>, count> arguments{x, more...};
        Tensor<T> value;
        {
            PauseRecording<TensorSpace<T>> paused;
            value = forward(stop_gradient(x), stop_gradient(more)...);
        }
        return record_joint<T>(name, value.array(), arguments,
                               [arguments, pull = pullback](const Tensor<T>& y_bar, const Tensor<T>& y) {
                                   const auto apply = [&](const auto&... a) { return pull(y_bar, y, a...); };
                                   return as_vector<T>(std::apply(apply, arguments));
                               });
    }

private:
    template <class T>
    static std::vector<Tensor<T>> as_vector(const Tensor<T>& adjoint)
    {
        return {adjoint};
    }
    template <class T, std::size_t N>
    static std::vector<Tensor<T>> as_vector(const std::array<Tensor<T>, N>& adjoints)
    {
        return {adjoints.begin(), adjoints.end()};
    }
};

/// An op on tensors with a name, a value and a pullback of one's own: see CustomOp.
template <class Forward, class Pullback>
CustomOp<Forward, Pullback> custom_op(const char* name, Forward forward, Pullback pullback)
{
    return {name, std::move(forward), std::move(pullback)};
}

}  // namespace autodiff
