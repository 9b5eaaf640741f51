#pragma once

// What kernels that go along rows in batches have in common.

#include <autodiff/numbers/batch.hpp>
#include <autodiff/rule.hpp>
#include <autodiff/shape.hpp>

#include <algorithm>
#include <type_traits>

namespace autodiff::kernels {

/// Elements of rows that one thread computes at a time, about.
inline constexpr Index elements_of_a_thread = 16384;

/// A batch of `count` elements or more, filled up with `rest`: so every element goes through the same
/// functions.
template <class B, class T>
B load_some(const T* x, Index count, T rest)
{
    if (count >= B::size) return B::load(x);
    T lanes[B::size];
    std::fill_n(lanes, B::size, rest);
    std::copy_n(x, count, lanes);
    return B::load(lanes);
}
/// The first `count` lanes of a batch.
template <class B, class T>
void store_some(const B& y, T* out, Index count)
{
    if (count >= B::size) return y.store(out);
    T lanes[B::size];
    y.store(lanes);
    std::copy_n(lanes, count, out);
}

/// a b of batches; careful, 0 where either is.
template <Products products, class B>
B product(const B& a, const B& b)
{
    if constexpr (products == Products::careful) return chain_product(a, b);
    else return a * b;
}

/// f, of constants of the type: plain products where no factor is infinite or none, careful ones elsewhere.
template <class F>
void with_products(bool are_finite, const F& f)
{
    if (are_finite) f(std::integral_constant<Products, Products::plain>{});
    else f(std::integral_constant<Products, Products::careful>{});
}

/// All elements of a batch are there.
struct Whole {};
/// Only the first `count` elements, at the end of a row.
struct Part {
    Index count;  ///< from 1 to one less than the lanes
};
/// A batch of a row, or the part that there is and `rest` in the other lanes.
template <class B, class T>
[[gnu::always_inline]] inline B load(const T* x, Whole, T)
{
    return B::load(x);
}
template <class B, class T>
B load(const T* x, Part part, T rest)
{
    return load_some<B>(x, part.count, rest);
}
/// Writes a batch of a row, or the part of it that there is.
template <class B, class T>
[[gnu::always_inline]] inline void store(const B& y, T* out, Whole)
{
    y.store(out);
}
template <class B, class T>
void store(const B& y, T* out, Part part)
{
    store_some(y, out, part.count);
}

/// y where there are elements, 0 elsewhere.
template <class B>
[[gnu::always_inline]] inline B only(const B& y, Whole)
{
    return y;
}
template <class T, int N>
Batch<T, N> only(const Batch<T, N>& y, Part part)
{
    T lanes[N];
    y.store(lanes);
    return load_some<Batch<T, N>, T>(lanes, part.count, 0);
}

/// f(i, count) for the batches of a row of n elements: `count` is Whole but for the last one. The loop has no
/// branches, so that compilers unroll it.
template <class B, class F>
[[gnu::always_inline]] inline void for_batches(Index n, const F& f)
{
    Index i = 0;
    for (; i + B::size <= n; i += B::size) f(i, Whole{});
    if (i < n) f(i, Part{n - i});
}

/// A batch is combined with the batches of a row, four of them in turn, so that none waits for the last one.
template <class B, class Term, class F>
[[gnu::always_inline]] inline B accumulate(Index n, B start, const Term& term, const F& f)
{
    B part[4] = {start, start, start, start};
    Index i = 0;
    for (; i + 4 * B::size <= n; i += 4 * B::size) {
        part[0] = f(part[0], term(i, Whole{}));
        part[1] = f(part[1], term(i + B::size, Whole{}));
        part[2] = f(part[2], term(i + 2 * B::size, Whole{}));
        part[3] = f(part[3], term(i + 3 * B::size, Whole{}));
    }
    for (; i + B::size <= n; i += B::size) part[0] = f(part[0], term(i, Whole{}));
    if (i < n) part[1] = f(part[1], term(i, Part{n - i}));
    return f(f(part[0], part[1]), f(part[2], part[3]));
}

/// The lanes of a batch, combined in halves.
template <class T, int N, class F>
T across(const Batch<T, N>& x, F f)
{
    T lanes[N];
    x.store(lanes);
    for (int half = N / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) lanes[i] = f(lanes[i], lanes[i + half]);
    return lanes[0];
}
/// a + b
inline constexpr auto add = [](auto a, auto b) { return a + b; };

}  // namespace autodiff::kernels
