#pragma once

#include <string>
#include <string_view>

namespace autodiff::tests {

/// The bytes as gzip compresses them.
std::string gzip_compressed(std::string_view bytes);
/// One byte, over and over, of which gzip makes a thousandth.
std::string gzip_compressed_repeated(char c, std::size_t count);

}  // namespace autodiff::tests
