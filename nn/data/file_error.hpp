#pragma once

#include <autodiff/error.hpp>

#include <cstdint>

namespace nn::data {

/// A file that cannot be read or written, or does not hold what it should. The text names the file, the
/// place in it, what was found and what was expected.
struct FileError : autodiff::Error {
    using Error::Error;
};

/// What a reader may take.
struct ReadOptions {
    /// The most bytes that a compressed file, or an array in an archive, may decompress to. A few kilobytes
    /// can claim to be terabytes.
    std::uint64_t decompressed_limit = std::uint64_t{8} << 30;
    /// Whether a file that begins as gzip's do is decompressed on the way.
    bool decompress = true;
};

}  // namespace nn::data
