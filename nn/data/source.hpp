#pragma once

// The bytes of a file, one after the other, and errors that say where among them. A file that gzip made is
// decompressed on the way. Memory is taken as bytes arrive, never because a header says so.

#include <nn/data/file_error.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nn::data {

/// Where bytes come from.
class Stream {
public:
    virtual ~Stream() = default;
    /// Fills `out`, or less of it at the end. @throws std::runtime_error with the reason.
    virtual std::size_t read(std::span<std::byte> out) = 0;
    /// How many bytes are left, if that is certain.
    virtual std::optional<std::uint64_t> bytes_left() const { return std::nullopt; }
};

/// Decompresses (RFC 1952).   @throws std::runtime_error if the library was built without Boost.Iostreams.
std::unique_ptr<Stream> gunzip(std::unique_ptr<Stream> compressed);

/// A file that is read from its beginning to its end, whose errors name it, the place and what was expected.
class Source {
public:
    /// Opens a file for the function `op`. @throws FileError.
    Source(std::string_view op, const std::string& path, const ReadOptions& options);
    /// A stream that is called `name` in errors and may have up to `limit` bytes.
    Source(std::string_view op, std::string name, std::unique_ptr<Stream> stream, std::uint64_t limit);

    /// How many bytes have been read.
    std::uint64_t offset() const { return offset_; }
    /// Fills `out`, or less of it at the end. @throws FileError.
    std::size_t read(std::span<std::byte> out);
    /// The next `count` bytes, of a header say. @throws FileError if the file ends before; `what` is what
    /// they are needed for.
    std::vector<std::byte> take(std::uint64_t count, std::string_view what);
    /// Whether the next `count` bytes are certain to be there: if so, there may be memory for them at once.
    /// @throws FileError if they are certain not to be there, or more than may be read.
    bool expect(std::uint64_t count, std::string_view what) const;
    /// Fills `out` with the next of the `count` bytes from `begin` on. @throws FileError if the file ends
    /// before.
    void fill(std::span<std::byte> out, std::uint64_t begin, std::uint64_t count, std::string_view what);
    /// @throws FileError unless all bytes have been read.
    void expect_end();

    /// Throws a FileError: "op: file, offset 16: …".
    template <class... Args>
    [[noreturn]] void fail_at(std::uint64_t offset, fmt::format_string<Args...> text, Args&&... args) const
    {
        fail_in(fmt::format("offset {}", offset), fmt::vformat(text, fmt::make_format_args(args...)));
    }
    /// The same for another place: "op: file, line 3: …".
    [[noreturn]] void fail_in(std::string_view place, std::string_view text) const;

private:
    std::string op_, name_;
    std::unique_ptr<Stream> stream_;
    std::uint64_t offset_ = 0;
    std::uint64_t limit_;
};

/// Bytes as an error shows them: "7f 45 4c 46".
std::string in_hexadecimal(std::span<const std::byte> bytes);
/// Text as an error shows it: in quotes, what cannot be printed in hexadecimal, the rest of a long one as
/// "…".
std::string in_quotes(std::string_view text);

}  // namespace nn::data
