#include <autodiff/error.hpp>
#include <autodiff/transforms/sparse.hpp>

namespace autodiff {

namespace detail {

void throw_not_in_pattern(const char* op, Coloured coloured, std::size_t other)
{
    fail<DomainError>(
        "{}: at this x {} {} has an entry that the plan's pattern has not; make a plan of the pattern at "
        "this x, "
        "or leave the plan out",
        op, coloured == Coloured::rows ? "column" : "row", other);
}

void require_size(const char* op, const SparsityPattern& pattern, std::size_t rows, std::size_t columns)
{
    if (pattern.rows() != rows || pattern.columns() != columns)
        fail<ShapeError>(
            "{}: a plan for a matrix ({}, {}), and a function of {} numbers with {} results; make the plan "
            "with "
            "this function",
            op, pattern.rows(), pattern.columns(), columns, rows);
}

}  // namespace detail

}  // namespace autodiff
