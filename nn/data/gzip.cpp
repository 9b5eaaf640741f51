#include <nn/data/source.hpp>

#ifdef ADJOINT_HAS_IOSTREAMS

#include <boost/iostreams/categories.hpp>
#include <boost/iostreams/filter/gzip.hpp>

#include <memory>

namespace nn::data {

namespace {

namespace io = boost::iostreams;

/// A Stream as Boost.Iostreams reads one.
struct Device {
    using char_type = char;
    using category = io::source_tag;

    std::streamsize read(char* out, std::streamsize count)
    {
        const std::size_t got =
            stream->read(std::as_writable_bytes(std::span(out, static_cast<std::size_t>(count))));
        return got == 0 && count > 0 ? -1 : static_cast<std::streamsize>(got);
    }

    Stream* stream;
};

class Gunzip : public Stream {
public:
    explicit Gunzip(std::unique_ptr<Stream> compressed) : compressed_(std::move(compressed)) {}

    std::size_t read(std::span<std::byte> out) override
    {
        Device device{compressed_.get()};
        std::size_t count = 0;
        try {
            while (count < out.size() && !ended_) {
                const std::streamsize got = gunzip_.read(device, reinterpret_cast<char*>(out.data()) + count,
                                                         static_cast<std::streamsize>(out.size() - count));
                if (got < 0) ended_ = true;
                else count += static_cast<std::size_t>(got);
            }
        } catch (const io::gzip_error& error) {
            throw std::runtime_error(reason(error));
        }
        return count;
    }

private:
    static std::string reason(const io::gzip_error& error)
    {
        switch (error.error()) {
            case io::gzip::bad_crc: return "the checksum of gzip does not fit the bytes; the file is damaged";
            case io::gzip::bad_header: return "gzip's header is damaged, or other bytes follow its data";
            case io::gzip::bad_footer: return ends_early;
            default: break;
        }
        if (error.zlib_error_code() == io::zlib::buf_error) return ends_early;
        return "the data of gzip cannot be decompressed; the file is damaged";
    }

    static constexpr const char* ends_early = "the file ends within gzip's data; it is incomplete";

    std::unique_ptr<Stream> compressed_;
    io::gzip_decompressor gunzip_{io::gzip::default_window_bits, 1 << 16};
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<Stream> gunzip(std::unique_ptr<Stream> compressed)
{
    return std::make_unique<Gunzip>(std::move(compressed));
}

}  // namespace nn::data

#else

namespace nn::data {

std::unique_ptr<Stream> gunzip(std::unique_ptr<Stream>)
{
    throw std::runtime_error(
        "found a file made by gzip, but this library was built without Boost.Iostreams; install it "
        "(libboost-iostreams-dev) and build again, or decompress the file");
}

}  // namespace nn::data

#endif
