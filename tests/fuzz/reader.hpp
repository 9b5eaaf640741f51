#pragma once

// What is demanded of a reader of files, whatever the file.

#include <memory/counted.hpp>
#include "target.hpp"

#include <nn/data/file_error.hpp>

#include <support/temporary_directory.hpp>

#include <typeinfo>

namespace autodiff::tests {

/// The most that files of the targets may decompress to: little, so that memory taken for a claim is seen.
inline constexpr std::size_t decompressed_limit = std::size_t{1} << 20;

/// The most memory that reading a file of this size may take: buffers, and for each byte in it what its own
/// number, its field or its header's entry costs.
inline std::size_t memory_for(std::size_t file_size) { return (std::size_t{16} << 20) + 64 * file_size; }

/// Whether an error says where the file is wrong.
enum class Place { offset, line, none };

inline bool names_place(std::string_view text, Place place)
{
    return place == Place::none || text.find(place == Place::line ? ", line " : ", offset ") != text.npos;
}

/// Reads the bytes as a file. A FileError is expected, one that names the file and the place in it, or none.
/// Afterwards nothing was taken that is not given back, and nothing was written.
template <class Read>
void check_reader(std::string_view bytes, Place place, Read read)
{
    static const TemporaryDirectory directory;
    const std::string path = directory.write("input", bytes);
    const std::size_t before = live_bytes();
    start_peak();
    try {
        read(path);
    } catch (const nn::data::FileError& error) {
        const std::string_view text = error.what();
        demand(text.find(path) != text.npos, "the error does not name the file: {}", text);
        demand(names_place(text, place), "the error does not say where: {}", text);
    } catch (const Violation&) {
        throw;
    } catch (const std::exception& error) {
        throw Violation(fmt::format("{} in place of a FileError: {}", typeid(error).name(), error.what()));
    }
    demand(peak_bytes() - before <= memory_for(bytes.size()), "{} bytes of memory for a file of {}",
           peak_bytes() - before, bytes.size());
    demand(live_bytes() == before, "{} bytes are not given back",
           static_cast<std::ptrdiff_t>(live_bytes() - before));
    std::filesystem::remove(path);  // to be written anew: emptying a file makes some file systems wait
    demand(directory.file_count() == 0, "a file was written");
}

}  // namespace autodiff::tests
