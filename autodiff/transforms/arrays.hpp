#pragma once

// Array primitives on ranges of numbers (std::vector, std::array, std::span), each a statement or a block
// with its own adjoint, computed by the library's vectorised kernels:
//
//     sum(x)  prod(x)  dot(x, y)  norm(x)  logsumexp(x)      a number
//     matmul(as_matrix(a, rows, columns), x)                 a vector, or a matrix for a matrix x, row by row
//     solve(as_matrix(a, n, n), b)                           the x with A x = b
//     map(op, x, y…)                                         an elementwise op of each element
//
// They have the names of the ops on tensors, and are functions of numbers of every kind. Here are those that
// make one number of a range; the others come with it.

#include <autodiff/error.hpp>
#include <autodiff/kernels/ranges.hpp>
#include <autodiff/transforms/map.hpp>
#include <autodiff/transforms/matrices.hpp>
#include <autodiff/transforms/ranges.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace autodiff {

namespace detail {

// Floating numbers have kernels; other kinds (dual, recorded) plain loops.
template <class T>
T sum_of(std::span<const T> x)
{
    if constexpr (std::floating_point<T>) return kernels::sum(x);
    else {
        T total = lift<T>(0);
        for (const T& number : x) total = total + number;
        return total;
    }
}
template <class T>
T product_of(std::span<const T> x)
{
    if constexpr (std::floating_point<T>) return kernels::prod(x);
    else {
        T product = lift<T>(1);
        for (const T& number : x) product = product * number;
        return product;
    }
}
template <class T>
T dot_of(std::span<const T> a, std::span<const T> b)
{
    if constexpr (std::floating_point<T>) return kernels::dot(a, b);
    else {
        T total = lift<T>(0);
        for (std::size_t i = 0; i < a.size(); ++i) total = total + a[i] * b[i];
        return total;
    }
}
/// The product of the others, for each of x.
template <class T>
std::vector<T> products_of_others(std::span<const T> x, const T& product)
{
    std::vector<T> others(x.size());
    if constexpr (std::floating_point<T>)
        if (std::isnormal(product)) {
            kernels::quotients(others.data(), product, x);
            return others;
        }
    T before = lift<T>(1), after = lift<T>(1);
    for (std::size_t i = 0; i < x.size(); ++i) {
        others[i] = before;
        before = before * x[i];
    }
    for (std::size_t i = x.size(); i-- > 0;) {
        others[i] = others[i] * after;
        after = after * x[i];
    }
    return others;
}

/// ln Σ exp xᵢ, and in `shares` each exp xᵢ / Σ exp xⱼ.
template <class T>
T log_of_sum(std::span<const T> x, std::vector<T>& shares)
{
    const double infinity = std::numeric_limits<double>::infinity();
    if (x.empty()) return lift<T>(-infinity);
    T largest = x[0];
    for (const T& number : x)
        if (!(number <= largest) && largest == largest) largest = number;  // NaN stays
    shares.resize(x.size());
    T total = lift<T>(0);
    if (largest == infinity || largest == -infinity) {
        // Those that are infinite share it.
        T mean = lift<T>(0);
        for (std::size_t i = 0; i < x.size(); ++i) {
            shares[i] = lift<T>(x[i] == largest ? 1 : 0);
            total = total + shares[i];
        }
        for (std::size_t i = 0; i < x.size(); ++i) {
            shares[i] = shares[i] / total;
            if (shares[i] > 0) mean = mean + shares[i] * x[i];
        }
        return mean;
    }
    if constexpr (std::floating_point<T>) total = kernels::exponentials(x, largest, shares.data());
    else
        for (std::size_t i = 0; i < x.size(); ++i) {
            shares[i] = exp(x[i] - largest);
            total = total + shares[i];
        }
    const T scale = 1 / total;
    for (T& share : shares) share = share * scale;
    return largest + log(total);
}

/// √Σ xᵢ², neither overflowing nor vanishing on the way.
template <class T>
T norm_of(std::span<const T> x)
{
    if constexpr (std::floating_point<T>) {
        const T squares = dot_of(x, x);
        if (squares > std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon() &&
            std::isfinite(squares))
            return std::sqrt(squares);
    }
    T largest = lift<T>(0);
    for (const T& number : x)
        if (!(abs(number) <= largest) && largest == largest) largest = abs(number);  // NaN stays
    if (largest == 0 || largest == std::numeric_limits<double>::infinity()) return largest;
    T squares = lift<T>(0);
    for (const T& number : x) squares = squares + (number / largest) * (number / largest);
    return largest * sqrt(squares);
}

/// A dual number of plain ones.
template <class X>
inline constexpr bool is_plain_dual = false;
template <std::floating_point T, class V>
inline constexpr bool is_plain_dual<Dual<T, V>> = true;

/// The reduction of their values, and ẏ = Σ ∂y/∂xᵢ ẋᵢ.
template <class D, class Value, std::same_as<std::span<const D>>... X>
D reduction_of_duals(const Value& value, X... x)
{
    using T = decltype(D::value);
    const auto values = [](std::span<const D> duals) {
        std::vector<T> plain;
        plain.reserve(duals.size());
        for (const D& dual : duals) plain.push_back(dual.value);
        return plain;
    };
    std::vector<T> partials;
    D y(value(partials, std::span<const T>(values(x))...));
    std::size_t next = 0;
    const auto add = [&](const D& dual) {
        y.tangent = y.tangent + Kind<D>::times(dual.tangent, partials[next++]);
    };
    (std::ranges::for_each(x, add), ...);
    return y;
}

/// A reduction of ranges to one number: value(x…) with its partials, one list for all ranges.
template <class Value, NumberRange... R>
auto reduction(const char* op, const Value& value, const R&... x)
{
    using X = Deepest<std::ranges::range_value_t<R>...>;
    using T = typename Plain<X>::type;
    const auto reduce = [&](auto&&... of) {
        if constexpr (is_plain_dual<X>) return reduction_of_duals<X>(value, of.values()...);
        else {
            std::vector<T> partials;
            const T y = value(partials, of.values()...);
            if constexpr (is_scalar<X>) return linked(y, std::array{of.take_nodes()...}, std::move(partials));
            else return y;
        }
    };
    return reduce(Read<T, std::ranges::range_value_t<R>>(op, x)...);
}

}  // namespace detail

