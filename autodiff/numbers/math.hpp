#pragma once

// The elementary functions on plain numbers and on batches of them, under one name each in autodiff::math:
// what the value formulas of rules are written in. Batches go through exponential.hpp or glibc's vector
// library (at most 4 ulp), in files compiled for each instruction set; elsewhere through the standard
// library, lane by lane.

#include <autodiff/numbers/batch.hpp>
#include <autodiff/numbers/exponential.hpp>

#include <cmath>
#include <limits>

namespace autodiff::math {

namespace vector {

// Tags that name the functions, for evaluate<Exp, double, 8>(x, y).
struct Exp2;
struct Expm1;
struct Log;
struct Log1p;
struct Log2;
struct Log10;
struct Cbrt;
struct Sin;
struct Cos;
struct Tan;
struct Asin;
struct Acos;
struct Atan;
struct Sinh;
struct Cosh;
struct Tanh;
struct Asinh;
struct Acosh;
struct Atanh;
struct Erf;
struct Erfc;
struct Pow;
struct Atan2;
struct Hypot;

/// y[i] = function(x[i]) for N lanes: defined in vector_math_*.cpp for the N of each instruction set.
template <class Function, class T, int N>
void evaluate(const T* x, T* y);
template <class Function, class T, int N>
void evaluate(const T* a, const T* b, T* y);

}  // namespace vector

namespace detail {

template <class Function, class T, int N>
[[gnu::always_inline]] inline Batch<T, N> call(const Batch<T, N>& x)
{
    alignas(64) T in[N], out[N];
    x.store(in);
    vector::evaluate<Function, T, N>(in, out);
    return Batch<T, N>::load(out);
}
template <class Function, class T, int N>
[[gnu::always_inline]] inline Batch<T, N> call(const Batch<T, N>& a, const Batch<T, N>& b)
{
    alignas(64) T in_a[N], in_b[N], out[N];
    a.store(in_a);
    b.store(in_b);
    vector::evaluate<Function, T, N>(in_a, in_b, out);
    return Batch<T, N>::load(out);
}

}  // namespace detail

// clang-format off
template <std::floating_point T> T exp(T x) { return std::exp(x); }
template <std::floating_point T> T exp2(T x) { return std::exp2(x); }
template <std::floating_point T> T expm1(T x) { return std::expm1(x); }
template <std::floating_point T> T log(T x) { return std::log(x); }
template <std::floating_point T> T log1p(T x) { return std::log1p(x); }
template <std::floating_point T> T log2(T x) { return std::log2(x); }
template <std::floating_point T> T log10(T x) { return std::log10(x); }
template <std::floating_point T> T cbrt(T x) { return std::cbrt(x); }
template <std::floating_point T> T sin(T x) { return std::sin(x); }
template <std::floating_point T> T cos(T x) { return std::cos(x); }
template <std::floating_point T> T tan(T x) { return std::tan(x); }
template <std::floating_point T> T asin(T x) { return std::asin(x); }
template <std::floating_point T> T acos(T x) { return std::acos(x); }
template <std::floating_point T> T atan(T x) { return std::atan(x); }
template <std::floating_point T> T sinh(T x) { return std::sinh(x); }
template <std::floating_point T> T cosh(T x) { return std::cosh(x); }
template <std::floating_point T> T tanh(T x) { return std::tanh(x); }
template <std::floating_point T> T asinh(T x) { return std::asinh(x); }
template <std::floating_point T> T acosh(T x) { return std::acosh(x); }
template <std::floating_point T> T atanh(T x) { return std::atanh(x); }
template <std::floating_point T> T erf(T x) { return std::erf(x); }
template <std::floating_point T> T erfc(T x) { return std::erfc(x); }
template <std::floating_point T> T pow(T a, T b) { return std::pow(a, b); }
template <std::floating_point T> T atan2(T a, T b) { return std::atan2(a, b); }
template <std::floating_point T> T hypot(T a, T b) { return std::hypot(a, b); }
template <std::floating_point T> T sqrt(T x) { return std::sqrt(x); }
template <std::floating_point T> T abs(T x) { return std::fabs(x); }
/// a where the condition holds, else b.
template <std::floating_point T> T select(bool condition, T a, T b) { return condition ? a : b; }

template <class T, int N> Batch<T, N> exp2(const Batch<T, N>& x) { return detail::call<vector::Exp2>(x); }
template <class T, int N> Batch<T, N> expm1(const Batch<T, N>& x) { return detail::call<vector::Expm1>(x); }
template <class T, int N> Batch<T, N> log(const Batch<T, N>& x) { return detail::call<vector::Log>(x); }
template <class T, int N> Batch<T, N> log1p(const Batch<T, N>& x) { return detail::call<vector::Log1p>(x); }
template <class T, int N> Batch<T, N> log2(const Batch<T, N>& x) { return detail::call<vector::Log2>(x); }
template <class T, int N> Batch<T, N> log10(const Batch<T, N>& x) { return detail::call<vector::Log10>(x); }
template <class T, int N> Batch<T, N> cbrt(const Batch<T, N>& x) { return detail::call<vector::Cbrt>(x); }
template <class T, int N> Batch<T, N> sin(const Batch<T, N>& x) { return detail::call<vector::Sin>(x); }
template <class T, int N> Batch<T, N> cos(const Batch<T, N>& x) { return detail::call<vector::Cos>(x); }
template <class T, int N> Batch<T, N> tan(const Batch<T, N>& x) { return detail::call<vector::Tan>(x); }
template <class T, int N> Batch<T, N> asin(const Batch<T, N>& x) { return detail::call<vector::Asin>(x); }
template <class T, int N> Batch<T, N> acos(const Batch<T, N>& x) { return detail::call<vector::Acos>(x); }
template <class T, int N> Batch<T, N> atan(const Batch<T, N>& x) { return detail::call<vector::Atan>(x); }
template <class T, int N> Batch<T, N> sinh(const Batch<T, N>& x) { return detail::call<vector::Sinh>(x); }
template <class T, int N> Batch<T, N> cosh(const Batch<T, N>& x) { return detail::call<vector::Cosh>(x); }
template <class T, int N> requires(!has_fused_multiply_add<T, N>) Batch<T, N> tanh(const Batch<T, N>& x) { return detail::call<vector::Tanh>(x); }
template <class T, int N> Batch<T, N> asinh(const Batch<T, N>& x) { return detail::call<vector::Asinh>(x); }
template <class T, int N> Batch<T, N> acosh(const Batch<T, N>& x) { return detail::call<vector::Acosh>(x); }
template <class T, int N> Batch<T, N> atanh(const Batch<T, N>& x) { return detail::call<vector::Atanh>(x); }
template <class T, int N> Batch<T, N> erf(const Batch<T, N>& x) { return detail::call<vector::Erf>(x); }
template <class T, int N> Batch<T, N> erfc(const Batch<T, N>& x) { return detail::call<vector::Erfc>(x); }
template <class T, int N> Batch<T, N> pow(const Batch<T, N>& a, const Batch<T, N>& b) { return detail::call<vector::Pow>(a, b); }
template <class T, int N> Batch<T, N> atan2(const Batch<T, N>& a, const Batch<T, N>& b) { return detail::call<vector::Atan2>(a, b); }
template <class T, int N> Batch<T, N> hypot(const Batch<T, N>& a, const Batch<T, N>& b) { return detail::call<vector::Hypot>(a, b); }
// clang-format on

template <class T, int N>
Batch<T, N> sqrt(const Batch<T, N>& x)
{
    Batch<T, N> y;
    for (int i = 0; i < N; ++i) y.lanes[i] = std::sqrt(x.lanes[i]);
    return y;
}

template <class T, int N>
Batch<T, N> abs(const Batch<T, N>& x)
{
    using Vector = typename Batch<T, N>::Vector;
    using Integers = typename Mask<T, N>::Vector;
    constexpr auto all_but_sign = std::numeric_limits<SameSizeInteger<T>>::max();
    return Batch<T, N>::of(reinterpret_cast<Vector>(reinterpret_cast<Integers>(x.lanes) & all_but_sign));
}

/// In each lane a where the condition holds, else b.
template <class T, int N>
Batch<T, N> select(const Mask<T, N>& condition, const Batch<T, N>& a, const Batch<T, N>& b)
{
    return autodiff::select(condition, a, b);
}

}  // namespace autodiff::math
