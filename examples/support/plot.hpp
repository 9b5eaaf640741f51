#pragma once

// Pictures of the examples: SVG files drawn by gnuplot, and small plots of text for the terminal.

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace support {

/// A line through points, with a name in the legend.
struct Curve {
    std::string title;
    std::vector<double> x;
    std::vector<double> y;
};

struct CurvePlot {
    std::string title;
    std::string x_label;
    std::string y_label;
    bool logarithmic = false;
    std::vector<Curve> curves;
    bool logarithmic_x = false;
};

/// @throws std::runtime_error if gnuplot cannot be run or the file not be written.
void write_svg(const std::string& path, const CurvePlot& plot);
/// The plots one below the other.
void write_svg(const std::string& path, const std::vector<CurvePlot>& plots);

/// A function of the unit square's surroundings as colours, its 0.5 contour, points of two classes, and
/// yellow dashed lines w1 x1 + w2 x2 + b = 0.
struct BoundaryPlot {
    std::string title;
    std::function<double(double, double)> probability;
    std::vector<std::vector<double>> points;
    std::vector<int> labels;
    std::vector<std::array<double, 3>> lines{};  // (w1, w2, b)
};

/// The surroundings, [-0.5, 1.5]², and the i-th of so many coordinates in them.
inline constexpr double square_low = -0.5, square_high = 1.5;
inline double square_coordinate(std::size_t i, std::size_t count)
{
    return square_low + (square_high - square_low) * static_cast<double>(i) / static_cast<double>(count - 1);
}

/// @throws std::runtime_error if gnuplot cannot be run or the file not be written.
void write_svg(const std::string& path, const BoundaryPlot& plot);
/// The plots side by side, two in a row or three.
void write_svg(const std::string& path, const std::vector<BoundaryPlot>& plots);

/// A function of two numbers as colours and level lines, with paths on it.
struct SurfacePlot {
    std::string title;
    std::string x_label;
    std::string y_label;
    std::array<double, 2> x_range;
    std::array<double, 2> y_range;
    std::function<double(double, double)> height;
    std::vector<Curve> paths;
};

/// @throws std::runtime_error if gnuplot cannot be run or the file not be written.
void write_svg(const std::string& path, const SurfacePlot& plot);

/// A small picture in grey, row by row, and what is written below it.
struct Picture {
    std::string caption;
    std::size_t columns;
    std::vector<double> values;
};

/// Pictures side by side, so many in a row. Black and white are the least and the greatest value of each, or,
/// if `is_signed`, blue and red are as far from 0, which is white.
struct PictureGrid {
    std::string title;
    std::size_t in_a_row;
    std::vector<Picture> pictures;
    bool is_signed = false;
};

/// @throws std::runtime_error if gnuplot cannot be run or the file not be written.
void write_svg(const std::string& path, const PictureGrid& grid);

/// The curve as text, `rows` lines high; with a logarithmic y axis if asked for.
std::string text_plot(const Curve& curve, bool logarithmic = false, std::size_t columns = 64,
                      std::size_t rows = 12);

/// The function as text over [-0.5, 1.5]²: ' ' where it is low, '#' where it is high, the corners of the unit
/// square as their labels 0 and 1.
std::string text_boundary(const BoundaryPlot& plot, std::size_t columns = 41, std::size_t rows = 17);

/// Texts of several lines, next to each other.
std::string side_by_side(const std::vector<std::string>& texts);

}  // namespace support
