#pragma once

// Windows that move over an array: of convolutions and of pooling.

#include <autodiff/shape.hpp>

#include <algorithm>

namespace autodiff::kernels {

/// Where a window goes along one axis: element i of the output sees the inputs i · stride + u · dilation -
/// padding, for u = 0 … window - 1.
struct WindowAxis {
    Index input,   ///< size of the axis of x, without padding
        window,    ///< how many elements a window sees, padding included
        output;    ///< how many windows there are
    Index stride,  ///< from one window to the next
        padding,   ///< before the input; after it there is as much as windows reach
        dilation;  ///< from one element of a window to the next

    friend bool operator==(const WindowAxis&, const WindowAxis&) = default;

    /// Positions [begin, end).
    struct Range {
        Index begin,  ///< the first
            end;      ///< one past the last
        /// Whether i is one of them.
        bool contains(Index i) const { return begin <= i && i < end; }
    };

    /// The input that element i of the output sees at u; outside [0, input) where that is padding.
    Index source(Index i, Index u) const { return i * stride + u * dilation - padding; }
    /// The least u at which element i of the output sees no padding.
    Index first_seen(Index i) const
    {
        const Index before = padding - i * stride;
        return before <= 0 ? 0 : (before + dilation - 1) / dilation;
    }
    /// The elements of the output that see no padding at all: [begin, end).
    Range whole() const
    {
        const Index room = input + padding - (window - 1) * dilation - 1;
        const Index end = room < 0 ? 0 : std::min(output, room / stride + 1);
        return {std::min(end, (padding + stride - 1) / stride), end};
    }
    /// The elements of the output whose source at u is no padding: [begin, end).
    Range inside(Index u) const
    {
        const Index first = padding - u * dilation;  // i · stride is at least this, and below input + this
        const Index begin = first <= 0 ? 0 : (first + stride - 1) / stride;
        const Index end = input + first <= 0 ? 0 : (input + first + stride - 1) / stride;
        return {std::min(begin, output), std::clamp(end, std::min(begin, output), output)};
    }
};

}  // namespace autodiff::kernels
