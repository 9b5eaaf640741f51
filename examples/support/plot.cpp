#include "support/plot.hpp"

#include <fmt/format.h>

// The header brings its own warnings; it is included as a system header.
#include <gnuplot-iostream.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>

namespace support {

namespace {

constexpr std::size_t grid = 81;
constexpr double low = -0.5, high = 1.5;
/// Less than this from 1/2 everywhere is no boundary.
constexpr double flat = 1e-6;

double coordinate(std::size_t i, std::size_t count)
{
    return low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1);
}

std::string quoted(const std::string& text)
{
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        if (c == '\n') result += "\\n";
        else result += c;
    }
    return result + "\"";
}

// gnuplot does not say when the disk is full: what is missing then is the end.
bool is_whole_picture(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string picture{std::istreambuf_iterator<char>(file), {}};
    return picture.find("</svg>") != std::string::npos;
}

// Runs gnuplot on a script and checks that the picture is there.
void draw(const std::string& path, const std::string& script, std::size_t height = 480)
{
    std::filesystem::remove(path);
    std::signal(SIGPIPE, SIG_IGN);  // without gnuplot there is nobody to read the script
    {
        Gnuplot gnuplot("gnuplot");
        gnuplot << "set terminal svg size 640," << height
                << " dynamic background rgb 'white' font 'sans-serif,14'\n"
                << "set output " << quoted(path) << "\n"
                << script << "unset output\n";
    }
    if (!is_whole_picture(path))
        throw std::runtime_error("no whole picture at " + path +
                                 ": is gnuplot installed, the directory writable and the disk not full?");
}

std::string script_of(const CurvePlot& plot)
{
    std::string script =
        fmt::format("set title {}\nset xlabel {}\nset ylabel {}\nset grid lc rgb '#dddddd'\n",
                    quoted(plot.title), quoted(plot.x_label), quoted(plot.y_label));
    script +=
        plot.logarithmic ? "set logscale y\nset format y '10^{%T}'\n" : "unset logscale\nset format y\n";
    script += plot.curves.size() < 2 ? "unset key\n" : "set key below\n";
    // Later curves are dashed, so that an earlier one beneath them shows.
    for (std::size_t c = 0; c < plot.curves.size(); ++c)
        script += fmt::format("{} '-' with lines lw 2 dt {} title {}", c ? "," : "plot", c + 1,
                              quoted(plot.curves[c].title));
    script += "\n";
    for (const Curve& curve : plot.curves) {
        for (std::size_t i = 0; i < curve.x.size(); ++i)
            script += fmt::format("{} {}\n", curve.x[i], curve.y[i]);
        script += "e\n";
    }
    return script;
}

}  // namespace

void write_svg(const std::string& path, const CurvePlot& plot) { draw(path, script_of(plot)); }

void write_svg(const std::string& path, const std::vector<CurvePlot>& plots)
{
    std::string script = fmt::format("set multiplot layout {},1\n", plots.size());
    for (const CurvePlot& plot : plots) script += script_of(plot);
    draw(path, script + "unset multiplot\n", 320 * plots.size());
}

void write_svg(const std::string& path, const BoundaryPlot& plot)
{
    std::string script = fmt::format(
        "set title {}\nset xlabel 'x1'\nset ylabel 'x2'\nset size ratio 1\nunset key\n"
        "set xrange [{}:{}]\nset yrange [{}:{}]\nset cbrange [0:1]\n"
        "set palette defined (0 '#3b6fb6', 0.5 '#f7f7f7', 1 '#c8443c')\n$values << EOD\n",
        quoted(plot.title), low, high, low, high);
    bool has_low = false, has_high = false;
    for (std::size_t i = 0; i < grid; ++i, script += "\n")
        for (std::size_t j = 0; j < grid; ++j) {
            const double x1 = coordinate(i, grid), x2 = coordinate(j, grid), p = plot.probability(x1, x2);
            has_low |= p < 0.5 - flat;
            has_high |= p > 0.5 + flat;
            script += fmt::format("{} {} {}\n", x1, x2, p);
        }
    script += "EOD\n$points << EOD\n";
    for (std::size_t p = 0; p < plot.points.size(); ++p)
        script += fmt::format("{} {} {}\n", plot.points[p][0], plot.points[p][1], plot.labels[p]);
    script += "EOD\n";
    const bool has_boundary = has_low && has_high;
    if (has_boundary)
        script +=
            "set contour base\nset cntrparam levels discrete 0.5\nunset surface\nset table $boundary\n"
            "splot $values\nunset table\nunset contour\n";
    script += "plot $values with image";
    if (has_boundary) script += ", $boundary with lines lc rgb 'black' lw 2";
    // A white edge, then the point: discs for label 0, squares for label 1.
    for (const auto& [label, shape, color] : {std::tuple{0, 7, "#3b6fb6"}, {1, 5, "#c8443c"}})
        script += fmt::format(
            ", $points using 1:($3 == {0} ? $2 : 1/0) with points pt {1} ps 2.6 lc rgb 'white'"
            ", $points using 1:($3 == {0} ? $2 : 1/0) with points pt {1} ps 2 lc rgb '{2}'",
            label, shape, color);
    draw(path, script + "\n");
}

void write_svg(const std::string& path, const PictureGrid& plot)
{
    const std::size_t rows = (plot.pictures.size() + plot.in_a_row - 1) / plot.in_a_row;
    std::string script = fmt::format(
        "set multiplot layout {},{} title {}\nunset key\nunset tics\nunset colorbox\nset size ratio -1\n"
        "set lmargin 0.5\nset rmargin 0.5\nset tmargin 0.5\nset bmargin 2.5\n"
        "set palette defined ({})\n",
        rows, plot.in_a_row, quoted(plot.title),
        plot.is_signed ? "-1 '#3b6fb6', 0 '#f7f7f7', 1 '#c8443c'" : "0 'black', 1 'white'");
    for (const Picture& picture : plot.pictures) {
        const auto [low_value, high_value] = std::ranges::minmax(picture.values);
        const double most = std::max({std::abs(low_value), std::abs(high_value), 1e-30});
        script += fmt::format(
            "set cbrange [{}:{}]\nset xlabel {} font ',11'\nset yrange [*:*] reverse\n$picture << EOD\n",
            plot.is_signed ? -most : low_value,
            plot.is_signed ? most : std::max(high_value, low_value + 1e-30), quoted(picture.caption));
        for (std::size_t i = 0; i < picture.values.size(); ++i)
            script += fmt::format("{}{}", picture.values[i], (i + 1) % picture.columns == 0 ? "\n" : " ");
        constexpr std::size_t few = 100;  // as squares of their own, which nothing smooths
        script += fmt::format("EOD\nplot $picture matrix with image{}\n",
                              picture.values.size() <= few ? " pixels" : "");
    }
    draw(path, script + "unset multiplot\n", 60 + 160 * rows);
}

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
            std::lround((x - low) / (high - low) * static_cast<double>(count - 1)));
    };
    std::vector<std::string> canvas(rows, std::string(columns, '?'));  // '?' where it is not a number
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column) {
            const double p = plot.probability(coordinate(column, columns), coordinate(row, rows));
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
