#pragma once

// Constants: numbers in a row, the identity matrix, and tensors of another one's shape.

#include <autodiff/tensor.hpp>

namespace autodiff {

/// start, start + step, … before stop (after it, if the step is negative): ⌈(stop - start) / step⌉ numbers.
/// @throws DomainError for a step of 0 or an argument that is not finite, LimitError for too many numbers.
template <class T = double>
Tensor<T> arange(std::type_identity_t<T> start, std::type_identity_t<T> stop,
                 std::type_identity_t<T> step = 1);
/// 0, 1, … before stop.
template <class T = double>
Tensor<T> arange(std::type_identity_t<T> stop)
{
    return arange<T>(0, stop, 1);
}

/// `count` numbers at equal distances, the first start and the last stop.
/// @throws ShapeError for a negative count.
template <class T = double>
Tensor<T> linspace(std::type_identity_t<T> start, std::type_identity_t<T> stop, Index count);

/// The identity matrix (n, n).   @throws ShapeError for a negative size.
template <class T = double>
Tensor<T> eye(Index n);
/// 1 on the diagonal of a matrix (rows, columns), else 0.   @throws ShapeError for a negative size.
template <class T = double>
Tensor<T> eye(Index rows, Index columns);

/// A constant of the shape of x, everywhere `value`.
template <class T>
Tensor<T> full_like(const Tensor<T>& x, std::type_identity_t<T> value)
{
    return Tensor<T>::filled(x.shape(), value);
}
/// A constant of the shape of x, everywhere 0.
template <class T>
Tensor<T> zeros_like(const Tensor<T>& x)
{
    return Tensor<T>::zeros(x.shape());
}
/// A constant of the shape of x, everywhere 1.
template <class T>
Tensor<T> ones_like(const Tensor<T>& x)
{
    return Tensor<T>::ones(x.shape());
}

}  // namespace autodiff
