#pragma once

#include <cstddef>
#include <string>

namespace support {

/// Runs gnuplot on a script, 640 wide and so high, and checks that the picture is there.
/// @throws std::runtime_error if gnuplot cannot be run or the file not be written.
void draw(const std::string& path, const std::string& script, std::size_t height = 480);

/// A text as a string of gnuplot's.
std::string quoted(const std::string& text);

}  // namespace support
