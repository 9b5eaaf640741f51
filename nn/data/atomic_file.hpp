#pragma once

// A file that appears whole or not at all.

#include <nn/data/file_error.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace nn::data {

/// Writes to a new file beside the one at `path`; commit() puts it in that one's place, once its bytes are on
/// the disk. Without it the new file goes away.
class AtomicFile {
public:
    /// For the function `op`, which errors name. @throws FileError if the file cannot be made.
    AtomicFile(std::string op, std::string path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Where the bytes go until then, for those who write by other means than write().
    const std::string& temporary_path() const { return temporary_path_; }
    /// @throws FileError.
    void write(std::span<const std::byte> bytes);
    /// @throws FileError.
    void commit();

private:
    [[noreturn]] void fail(const std::string& what) const;

    std::string op_, path_, temporary_path_;
    int descriptor_ = -1;
    bool committed_ = false;
};

}  // namespace nn::data