/// Σ xᵢ;   ∂/∂xᵢ = 1.
template <NumberRange R>
auto sum(const R& x)
{
    return detail::reduction(
        "sum",
        []<class T>(std::vector<T>& partials, std::span<const T> of) {
            partials.assign(of.size(), lift<T>(1));
            return detail::sum_of(of);
        },
        x);
}

/// Π xᵢ;   ∂/∂xᵢ = the product of the others.
template <NumberRange R>
auto prod(const R& x)
{
    return detail::reduction(
        "prod",
        []<class T>(std::vector<T>& partials, std::span<const T> of) {
            const T product = detail::product_of(of);
            partials = detail::products_of_others(of, product);
            return product;
        },
        x);
}

/// Σ aᵢ bᵢ;   ∂/∂aᵢ = bᵢ, ∂/∂bᵢ = aᵢ. @throws ShapeError if one is longer.
template <NumberRange A, NumberRange B>
auto dot(const A& a, const B& b)
{
    detail::require_same_size("dot", std::ranges::size(a), std::ranges::size(b));
    return detail::reduction(
        "dot",
        []<class T>(std::vector<T>& partials, std::span<const T> of_a, std::span<const T> of_b) {
            partials.assign(of_b.begin(), of_b.end());
            partials.insert(partials.end(), of_a.begin(), of_a.end());
            return detail::dot_of(of_a, of_b);
        },
        a, b);
}

/// √Σ xᵢ²;   ∂/∂xᵢ = xᵢ / y, 0 at the origin, ±1 for an infinite xᵢ.
template <NumberRange R>
auto norm(const R& x)
{
    return detail::reduction(
        "norm",
        []<class T>(std::vector<T>& partials, std::span<const T> of) {
            const T y = detail::norm_of(of);
            partials.assign(of.begin(), of.end());
            const bool is_infinite = y == std::numeric_limits<double>::infinity();
            for (T& partial : partials)
                if (y == 0) partial = lift<T>(0);
                else if (is_infinite && abs(partial) == y) partial = lift<T>(partial > 0 ? 1 : -1);
                else partial = partial / y;
            return y;
        },
        x);
}

/// ln Σ exp xᵢ, which does not overflow;   ∂/∂xᵢ = exp(xᵢ - y).
template <NumberRange R>
auto logsumexp(const R& x)
{
    return detail::reduction(
        "logsumexp",
        []<class T>(std::vector<T>& partials, std::span<const T> of) {
            return detail::log_of_sum(of, partials);
        },
        x);
}

}  // namespace autodiff
