// Small files that claim, or decompress to, far more than a machine has.

#include "compressed.hpp"
#include "reader.hpp"

#include "../nn_data_files/files.hpp"

#include <nn/io/safetensors.hpp>

namespace autodiff::tests {

namespace {

using namespace nn::data;
using namespace std::string_literals;

/// The error for a file, and the memory it took.
struct Refusal {
    std::string text;
    std::size_t memory;
};

template <class Read>
Refusal refusal(std::string_view bytes, Read read)
{
    const TemporaryDirectory directory;
    const std::string path = directory.write("bomb", bytes);
    pool_limit(0);
    const std::size_t before = live_bytes();
    start_peak();
    std::string text = file_error([&] { read(path); });
    return {text, peak_bytes() - before};
}

constexpr std::size_t megabyte = std::size_t{1} << 20;

}  // namespace

BOOST_AUTO_TEST_CASE(a_trillion_images_cost_no_memory)
{
    const auto [text, memory] = refusal("\0\0\10\3\0\20\0\0\0\0\20\0\0\0\20\0"s,
                                        [](const std::string& path) { read_idx<float>(path); });
    BOOST_TEST(
        text ==
        "read_idx: bomb, offset 16: found 0 bytes; expected 17592186044416 for the shape (1048576, 4096, "
        "4096) of u8");
    BOOST_TEST(memory < megabyte);
}

BOOST_AUTO_TEST_CASE(images_that_gzip_made_small_stop_at_the_limit)
{
    if (!has_gzip) return;
    const std::string zeros =
        gzip_compressed("\0\0\10\3\0\0\100\0\0\0\100\0\0\0\100\0"s + std::string(64 * megabyte, '\0'));
    BOOST_TEST(zeros.size() < megabyte / 8);
    const auto [text, memory] = refusal(
        zeros, [](const std::string& path) { read_idx<float>(path, {.decompressed_limit = 2 * megabyte}); });
    BOOST_TEST(text.find("raise ReadOptions::decompressed_limit") != std::string::npos);
    BOOST_TEST(memory < megabyte);
}

BOOST_AUTO_TEST_CASE(a_claim_that_gzip_hides_costs_what_is_there_and_no_more)
{
    if (!has_gzip) return;
    // The header's claim is within the limit; the file ends much earlier.
    const auto [text, memory] = refusal(gzip_compressed("\0\0\10\1\100\0\0\0"s + std::string(megabyte, '\0')),
                                        [](const std::string& path) { read_idx<double>(path); });
    BOOST_TEST(text ==
               "read_idx: bomb (decompressed), offset 8: found 1048576 bytes; expected 1073741824 for the "
               "shape (1073741824,) of u8");
    BOOST_TEST(memory < 4 * megabyte);
}

BOOST_AUTO_TEST_CASE(a_line_without_end_is_refused)
{
    if (!has_gzip) return;
    for (const char c : {'1', ',', '"'}) {
        const std::string line = gzip_compressed_repeated(c, 64 * megabyte);
        const auto [text, memory] = refusal(line, [](const std::string& path) { read_csv(path); });
        BOOST_TEST(text.find("expected the end of the line") != std::string::npos, text);
        BOOST_TEST(memory < 64 * megabyte, memory << " bytes for a line of " << c);
    }
}

BOOST_AUTO_TEST_CASE(a_safetensors_header_without_end_is_refused)
{
    const auto read = [](const std::string& path) { nn::io::read_safetensors(path); };
    const Refusal claimed = refusal("\0\0\0\0\0\0\0\200{}"s, read);
    BOOST_TEST(claimed.text.find("found a header of 9223372036854775808 bytes") != std::string::npos);
    BOOST_TEST(claimed.memory < megabyte);

    const std::size_t size = 8 * megabyte;
    const auto file = [](const std::string& header) {
        std::string length(8, '\0');
        for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> 8 * i & 0xff);
        return length + header;
    };
    for (const std::string& start : {"{\"a\":"s, "{\"a\":{\"shape\":"s, ""s}) {
        const Refusal nested = refusal(file("{" + start + std::string(size, '[')), read);
        BOOST_TEST(nested.memory < 4 * size);
    }
}

BOOST_AUTO_TEST_CASE(names_in_a_safetensors_header_cost_some_multiple_of_it)
{
    std::string header = "{";
    constexpr std::size_t count = 50'000;
    for (std::size_t i = 0; i < count; ++i)
        header += fmt::format(R"({}"{}":{{"dtype":"U8","shape":[],"data_offsets":[0,1]}})", i ? "," : "", i);
    header += "}";
    std::string length(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(header.size() >> 8 * i & 0xff);
    const auto [text, memory] =
        refusal(length + header + "x", [](const std::string& path) { nn::io::read_safetensors(path); });
    BOOST_TEST(text.find("where the one before ends") != std::string::npos, text);
    BOOST_TEST(memory < 16 * header.size());
}

BOOST_AUTO_TEST_CASE(an_archive_that_was_made_small_stops_at_the_limit)
{
    if (!npz_is_available()) return;
    const TemporaryDirectory directory;
    const std::string path = directory.path("bomb.npz");
    write_npz(path, {{"zeros", Tensor<>::zeros({16 * static_cast<Index>(megabyte)})}}, Compression::yes);
    const std::string bytes = read_bytes(path);
    BOOST_TEST(bytes.size() < megabyte);
    const auto [text, memory] = refusal(bytes, [](const std::string& bomb) {
        NpzFile(bomb, {.decompressed_limit = 8 * megabyte}).read("zeros");
    });
    BOOST_TEST(text.find("raise ReadOptions::decompressed_limit") != std::string::npos, text);
    BOOST_TEST(memory < megabyte);
}

}  // namespace autodiff::tests
