#include "support/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

namespace support {

namespace {

struct Range {
    double bottom, top;

    void include(double y)
    {
        if (!std::isfinite(y)) return;
        bottom = std::min(bottom, y);
        top = std::max(top, y);
    }
};
constexpr Range nothing{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};

/// The ranges that a curve takes over equal stretches of its points, each with the next one's first point, so
/// that they join up.
std::vector<Range> ranges_of(const std::vector<double>& y, std::size_t columns)
{
    std::vector<Range> ranges(columns, nothing);
    for (std::size_t column = 0; column < columns; ++column) {
        const std::size_t first = column * y.size() / columns;
        const std::size_t last = std::min((column + 1) * y.size() / columns, y.size() - 1);
        for (std::size_t i = first; i <= last; ++i) ranges[column].include(y[i]);
    }
    return ranges;
}

}  // namespace

std::string text_plot(const Curve& curve, bool logarithmic, std::size_t columns, std::size_t rows)
{
    std::vector<double> heights = curve.y;
    if (logarithmic)
        for (double& y : heights) y = std::log10(y);
    Range all = nothing;
    for (double y : heights) all.include(y);
    if (!(all.bottom <= all.top)) return "(nothing to plot)\n";
    if (all.top - all.bottom < 1e-12) all.top = all.bottom + 1;

    const auto last_row = static_cast<double>(rows - 1);
    const auto row_of = [&](double y) {
        return static_cast<std::size_t>(std::lround(last_row * (all.top - y) / (all.top - all.bottom)));
    };
    std::vector<std::string> canvas(rows, std::string(columns, ' '));
    const std::vector<Range> ranges = ranges_of(heights, columns);
    for (std::size_t column = 0; column < columns; ++column)
        if (ranges[column].bottom <= ranges[column].top)
            for (std::size_t row = row_of(ranges[column].top); row <= row_of(ranges[column].bottom); ++row)
                canvas[row][column] = '*';

    std::string text;
    for (std::size_t row = 0; row < rows; ++row) {
        const double level = all.top - (all.top - all.bottom) * static_cast<double>(row) / last_row;
        const bool labelled = row == 0 || row + 1 == rows || row == rows / 2;
        const std::string label =
            labelled ? fmt::format("{:.2g}", logarithmic ? std::pow(10, level) : level) : "";
        text += fmt::format("{:>9} |{}\n", label, canvas[row]);
    }
    return text + fmt::format("{:>9} +{:-<{}}\n{:>9}  {:<{}}{:>{}}\n", "", "", columns, "", curve.x.front(),
                              columns / 2, curve.x.back(), columns - columns / 2);
}

std::string text_boundary(const BoundaryPlot& plot, std::size_t columns, std::size_t rows)
{
    static constexpr std::string_view shades = " .:-=+*%#";
    const auto place_of = [](double x, std::size_t count) {
        return static_cast<std::size_t>(
            std::lround((x - square_low) / (square_high - square_low) * static_cast<double>(count - 1)));
    };
    std::vector<std::string> canvas(rows, std::string(columns, '?'));  // '?' where it is not a number
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column) {
            const double p =
                plot.probability(square_coordinate(column, columns), square_coordinate(row, rows));
            if (p >= 0 && p <= 1)
                canvas[row][column] =
                    shades[static_cast<std::size_t>(std::lround(p * static_cast<double>(shades.size() - 1)))];
        }
    for (std::size_t i = 0; i < plot.points.size(); ++i)
        canvas[place_of(plot.points[i][1], rows)][place_of(plot.points[i][0], columns)] =
            static_cast<char>('0' + plot.labels[i]);
    std::string text;
    for (std::size_t row = rows; row-- > 0;) text += "|" + canvas[row] + "|\n";
    return text;
}

std::string side_by_side(const std::vector<std::string>& texts)
{
    std::vector<std::string> lines;
    std::size_t width = 0;
    for (const std::string& text : texts) {
        std::istringstream stream(text);
        std::string line;
        for (std::size_t row = 0; std::getline(stream, line); ++row) {
            if (row == lines.size()) lines.emplace_back();
            lines[row].resize(width, ' ');
            lines[row] += line;
        }
        for (const std::string& joined : lines) width = std::max(width, joined.size());
        width += 2;
    }
    std::string result;
    for (const std::string& line : lines) result += line + "\n";
    return result;
}

}  // namespace support
