#include <nn/data/source.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>

#include <sys/stat.h>

namespace nn::data {

namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t chunk_size = std::size_t{1} << 16;

using OpenFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

class File : public Stream {
public:
    explicit File(OpenFile file) : file_(std::move(file))
    {
        start_size_ = std::fread(start_.data(), 1, start_.size(), file_.get());
        struct stat status{};
        if (fstat(fileno(file_.get()), &status) == 0 && S_ISREG(status.st_mode))
            left_ = static_cast<std::uint64_t>(status.st_size);
    }

    /// Whether the file begins with the two bytes of gzip's.
    bool is_gzip() const
    {
        return start_size_ == 2 && start_[0] == std::byte{0x1f} && start_[1] == std::byte{0x8b};
    }

    std::size_t read(std::span<std::byte> out) override
    {
        std::size_t count = std::min(out.size(), start_size_ - start_read_);
        std::copy_n(start_.begin() + static_cast<std::ptrdiff_t>(start_read_), count, out.begin());
        start_read_ += count;
        if (count < out.size()) count += std::fread(out.data() + count, 1, out.size() - count, file_.get());
        if (std::ferror(file_.get())) throw std::runtime_error(std::strerror(errno));
        if (left_) *left_ -= std::min<std::uint64_t>(*left_, count);
        return count;
    }

    std::optional<std::uint64_t> bytes_left() const override { return left_; }

private:
    OpenFile file_;
    std::array<std::byte, 2> start_{};
    std::size_t start_size_ = 0, start_read_ = 0;
    std::optional<std::uint64_t> left_;
};

}  // namespace

Source::Source(std::string_view op, const std::string& path, const ReadOptions& options)
    : op_(op), name_(path), limit_(no_limit)
{
    OpenFile opened(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (!opened && errno == ENOMEM) throw std::bad_alloc();
    if (!opened) throw FileError(fmt::format("{}: {}: {}", op, path, std::strerror(errno)));
    auto file = std::make_unique<File>(std::move(opened));
    if (!options.decompress || !file->is_gzip()) {
        stream_ = std::move(file);
        return;
    }
    try {
        stream_ = gunzip(std::move(file));
    } catch (const std::runtime_error& error) {
        fail_at(0, "{}", error.what());
    }
    name_ += " (decompressed)";
    limit_ = options.decompressed_limit;
}

Source::Source(std::string_view op, std::string name, std::unique_ptr<Stream> stream, std::uint64_t limit)
    : op_(op), name_(std::move(name)), stream_(std::move(stream)), limit_(limit)
{
}

std::size_t Source::read(std::span<std::byte> out)
{
    std::size_t count = 0;
    try {
        count = stream_->read(out);
    } catch (const std::runtime_error& error) {
        fail_at(offset_, "{}", error.what());
    }
    offset_ += count;
    if (offset_ > limit_)
        fail_at(
            limit_,
            "found more bytes; expected at most {} in the file: raise ReadOptions::decompressed_limit if it "
            "is to be trusted",
            limit_);
    return count;
}

bool Source::expect(std::uint64_t count, std::string_view what) const
{
    if (count > limit_ - offset_)
        fail_at(offset_,
                "found {}, which is {} bytes; expected at most {} in the file: raise "
                "ReadOptions::decompressed_limit if it is to be trusted",
                what, count, limit_);
    const auto left = stream_->bytes_left();
    if (left && *left < count) fail_at(offset_, "found {} bytes; expected {} for {}", *left, count, what);
    return left.has_value();
}

void Source::fill(std::span<std::byte> out, std::uint64_t begin, std::uint64_t count, std::string_view what)
{
    if (read(out) < out.size())
        fail_at(begin, "found {} bytes; expected {} for {}", offset_ - begin, count, what);
}

std::vector<std::byte> Source::take(std::uint64_t count, std::string_view what)
{
    const std::uint64_t begin = offset_;
    expect(count, what);
    std::vector<std::byte> bytes;
    while (bytes.size() < count) {
        const std::size_t have = bytes.size();
        bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(count, have + chunk_size)));
        fill(std::span(bytes).subspan(have), begin, count, what);
    }
    return bytes;
}

void Source::expect_end()
{
    const std::uint64_t end = offset_;
    std::byte more{};
    if (read({&more, 1}) != 0) fail_at(end, "found more bytes; expected the end of the file");
}

void Source::fail_in(std::string_view place, std::string_view text) const
{
    throw FileError(fmt::format("{}: {}, {}: {}", op_, name_, place, text));
}

std::string in_hexadecimal(std::span<const std::byte> bytes)
{
    return fmt::format("{:02x}", fmt::join(bytes, " "));
}

std::string in_quotes(std::string_view text)
{
    constexpr std::size_t longest = 40;
    std::string quoted = "\"";
    for (const char c : text.substr(0, longest)) {
        const bool printable = c >= ' ' && c != '\x7f' && c != '"' && c != '\\';
        quoted +=
            printable || c < 0 ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return quoted + (text.size() > longest ? "…\"" : "\"");
}

}  // namespace nn::data
