#pragma once

// Several tensors as one: concatenate({a, b, c}, 1), stack({a, b, c}).

#include <autodiff/tensor.hpp>

namespace autodiff {

/// The parts one after the other along an axis;   the adjoint of each is its part of ȳ.
/// @throws ShapeError if there is no part, or if their shapes differ along another axis;
///         AxisError for an axis that they do not have.
template <class T>
Tensor<T> concatenate(std::span<const Tensor<T>> parts, Index axis = 0);
template <class T>
Tensor<T> concatenate(const std::vector<Tensor<T>>& parts, Index axis = 0)
{
    return concatenate(std::span<const Tensor<T>>(parts), axis);
}
template <class T>
Tensor<T> concatenate(std::initializer_list<Tensor<T>> parts, Index axis = 0)
{
    return concatenate(std::span<const Tensor<T>>(parts.begin(), parts.size()), axis);
}

/// The parts, of one shape, along a new axis of the result: two of shape (3,) are (2, 3), or (3, 2) for
/// axis 1.
/// @throws ShapeError if there is no part, or if their shapes differ; AxisError for an axis that the result
/// lacks.
template <class T>
Tensor<T> stack(std::span<const Tensor<T>> parts, Index axis = 0);
template <class T>
Tensor<T> stack(const std::vector<Tensor<T>>& parts, Index axis = 0)
{
    return stack(std::span<const Tensor<T>>(parts), axis);
}
template <class T>
Tensor<T> stack(std::initializer_list<Tensor<T>> parts, Index axis = 0)
{
    return stack(std::span<const Tensor<T>>(parts.begin(), parts.size()), axis);
}

}  // namespace autodiff
