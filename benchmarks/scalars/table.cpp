#include "table.hpp"

#include <fmt/core.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace scalars {

namespace {

std::string ratio_text(double ratio) { return std::isnan(ratio) ? "–" : fmt::format("{:.1f}", ratio); }

std::string microseconds(double seconds)
{
    const double time = 1e6 * seconds;
    return fmt::format("{:.{}f}", time, time < 1 ? 3 : time < 10 ? 2 : time < 100 ? 1 : 0);
}

std::size_t width(const std::string& column) { return std::max<std::size_t>(column.size() + 2, 8); }

}  // namespace

void Table::print_head() const
{
    fmt::print("{:<18}{:>12}", "gradient / primal", "primal, µs");
    for (const std::string& column : columns) fmt::print("{:>{}}", column, width(column));
    fmt::print("{:>10}\n", "bytes/op");
}

void Table::print_last_row() const
{
    const Row& row = rows.back();
    fmt::print("{:<18}{:>12}", row.workload, microseconds(row.primal));
    for (std::size_t c = 0; c < columns.size(); ++c)
        fmt::print("{:>{}}", ratio_text(row.ratios[c]), width(columns[c]));
    fmt::print("{:>10.1f}\n", row.bytes_per_op);
    std::fflush(stdout);
}

void Table::write_markdown(std::ostream& out) const
{
    fmt::print(out, "| | primal, µs |");
    for (const std::string& column : columns) fmt::print(out, " {} |", column);
    fmt::print(out, " bytes/op |\n|---|");
    for (std::size_t c = 0; c < columns.size() + 2; ++c) fmt::print(out, "--:|");
    for (const Row& row : rows) {
        fmt::print(out, "\n| {} | {} |", row.workload, microseconds(row.primal));
        const auto peers = row.ratios.begin() + static_cast<std::ptrdiff_t>(first_peer);
        const auto best = std::min_element(peers, row.ratios.end());
        for (auto ratio = row.ratios.begin(); ratio != row.ratios.end(); ++ratio)
            fmt::print(out, " {0}{1}{0} |", ratio == best ? "**" : "", ratio_text(*ratio));
        fmt::print(out, " {:.1f} |", row.bytes_per_op);
    }
    fmt::print(out, "\n");
}

}  // namespace scalars
