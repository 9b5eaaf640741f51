#pragma once

// Sparse matrices in compressed rows, and the colours of their rows or columns. No derivatives.

#include <compare>
#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

namespace autodiff {

/// Where a sparse matrix has entries, in compressed rows: those of row i are in the columns
/// column_index()[row_start()[i]] to column_index()[row_start()[i + 1] - 1], in ascending order.
class SparsityPattern {
public:
    /// The place of an entry that may differ from zero.
    struct Entry {
        std::size_t row,  ///< i, from 0
            column;       ///< j, from 0
        friend auto operator<=>(const Entry&, const Entry&) = default;
    };

    /// From entries in any order, also repeated. @throws IndexError if one is outside the matrix.
    SparsityPattern(std::size_t rows, std::size_t columns, std::vector<Entry> entries);

    /// How many rows the matrix has.
    std::size_t rows() const { return row_start_.size() - 1; }
    /// How many columns the matrix has.
    std::size_t columns() const { return columns_; }
    /// How many entries there are in all.
    std::size_t entry_count() const { return column_index_.size(); }
    /// rows() + 1 positions in column_index(): where each row begins, and the last one ends.
    const std::vector<std::size_t>& row_start() const { return row_start_; }
    /// The column of each entry, row by row.
    const std::vector<std::size_t>& column_index() const { return column_index_; }

    /// The columns of row i.
    std::span<const std::size_t> row(std::size_t i) const
    {
        return std::span(column_index_).subspan(row_start_[i], row_start_[i + 1] - row_start_[i]);
    }
    /// All entries, row by row.
    std::vector<Entry> entries() const;
    /// The place of (i, j) among the entries; entry_count() if it is none.
    /// @throws IndexError if it is outside the matrix.
    std::size_t find(std::size_t i, std::size_t j) const;
    /// That of the transpose.
    SparsityPattern transposed() const;
    friend bool operator==(const SparsityPattern&, const SparsityPattern&) = default;

private:
    std::size_t columns_;
    std::vector<std::size_t> row_start_, column_index_;
};

/// A matrix in compressed rows: a pattern and a value for each of its entries.
template <std::floating_point T>
struct SparseMatrix {
    SparsityPattern pattern;  ///< where the values are
    std::vector<T> values;    ///< in the order of the pattern's entries

    /// @throws IndexError outside the matrix.
    T operator()(std::size_t i, std::size_t j) const
    {
        const std::size_t place = pattern.find(i, j);
        return place < values.size() ? values[place] : T{0};
    }
    /// All rows in full, zeros and all.
    std::vector<std::vector<T>> to_dense() const
    {
        std::vector<std::vector<T>> dense(pattern.rows(), std::vector<T>(pattern.columns()));
        auto value = values.begin();
        for (const auto& [i, j] : pattern.entries()) dense[i][j] = *value++;
        return dense;
    }
};

/// What has a colour: rows, each colour swept backwards, or columns, swept forwards.
enum class Coloured {
    rows,    ///< a sweep backwards for each colour
    columns  ///< a sweep forwards for each colour
};

/// The colours for a pattern, for derivatives at any x whose pattern is within it. Greedy (Gebremedhin, Manne
/// and Pothen 2005, algorithm 3.2), those with most entries first: as few as possible for band matrices,
/// never fewer than the largest row (of columns) or column (of rows) has entries. A full row and a full
/// column, as an arrow has, need as many as there are rows. Costs Σ k² over the columns (or rows) with k
/// entries.
class SparsePlan {
public:
    /// Of rows or of columns, whichever need fewer.
    explicit SparsePlan(SparsityPattern pattern);
    SparsePlan(SparsityPattern pattern, Coloured coloured);

    /// What the colours are for.
    const SparsityPattern& pattern() const { return pattern_; }
    /// Whether rows or columns have colours.
    Coloured coloured() const { return coloured_; }
    /// The colour of each row (or column), from 0 on.
    const std::vector<std::size_t>& colours() const { return colours_; }
    /// How many there are: as many sweeps give all entries.
    std::size_t colour_count() const { return colour_count_; }

private:
    SparsityPattern pattern_;
    Coloured coloured_;
    std::vector<std::size_t> colours_;
    std::size_t colour_count_;
};

}  // namespace autodiff
