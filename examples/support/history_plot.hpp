#pragma once

#include <nn/history.hpp>

#include <string>

namespace support {

/// The losses of training and validation over the epochs, and below them the metrics, as SVG.
/// @throws std::runtime_error if gnuplot cannot be run or the file not be written.
void write_svg(const std::string& path, const std::string& title, const nn::History& history);

}  // namespace support
