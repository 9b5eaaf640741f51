#pragma once

// Reductions of numbers that follow each other, for the array primitives on scalars. The order of additions
// depends on the count alone, so that the bits are the same on every machine.

#include <span>

namespace autodiff::kernels {

/// Σ xᵢ
template <class T>
T sum(std::span<const T> x);
/// Π xᵢ
template <class T>
T prod(std::span<const T> x);
/// Σ aᵢ bᵢ of two ranges of the same size.
template <class T>
T dot(std::span<const T> a, std::span<const T> b);
/// eᵢ = exp(xᵢ - shift); returns Σ eᵢ.
template <class T>
T exponentials(std::span<const T> x, T shift, T* e);
/// yᵢ += a xᵢ.
template <class T>
void add_scaled(T* y, T a, std::span<const T> x);
/// yᵢ += aᵢ xᵢ, where a zero wins over infinity and NaN.
template <class T>
void add_chain_products(T* y, std::span<const T> a, std::span<const T> x);
/// yᵢ = a / xᵢ.
template <class T>
void quotients(T* y, T a, std::span<const T> x);
/// Whether any is NaN.
template <class T>
bool has_nan(std::span<const T> x);

}  // namespace autodiff::kernels
