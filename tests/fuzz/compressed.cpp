#include "compressed.hpp"

#include <stdexcept>

#include <zlib.h>

namespace autodiff::tests {

namespace {

/// Compresses pieces that are handed over one by one.
class Gzip {
public:
    Gzip()
    {
        constexpr int largest_window = 15, gzip_format = 16, usual_memory = 8;
        if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, largest_window + gzip_format,
                         usual_memory, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::runtime_error("zlib cannot compress");
    }
    ~Gzip() { deflateEnd(&stream_); }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    void add(std::string_view bytes, bool is_last)
    {
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        do {
            char out[4096];
            stream_.next_out = reinterpret_cast<Bytef*>(out);
            stream_.avail_out = sizeof out;
            deflate(&stream_, is_last ? Z_FINISH : Z_NO_FLUSH);
            compressed_.append(out, sizeof out - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }
    const std::string& compressed() const { return compressed_; }

private:
    z_stream stream_{};
    std::string compressed_;
};

}  // namespace

std::string gzip_compressed(std::string_view bytes)
{
    Gzip gzip;
    gzip.add(bytes, true);
    return gzip.compressed();
}

std::string gzip_compressed_repeated(char c, std::size_t count)
{
    const std::string piece(std::size_t{1} << 16, c);
    Gzip gzip;
    for (; count > piece.size(); count -= piece.size()) gzip.add(piece, false);
    gzip.add(std::string_view(piece).substr(0, count), true);
    return gzip.compressed();
}

}  // namespace autodiff::tests
