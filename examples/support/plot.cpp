#include "support/plot.hpp"

#include <fmt/format.h>

// The header brings its own warnings; it is included as a system header.
#include <gnuplot-iostream.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace support {

namespace {

constexpr int grid = 81;
constexpr double low = -0.5, high = 1.5;

double coordinate(std::size_t i, std::size_t count)
{
    return low + (high - low) * static_cast<double>(i) / static_cast<double>(count - 1);
}

std::string quoted(const std::string& text)
{
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + "\"";
}

// Runs gnuplot on a script and checks that the picture is there.
void draw(const std::string& path, const std::string& script)
{
    std::filesystem::remove(path);
    {
        Gnuplot gnuplot("gnuplot");
        gnuplot << "set terminal svg size 640,480 dynamic background rgb 'white' font 'sans-serif,14'\n"
                << "set output " << quoted(path) << "\n"
                << script << "unset output\n";
    }
    if (!std::filesystem::exists(path) || std::filesystem::file_size(path) == 0)
        throw std::runtime_error("no picture at " + path +
                                 ": is gnuplot installed and the directory writable?");
}

}  // namespace

void write_svg(const std::string& path, const CurvePlot& plot)
{
    std::string script =
        fmt::format("set title {}\nset xlabel {}\nset ylabel {}\nset grid lc rgb '#dddddd'\n",
                    quoted(plot.title), quoted(plot.x_label), quoted(plot.y_label));
    if (plot.logarithmic) script += "set logscale y\nset format y '10^{%T}'\n";
    if (plot.curves.size() < 2) script += "unset key\n";
    for (std::size_t c = 0; c < plot.curves.size(); ++c)
        script +=
            fmt::format("{} '-' with lines lw 2 title {}", c ? "," : "plot", quoted(plot.curves[c].title));
    script += "\n";
    for (const Curve& curve : plot.curves) {
        for (std::size_t i = 0; i < curve.x.size(); ++i)
            script += fmt::format("{} {}\n", curve.x[i], curve.y[i]);
        script += "e\n";
    }
    draw(path, script);
}

void write_svg(const std::string& path, const BoundaryPlot& plot)
{
    std::string script = fmt::format(
        "set title {}\nset xlabel 'x1'\nset ylabel 'x2'\nset size ratio 1\n"
        "set xrange [{}:{}]\nset yrange [{}:{}]\nset cbrange [0:1]\nunset key\n"
        "set palette defined (0 '#3b6fb6', 0.5 '#f7f7f7', 1 '#c8443c')\n"
        "set pm3d map\nset contour base\nset cntrparam levels discrete 0.5\n",
        quoted(plot.title), low, high, low, high);
    script +=
        "splot '-' with pm3d, '-' with lines lc rgb 'black' lw 2 nosurface, "
        "'-' with points pt 7 ps 2.6 lc rgb 'white' nocontour, "
        "'-' with points pt 7 ps 2 lc rgb '#3b6fb6' nocontour, "
        "'-' with points pt 5 ps 2.6 lc rgb 'white' nocontour, "
        "'-' with points pt 5 ps 2 lc rgb '#c8443c' nocontour\n";
    std::string surface;
    for (std::size_t i = 0; i < grid; ++i, surface += "\n")
        for (std::size_t j = 0; j < grid; ++j) {
            const double x1 = coordinate(i, grid), x2 = coordinate(j, grid);
            surface += fmt::format("{} {} {}\n", x1, x2, plot.probability(x1, x2));
        }
    script += surface + "e\n" + surface + "e\n";
    for (int label : {0, 0, 1, 1}) {  // a white edge, then the point
        for (std::size_t p = 0; p < plot.points.size(); ++p)
            if (plot.labels[p] == label)
                script += fmt::format("{} {} {}\n", plot.points[p][0], plot.points[p][1], label);
        script += "e\n";
    }
    draw(path, script);
}

std::string text_plot(const Curve& curve, bool logarithmic, std::size_t columns, std::size_t rows)
{
    if (curve.y.empty()) return "";
    const auto scaled = [&](double y) { return logarithmic ? std::log10(std::max(y, 1e-300)) : y; };
    double bottom = scaled(curve.y[0]), top = bottom;
    for (double y : curve.y) {
        bottom = std::min(bottom, scaled(y));
        top = std::max(top, scaled(y));
    }
    if (top - bottom < 1e-12) top = bottom + 1;
    std::vector<std::string> canvas(rows, std::string(columns, ' '));
    for (std::size_t column = 0; column < columns; ++column) {
        const std::size_t i = column * (curve.y.size() - 1) / std::max<std::size_t>(columns - 1, 1);
        const double height = (scaled(curve.y[i]) - bottom) / (top - bottom);
        const auto row = static_cast<std::size_t>(std::lround((1 - height) * static_cast<double>(rows - 1)));
        canvas[row][column] = '*';
    }
    std::string text;
    for (std::size_t row = 0; row < rows; ++row) {
        const double level = top - (top - bottom) * static_cast<double>(row) / static_cast<double>(rows - 1);
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
    std::string text;
    for (std::size_t row = 0; row < rows; ++row) {
        const double x2 = coordinate(rows - 1 - row, rows);
        std::string line;
        for (std::size_t column = 0; column < columns; ++column) {
            const double p = std::clamp(plot.probability(coordinate(column, columns), x2), 0.0, 1.0);
            line += shades[static_cast<std::size_t>(std::lround(p * static_cast<double>(shades.size() - 1)))];
        }
        for (std::size_t i = 0; i < plot.points.size(); ++i)
            if (std::abs(plot.points[i][1] - x2) < (high - low) / static_cast<double>(rows - 1) / 2) {
                const double place =
                    (plot.points[i][0] - low) / (high - low) * static_cast<double>(columns - 1);
                line[static_cast<std::size_t>(std::lround(place))] = static_cast<char>('0' + plot.labels[i]);
            }
        text += "    |" + line + "|\n";
    }
    return text;
}

}  // namespace support
