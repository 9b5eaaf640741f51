#pragma once

// A contiguous array seen as (outer, count, inner) around one axis or several neighbouring ones.

#include <autodiff/shape.hpp>

namespace autodiff::kernels {

/// An array as three axes: those before some that belong together, these, and those after.
struct AxisBlocks {
    Index outer = 1;  ///< product of the sizes before
    Index count = 1;  ///< product of the sizes of these
    Index inner = 1;  ///< product of the sizes after: the distance of neighbours along these

    /// Around the axes [first, last).
    AxisBlocks(const Shape& shape, std::size_t first, std::size_t last)
    {
        for (std::size_t axis = 0; axis < shape.rank(); ++axis)
            (axis < first ? outer : axis < last ? count : inner) *= shape[axis];
    }
    AxisBlocks(const Shape& shape, std::size_t axis) : AxisBlocks(shape, axis, axis + 1) {}
};

}  // namespace autodiff::kernels
