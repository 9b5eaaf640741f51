#pragma once

// What convolutions and pooling share: a window that moves over the rows and columns of an image.

#include <autodiff/kernels/window.hpp>

namespace autodiff {

/// A number for rows and one for columns; a single number stands for both.
struct RowsColumns {
    Index rows,   ///< along the last axis but one
        columns;  ///< along the last axis

    constexpr RowsColumns(Index both) : rows(both), columns(both) {}
    constexpr RowsColumns(Index of_rows, Index of_columns) : rows(of_rows), columns(of_columns) {}
    friend constexpr bool operator==(const RowsColumns&, const RowsColumns&) = default;
};

namespace detail {

/// @throws DomainError naming the option if it is below `least` or absurdly large.
void require_option(const char* op, const char* name, RowsColumns value, Index least);

/// What a window spans: dilation (window - 1) + 1.   @throws LimitError.
Index window_span(const char* op, Index window, Index dilation);

/// How a window moves along an axis of x:   output = ⌊(input + 2 padding - span) / stride⌋ + 1
/// @throws ShapeError if it does not fit into x and its padding.
kernels::WindowAxis window_axis(const char* op, const Shape& x, std::size_t axis, Index window, Index stride,
                                Index padding, Index dilation);

}  // namespace detail

}  // namespace autodiff
