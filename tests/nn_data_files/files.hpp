#pragma once

// Files for tests: those of tests/data, and those that a test writes.

#include <nn/data/data.hpp>

#include <support/errors.hpp>
#include <support/random.hpp>
#include <support/temporary_directory.hpp>

#include <filesystem>
#include <fstream>

namespace autodiff::tests {

inline const std::filesystem::path data_directory =
    std::filesystem::path(__FILE__).parent_path().parent_path() / "data";

/// Whether the library was built with Boost.Iostreams.
inline const bool has_gzip = [] {
    try {
        nn::data::read_idx((data_directory / "images.idx.gz").string());
        return true;
    } catch (const nn::data::FileError&) {
        return false;
    }
}();

inline std::string read_bytes(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The text of the FileError that f throws, without the directories of its files.
template <class F>
std::string file_error(F&& f)
{
    std::string text = error_text<nn::data::FileError>(f);
    const std::size_t file = text.find(": ") + 2,
                      slash = text.find_last_of('/', text.find_first_of(",:", file));
    return slash == std::string::npos || slash < file ? text : text.erase(file, slash + 1 - file);
}

/// Reads what is left of a file when any number of bytes is cut off its end, and when others are put in the
/// place of some. The former must be refused by a FileError; so must the latter, or it is read.
template <class Read>
void check_damaged(const std::string& bytes, const std::string& suffix, Read read)
{
    BOOST_REQUIRE(!bytes.empty());
    const TemporaryDirectory directory;
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::string path = directory.write("short" + suffix, std::string_view(bytes).substr(0, length));
        BOOST_CHECK_THROW(read(path), nn::data::FileError);
    }
    Random random(1);
    for (int i = 0; i < 2000; ++i) {
        std::string damaged = bytes;
        for (std::size_t changes = 1 + random.below(4); changes > 0; --changes)
            damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
        const std::string path = directory.write("damaged" + suffix, damaged);
        try {
            read(path);
        } catch (const nn::data::FileError&) {
        }
    }
}

}  // namespace autodiff::tests
