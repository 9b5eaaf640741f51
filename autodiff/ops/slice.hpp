#pragma once

// Parts of a tensor, and tensors put around a part:
//
//     slice(x, {Slice{0, 3}, Slice::all(), Slice{.step = -1}})     x[0:3, :, ::-1]
//     slice(x, Slice{.stop = -1}, 1)                               x[:, :-1]
//     pad(x, {{1, 1}, {0, 2}})                                     a row before and after, two columns after
//
// Slices and selections are views. Their adjoint is zero outside the part.

#include <autodiff/tensor.hpp>

#include <optional>

namespace autodiff {

/// Positions along an axis as in Python: from `start` to before `stop`, `step` apart. Negative positions
/// count from the end, those outside the axis are moved to its end, and a negative step goes backwards.
struct Slice {
    /// If not given: the first element, or the last one for a negative step.
    std::optional<Index> start = std::nullopt;
    /// If not given: past the last element, or before the first one for a negative step.
    std::optional<Index> stop = std::nullopt;
    Index step = 1;  ///< not 0

    /// The whole axis, in its order.
    static constexpr Slice all() { return {}; }
};

/// The elements at the given positions along each axis; all of an axis for which no slice is given.
/// @throws AxisError for more slices than axes, IndexError for a step of 0.
template <class T>
Tensor<T> slice(const Tensor<T>& x, std::span<const Slice> slices);
template <class T>
Tensor<T> slice(const Tensor<T>& x, std::initializer_list<Slice> slices)
{
    return slice(x, std::span<const Slice>(slices.begin(), slices.size()));
}

/// The elements at the given positions along one axis.
/// @throws AxisError for an axis that x does not have, IndexError for a step of 0.
template <class T>
Tensor<T> slice(const Tensor<T>& x, const Slice& positions, Index axis);

/// The elements at one position along an axis, which disappears: select(x, 2) is the third row of a matrix.
/// @throws AxisError for an axis that x does not have, IndexError for a position outside it.
template <class T>
Tensor<T> select(const Tensor<T>& x, Index position, Index axis = 0);

/// x in equal parts along an axis.
/// @throws AxisError for an axis that x does not have, ShapeError if its size is not a multiple of `parts`.
template <class T>
std::vector<Tensor<T>> split(const Tensor<T>& x, Index parts, Index axis = 0);

/// x in parts of the given sizes along an axis.
/// @throws AxisError for an axis that x does not have, ShapeError if the sizes do not add up to its size.
template <class T>
std::vector<Tensor<T>> split_sizes(const Tensor<T>& x, std::span<const Index> sizes, Index axis = 0);
template <class T>
std::vector<Tensor<T>> split_sizes(const Tensor<T>& x, std::initializer_list<Index> sizes, Index axis = 0)
{
    return split_sizes(x, std::span<const Index>(sizes.begin(), sizes.size()), axis);
}

/// How many elements pad() puts before and after an axis.
struct Padding {
    Index before = 0;  ///< not negative
    Index after = 0;   ///< not negative
};

/// x with a margin of constant elements around it; one Padding an axis.   x̄ = ȳ without the margin
/// @throws ShapeError for a negative size or unless there are as many as axes.
template <class T>
Tensor<T> pad(const Tensor<T>& x, std::span<const Padding> padding, std::type_identity_t<T> value = 0);
template <class T>
Tensor<T> pad(const Tensor<T>& x, std::initializer_list<Padding> padding, std::type_identity_t<T> value = 0)
{
    return pad(x, std::span<const Padding>(padding.begin(), padding.size()), value);
}

}  // namespace autodiff
