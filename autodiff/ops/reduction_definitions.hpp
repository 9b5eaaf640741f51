#pragma once

// What the sources of the reductions share.

#include <autodiff/error.hpp>
#include <autodiff/shape.hpp>

namespace autodiff::detail {

/// What is reduced: the axes (sorted, non-negative) of a shape.
struct Reduction {
    Shape shape;
    Axes axes;

    Reduction(const char* op, const Shape& of, const Axes& over)
        : shape(of), axes(normalized_axes(op, over, of.rank()))
    {
    }
    /// The result's shape with the reduced axes, so that it broadcasts against the argument.
    Shape kept() const { return reduced_shape(shape, axes, true); }
    /// How many elements one element of the result is made of.
    Index count() const
    {
        Index n = 1;
        for (Index axis : axes) n *= shape[static_cast<std::size_t>(axis)];
        return n;
    }
    void require_elements(const char* op, const char* what) const
    {
        if (count() == 0)
            fail<DomainError>(
                "{}: there is nothing along axes {} of shape {}; the {} of nothing is undefined", op, axes,
                shape, what);
    }
};

}  // namespace autodiff::detail
