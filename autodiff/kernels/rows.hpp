#pragma once

// What kernels that go along rows in batches have in common.

#include <autodiff/numbers/batch.hpp>
#include <autodiff/shape.hpp>

#include <algorithm>

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
template <class B, class T>
void store_some(const B& y, T* out, Index count)
{
    if (count >= B::size) return y.store(out);
    T lanes[B::size];
    y.store(lanes);
    std::copy_n(lanes, count, out);
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
inline constexpr auto add = [](auto a, auto b) { return a + b; };

}  // namespace autodiff::kernels
