#pragma once

// Prints what gradients cost: at a terminal, row by row, and for the documentation.

#include <iosfwd>
#include <string>
#include <vector>

namespace scalars {

/// What one workload costs.
struct Row {
    std::string workload;
    double primal = 0;           // seconds
    std::vector<double> ratios;  // gradient / primal, one for each column; NaN where there is none
    double bytes_per_op = 0;
};

struct Table {
    std::vector<std::string> columns;  // the variants, without the primal: hand, the library's, the peers'
    std::size_t first_peer = 0;
    std::vector<Row> rows;

    void print_head() const;
    void print_last_row() const;
    /// The fastest peer of each row is in bold.
    void write_markdown(std::ostream& out) const;
};

}  // namespace scalars
