#include "support/gnuplot.hpp"
#include "support/plot.hpp"

#include <fmt/format.h>

#include <cmath>
#include <tuple>

// Functions of two numbers as colours: the answer of a network over the square, a loss over two weights.

namespace support {

namespace {

constexpr std::size_t grid = 81;
/// Less than this from 1/2 everywhere is no boundary.
constexpr double flat = 1e-6;

/// The points of the lines that are in the square, or a little outside.
std::string points_of(const std::vector<std::array<double, 3>>& lines)
{
    constexpr int count = 200;
    constexpr double reach = 3;
    std::string points;
    for (const auto& [w1, w2, b] : lines) {
        const double length = std::hypot(w1, w2);
        if (length == 0) continue;
        // From the point of the line next to the middle of the square, both ways.
        const double distance = (w1 * 0.5 + w2 * 0.5 + b) / length;
        for (int i = -count; i <= count; ++i) {
            const double along = reach * i / count;
            points += fmt::format("{} {}\n", 0.5 - (distance * w1 + along * w2) / length,
                                  0.5 - (distance * w2 - along * w1) / length);
        }
        points += "\n";
    }
    return points;
}

/// The data of a plot, and whether it is 1/2 somewhere but not everywhere.
std::pair<std::string, bool> data_of(const BoundaryPlot& plot)
{
    std::string data = "$values << EOD\n";
    bool has_low = false, has_high = false;
    for (std::size_t i = 0; i < grid; ++i, data += "\n")
        for (std::size_t j = 0; j < grid; ++j) {
            const double x1 = square_coordinate(i, grid), x2 = square_coordinate(j, grid);
            const double p = plot.probability(x1, x2);
            has_low |= p < 0.5 - flat;
            has_high |= p > 0.5 + flat;
            data += fmt::format("{} {} {}\n", x1, x2, p);
        }
    data += "EOD\n$points << EOD\n";
    for (std::size_t p = 0; p < plot.points.size(); ++p)
        data += fmt::format("{} {} {}\n", plot.points[p][0], plot.points[p][1], plot.labels[p]);
    return {data + "EOD\n$lines << EOD\n" + points_of(plot.lines) + "EOD\n", has_low && has_high};
}

std::string script_of(const BoundaryPlot& plot)
{
    const auto [data, has_boundary] = data_of(plot);
    std::string script = fmt::format(
        "set title {0}\nset xlabel 'x1' offset 0,0.5\nset ylabel 'x2' offset 1,0\nset size ratio 1\nunset "
        "key\n"
        "set xrange [{2}:{3}]\nset yrange [{2}:{3}]\nset cbrange [0:1]\nset xtics 1\nset ytics 1\n"
        "set palette defined (0 '#3b6fb6', 0.5 '#f7f7f7', 1 '#c8443c')\n{1}",
        quoted(plot.title), data, square_low, square_high);
    if (has_boundary)
        script +=
            "set contour base\nset cntrparam levels discrete 0.5\nunset surface\nset table $boundary\n"
            "splot $values\nunset table\nunset contour\nset surface\n";
    script += "plot $values with image";
    if (has_boundary) script += ", $boundary with lines lc rgb 'black' lw 2";
    if (!plot.lines.empty()) script += ", $lines with lines lc rgb '#f2c14e' lw 3 dt 2";
    // A white edge, then the point: discs for label 0, squares for label 1.
    for (const auto& [label, shape, color] : {std::tuple{0, 7, "#3b6fb6"}, {1, 5, "#c8443c"}})
        script += fmt::format(
            ", $points using 1:($3 == {0} ? $2 : 1/0) with points pt {1} ps 2.6 lc rgb 'white'"
            ", $points using 1:($3 == {0} ? $2 : 1/0) with points pt {1} ps 2 lc rgb '{2}'",
            label, shape, color);
    return script + "\n";
}

}  // namespace

void write_svg(const std::string& path, const BoundaryPlot& plot) { draw(path, script_of(plot)); }

void write_svg(const std::string& path, const std::vector<BoundaryPlot>& plots)
{
    const std::size_t columns = plots.size() % 3 == 0 ? 3 : 2, rows = (plots.size() + columns - 1) / columns;
    std::string script = fmt::format(
        "set multiplot layout {},{}\nunset colorbox\nset lmargin 6\nset rmargin 1\nset bmargin 3\nset "
        "tmargin 2\n",
        rows, columns);
    for (const BoundaryPlot& plot : plots) script += script_of(plot);
    draw(path, script + "unset multiplot\n", rows * (columns == 3 ? 240 : 320));
}

void write_svg(const std::string& path, const SurfacePlot& plot)
{
    std::string script = fmt::format(
        "set title {}\nset xlabel {} offset 0,0.5\nset ylabel {}\nset key below height 1\nset size ratio -1\n"
        "set xrange [{}:{}]\nset yrange [{}:{}]\n"
        "set palette defined (0 '#3b6fb6', 0.5 '#9fc3dd', 1 '#f7f7f7')\n$values << EOD\n",
        quoted(plot.title), quoted(plot.x_label), quoted(plot.y_label), plot.x_range[0], plot.x_range[1],
        plot.y_range[0], plot.y_range[1]);
    const auto coordinate = [](std::size_t i, const std::array<double, 2>& range) {
        return range[0] + (range[1] - range[0]) * static_cast<double>(i) / static_cast<double>(grid - 1);
    };
    for (std::size_t i = 0; i < grid; ++i, script += "\n")
        for (std::size_t j = 0; j < grid; ++j) {
            const double x = coordinate(i, plot.x_range), y = coordinate(j, plot.y_range);
            script += fmt::format("{} {} {}\n", x, y, plot.height(x, y));
        }
    script += "EOD\n";
    for (std::size_t p = 0; p < plot.paths.size(); ++p) {
        script += fmt::format("$path{} << EOD\n", p);
        for (std::size_t i = 0; i < plot.paths[p].x.size(); ++i)
            script += fmt::format("{} {}\n", plot.paths[p].x[i], plot.paths[p].y[i]);
        script += "EOD\n";
    }
    script +=
        "set contour base\nset cntrparam levels 16\nunset surface\nset table $levels\nsplot $values\nunset "
        "table\nunset contour\nplot $values with image notitle, $levels with lines lc rgb '#707070' lw 0.5 "
        "notitle";
    constexpr std::array colors{"#c8443c", "#1b1b1b", "#1f7a4d"};
    for (std::size_t p = 0; p < plot.paths.size(); ++p)
        script += fmt::format(", $path{} with linespoints pt 7 ps 0.5 lw 1.5 lc rgb '{}' title {}", p,
                              colors[p % colors.size()], quoted(plot.paths[p].title));
    draw(path, script + "\n", 600);
}

}  // namespace support
