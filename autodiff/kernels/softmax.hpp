#pragma once

// Softmax, its logarithm and their linear maps over adjacent axes [first, last) of contiguous arrays. Along
// rows a row is read again while it is in the cache; along columns neighbouring columns are computed at once.
// The order of additions depends on the sizes and the instruction set only.

#include <autodiff/array.hpp>

namespace autodiff::kernels {

/// y = eˣ / Σ eˣ, or its logarithm x - ln Σ eˣ.
enum class Softmax {
    plain,     ///< y = eˣ / Σ eˣ
    logarithm  ///< y = x - ln Σ eˣ
};

/// eˣ / Σ eˣ over the axes [first, last), or its logarithm, without overflow.
template <class T>
Array<T> softmax(Softmax which, const Array<T>& x, std::size_t first, std::size_t last);

/// The linear map of `softmax` at its value y, which is symmetric: x̄ from ȳ and ẏ from ẋ are
///   y (v - Σ v y) of the plain one.
/// That of the logarithm is not: x̄ = ȳ - e^y Σ ȳ; this is its pullback alone.
template <class T>
Array<T> pull_softmax(Softmax which, const Array<T>& y_bar, const Array<T>& y, std::size_t first,
                      std::size_t last);

}  // namespace autodiff::kernels
