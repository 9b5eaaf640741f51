#include <autodiff/ops/window.hpp>

#include <autodiff/error.hpp>

#include <limits>

namespace autodiff::detail {

void require_option(const char* op, const char* name, RowsColumns value, Index least)
{
    constexpr Index most = std::numeric_limits<std::int32_t>::max();
    if (std::min(value.rows, value.columns) < least || std::max(value.rows, value.columns) > most)
        fail<DomainError>("{}: {} is ({}, {}); it must be at least {} and at most {}", op, name, value.rows,
                          value.columns, least, most);
}

Index window_span(const char* op, Index window, Index dilation)
{
    return window == 0 ? 0 : checked_sum(op, checked_product(op, window - 1, dilation), 1);
}

kernels::WindowAxis window_axis(const char* op, const Shape& x, std::size_t axis, Index window, Index stride,
                                Index padding, Index dilation)
{
    const Index room = checked_sum(op, x[axis], 2 * padding) - window_span(op, window, dilation);
    if (window == 0 || room < 0)
        fail<ShapeError>(
            "{}: a window of {} with dilation {} does not fit into axis {} of shape {} with padding {}", op,
            window, dilation, axis, x, padding);
    return {x[axis], window, room / stride + 1, stride, padding, dilation};
}

}  // namespace autodiff::detail
