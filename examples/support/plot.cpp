#include "support/plot.hpp"

#include "support/gnuplot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace support {

namespace {

std::string script_of(const CurvePlot& plot)
{
    std::string script =
        fmt::format("set title {}\nset xlabel {} offset 0,0.5\nset ylabel {}\nset grid lc rgb '#dddddd'\n",
                    quoted(plot.title), quoted(plot.x_label), quoted(plot.y_label));
    script += "unset logscale\n";
    script += plot.logarithmic ? "set logscale y\nset format y '10^{%T}'\n" : "set format y\n";
    if (plot.logarithmic_x) script += "set logscale x\n";
    script += plot.curves.size() < 2 ? "unset key\n" : "set key below height 1\n";
    // A few points are whole epochs.
    constexpr std::size_t few = 12;
    const auto is_short = [](const Curve& curve) { return curve.x.size() <= few; };
    script += !plot.logarithmic_x && std::ranges::all_of(plot.curves, is_short) ? "set xtics 1\n"
                                                                                : "set xtics autofreq\n";
    // Later curves are dashed, so that an earlier one beneath them shows.
    for (std::size_t c = 0; c < plot.curves.size(); ++c)
        script += fmt::format("{} '-' with {} lw 2 dt {} title {}", c ? "," : "plot",
                              plot.logarithmic_x ? "linespoints pt 7 ps 0.5" : "lines", c + 1,
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
    // The same margin for all, so that a place on one axis is above the same place on the next.
    std::string script = fmt::format("set multiplot layout {},1\nset lmargin 9\n", plots.size());
    for (const CurvePlot& plot : plots) script += script_of(plot);
    draw(path, script + "unset multiplot\n", 320 * plots.size());
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

}  // namespace support
