// Patterns and colours of sparse matrices.

#include <autodiff/error.hpp>
#include <autodiff/transforms/sparsity.hpp>

#include <algorithm>
#include <functional>
#include <numeric>

namespace autodiff {

namespace {

/// Greedily, rows with most entries first: the first colour that no row with a common column has.
std::vector<std::size_t> colours_of_rows(const SparsityPattern& rows, const SparsityPattern& columns)
{
    std::vector<std::size_t> order(rows.rows());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](std::size_t i) { return rows.row(i).size(); });

    const std::size_t none = rows.rows();
    std::vector<std::size_t> colours(rows.rows(), none);
    std::vector<std::size_t> taken_by(rows.rows() + 1, none);  // for each colour: the last row that met it
    for (const std::size_t i : order) {
        for (const std::size_t j : rows.row(i))
            for (const std::size_t other : columns.row(j)) taken_by[colours[other]] = i;
        colours[i] = static_cast<std::size_t>(
            std::ranges::find_if(taken_by, [i](std::size_t row) { return row != i; }) - taken_by.begin());
    }
    return colours;
}

std::size_t largest_row(const SparsityPattern& pattern)
{
    std::size_t largest = 0;
    for (std::size_t i = 0; i < pattern.rows(); ++i) largest = std::max(largest, pattern.row(i).size());
    return largest;
}

/// Rows need as many colours as the largest column has entries, if not more, and columns as the largest row:
/// what may need fewer is coloured first, and the other only if it can be better.
SparsePlan with_fewer_colours(const SparsityPattern& pattern)
{
    const std::size_t rows_need = largest_row(pattern.transposed()), columns_need = largest_row(pattern);
    const bool by_rows = rows_need <= columns_need;
    const SparsePlan first(pattern, by_rows ? Coloured::rows : Coloured::columns);
    if (first.colour_count() <= (by_rows ? columns_need : rows_need)) return first;
    const SparsePlan second(pattern, by_rows ? Coloured::columns : Coloured::rows);
    return second.colour_count() < first.colour_count() ? second : first;
}

}  // namespace

SparsityPattern::SparsityPattern(std::size_t rows, std::size_t columns, std::vector<Entry> entries)
    : columns_(columns), row_start_(rows + 1)
{
    std::ranges::sort(entries);
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    column_index_.reserve(entries.size());
    for (const auto& [i, j] : entries) {
        if (i >= rows || j >= columns)
            fail<IndexError>("SparsityPattern: entry ({}, {}) is outside a matrix ({}, {})", i, j, rows,
                             columns);
        ++row_start_[i + 1];
        column_index_.push_back(j);
    }
    std::partial_sum(row_start_.begin(), row_start_.end(), row_start_.begin());
}

std::vector<SparsityPattern::Entry> SparsityPattern::entries() const
{
    std::vector<Entry> all;
    all.reserve(entry_count());
    for (std::size_t i = 0; i < rows(); ++i)
        for (const std::size_t j : row(i)) all.push_back({i, j});
    return all;
}

std::size_t SparsityPattern::find(std::size_t i, std::size_t j) const
{
    if (i >= rows() || j >= columns())
        fail<IndexError>("SparsityPattern: entry ({}, {}) is outside a matrix ({}, {})", i, j, rows(),
                         columns());
    const auto place = std::ranges::lower_bound(row(i), j);
    if (place == row(i).end() || *place != j) return entry_count();
    return row_start_[i] + static_cast<std::size_t>(place - row(i).begin());
}

SparsityPattern SparsityPattern::transposed() const
{
    SparsityPattern result(columns(), rows(), {});
    for (const std::size_t j : column_index_) ++result.row_start_[j + 1];
    std::partial_sum(result.row_start_.begin(), result.row_start_.end(), result.row_start_.begin());
    result.column_index_.resize(entry_count());
    std::vector<std::size_t> next = result.row_start_;
    for (const auto& [i, j] : entries()) result.column_index_[next[j]++] = i;
    return result;
}

SparsePlan::SparsePlan(SparsityPattern pattern, Coloured coloured)
    : pattern_(std::move(pattern)), coloured_(coloured)
{
    const SparsityPattern columns = pattern_.transposed();
    colours_ =
        coloured == Coloured::rows ? colours_of_rows(pattern_, columns) : colours_of_rows(columns, pattern_);
    colour_count_ = colours_.empty() ? 0 : std::ranges::max(colours_) + 1;
}

SparsePlan::SparsePlan(SparsityPattern pattern) : SparsePlan(with_fewer_colours(pattern)) {}

}  // namespace autodiff
