#pragma once

// How the transforms see a function: of numbers f(x, y), of a container of numbers f(std::vector), of tensors
// f(a, b), or of a model's parameters f(). All are brought to a function of one container.

#include <autodiff/numbers/dual.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/scalar.hpp>

#include <array>
#include <vector>

namespace autodiff {

template <class T>
class Tensor;

/// Whether X is a Tensor.
template <class X>
inline constexpr bool is_tensor = false;
template <class T>
inline constexpr bool is_tensor<Tensor<T>> = true;

/// A number that can be differentiated with respect to: plain, dual or recorded.
template <class X>
concept Number = Operand<X> && !is_tensor<X> && !is_batch<X> && !std::same_as<X, Probe>;

/// Several numbers in one argument: std::vector<T> or std::array<T, N>.
template <class C>
concept NumberContainer = requires(const C& c) {
    requires Number<typename C::value_type>;
    c.begin();
    c.size();
} && !is_tensor<C>;

/// What value_and_gradient returns: auto [value, gradient] = value_and_gradient(f, x).
template <class V, class G>
struct ValueAndGradient {
    V value;     ///< f(x)
    G gradient;  ///< ∇f(x), shaped as x; of several arguments or parameters one for each
};

/// What jvp returns: the value and its derivative in the given direction.
template <class V>
struct ValueAndTangent {
    V value;    ///< f(x)
    V tangent;  ///< d/dt f(x + t ẋ) at t = 0
};

namespace detail {

/// Numbers as a floating kind: integers count as doubles.
template <class... X>
using Floating = std::conditional_t<std::is_integral_v<Deepest<X...>>, double, Deepest<X...>>;

template <class C, class To>
struct Rebound;
template <class T, class A, class To>
struct Rebound<std::vector<T, A>, To> {
    using type = std::vector<To>;
};
template <class T, std::size_t N, class To>
struct Rebound<std::array<T, N>, To> {
    using type = std::array<To, N>;
};

/// A dual number with a direction for each of a few numbers: all derivatives in one evaluation.
template <class T>
inline constexpr int lanes = 8;
template <class T>
struct LanesOf {
    using type = T;  // only plain numbers have them
};
template <std::floating_point T>
struct LanesOf<T> {
    using type = Dual<T, Batch<T, lanes<T>>>;
};
template <class T>
using Lanes = typename LanesOf<T>::type;

/// The value with the given direction's tangent 1.
template <class T>
Lanes<T> dual(const T& value, std::size_t direction)
{
    T unit[lanes<T>]{};
    unit[direction] = 1;
    return {value, Batch<T, lanes<T>>::load(unit)};
}
/// While it lives, a function of Scalar<T> is evaluated on dual numbers instead.
template <class T>
RecorderScope<ScalarSpace<T>> forwards()
{
    Recorder<ScalarSpace<T>> state = recorder<ScalarSpace<T>>;
    state.is_forwards = true;
    return RecorderScope<ScalarSpace<T>>(state);
}

/// An iterator over g(i), so that a vector is filled in one pass.
template <class G>
struct Generated {
    using iterator_category = std::random_access_iterator_tag;
    using value_type = std::remove_cvref_t<decltype(std::declval<G&>()(std::size_t{}))>;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = value_type;

    G* g;
    std::size_t i;

    value_type operator*() const { return (*g)(i); }
    Generated& operator++()
    {
        ++i;
        return *this;
    }
    friend bool operator==(const Generated& a, const Generated& b) { return a.i == b.i; }
    friend difference_type operator-(const Generated& a, const Generated& b)
    {
        return static_cast<difference_type>(a.i) - static_cast<difference_type>(b.i);
    }
};

/// g(x_i, i) for each element, in a container of the same kind.
template <class C, class G>
auto mapped(const C& container, G g)
{
    using To = std::remove_cvref_t<decltype(g(*container.begin(), std::size_t{0}))>;
    using Result = typename Rebound<C, To>::type;
    if constexpr (requires(Result result) { result.reserve(container.size()); }) {
        auto element = [&](std::size_t i) { return g(container[i], i); };
        using It = Generated<decltype(element)>;
        return Result(It{&element, 0}, It{&element, container.size()});
    } else {
        Result result{};
        for (std::size_t i = 0; i < container.size(); ++i) result[i] = g(container[i], i);
        return result;
    }
}

/// f(x, y, …) as a function of std::array{x, y, …}.
template <class F>
auto spread(F& f)
{
    const auto call = [&f](const auto&... x) {
        static_assert(
            std::invocable<F&, decltype(x)...>,
            "autodiff: the function cannot be called with recorded numbers; give it a parameter for "
            "each argument, of type `const auto&` (if it has them, the error is in its body, see below)");
        return f(x...);
    };
    return [call](const auto& array) { return std::apply(call, array); };
}

/// A gradient with respect to one argument is that argument's gradient; of several, the array of them.
template <class A>
auto unwrapped(A array)
{
    if constexpr (std::tuple_size_v<A> == 1) return std::move(array[0]);
    else return array;
}

}  // namespace detail

}  // namespace autodiff
