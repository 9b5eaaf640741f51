// IDX: all types, gzip, and headers that lie.

#include "files.hpp"

using namespace autodiff;
using namespace autodiff::tests;
using namespace nn::data;
using namespace std::string_literals;

namespace {

/// The IDX file of two images of 2 x 2 pixels.
const std::string images = "\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\2\0\1\2\3\374\375\376\377"s;

struct WithType {
    int code;
    std::string bytes;
    std::vector<double> values;
};

std::string of_type(const WithType& file)
{
    const std::string magic = "\0\0"s + static_cast<char>(file.code) + '\1';
    return magic + "\0\0\0"s + static_cast<char>(file.values.size()) + file.bytes;
}

std::string refused(const std::string& bytes)
{
    const TemporaryDirectory directory;
    const std::string path = directory.write("x.idx", bytes);
    return file_error([&] { read_idx(path); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(idx_images_and_labels)
{
    const TemporaryDirectory directory;
    const std::string path = directory.write("x.idx", images);
    const Tensor<float> pixels = read_idx<float>(path);
    BOOST_TEST(pixels.shape() == (Shape{2, 2, 2}));
    BOOST_TEST(pixels.to_vector() == (std::vector<float>{0, 1, 2, 3, 252, 253, 254, 255}),
               boost::test_tools::per_element());
    BOOST_TEST(read_idx<Index>(path).to_vector() == (std::vector<Index>{0, 1, 2, 3, 252, 253, 254, 255}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(idx_elements_of_every_type_are_big_endian)
{
    const TemporaryDirectory directory;
    for (const WithType& file : {WithType{0x08, "\1\377"s, {1, 255}}, WithType{0x09, "\1\377"s, {1, -1}},
                                 WithType{0x0b, "\1\2\377\376"s, {258, -2}},
                                 WithType{0x0c, "\0\1\0\2\377\377\377\376"s, {65538, -2}},
                                 WithType{0x0d, "\x3f\x80\0\0\xc0\x20\0\0"s, {1, -2.5}},
                                 WithType{0x0e, "\x3f\xf0\0\0\0\0\0\0\xc0\x04\0\0\0\0\0\0"s, {1, -2.5}}}) {
        const std::string path = directory.write("x.idx", of_type(file));
        BOOST_TEST(read_idx(path).to_vector() == file.values, boost::test_tools::per_element());
        if (file.code < 0x0d) BOOST_TEST(read_idx<Index>(path)(1) == static_cast<Index>(file.values[1]));
        else
            BOOST_TEST(
                file_error([&] { read_idx<Index>(path); }) ==
                fmt::format("read_idx: x.idx, offset 8: found elements of type f{}; expected integers, "
                            "as the array is read as one of Index",
                            file.code == 0x0d ? 32 : 64));
    }
}

BOOST_AUTO_TEST_CASE(idx_says_what_is_wrong_and_where)
{
    BOOST_TEST(refused("") == "read_idx: x.idx, offset 0: found 0 bytes; expected 4 for the magic number");
    BOOST_TEST(refused("\0\1\10\1"s) ==
               "read_idx: x.idx, offset 0: found 00 01 08 01; expected 00 00, with which an IDX file begins");
    BOOST_TEST(refused("\0\0\12\1"s) ==
               "read_idx: x.idx, offset 2: found the element type 0a; expected 08, 09, 0b, 0c, 0d or 0e");
    BOOST_TEST(refused("\0\0\10\11"s) == "read_idx: x.idx, offset 3: found 9 axes; expected 1 to 8");
    BOOST_TEST(refused("\0\0\10\0"s) == "read_idx: x.idx, offset 3: found 0 axes; expected 1 to 8");
    BOOST_TEST(refused(images.substr(0, 20)) ==
               "read_idx: x.idx, offset 16: found 4 bytes; expected 8 for the shape (2, 2, 2) of u8");
    BOOST_TEST(refused(images + "\0"s) ==
               "read_idx: x.idx, offset 24: found more bytes; expected the end of the file");
}

BOOST_AUTO_TEST_CASE(idx_headers_that_promise_too_much_cost_nothing)
{
    const std::string four_billion = "\377\377\377\377"s;
    BOOST_TEST(
        refused("\0\0\10\1"s + four_billion + "\1") ==
        "read_idx: x.idx, offset 8: found 1 bytes; expected 4294967295 for the shape (4294967295,) of u8");
    BOOST_TEST(
        refused("\0\0\10\3"s + four_billion + four_billion + four_billion + "\1") ==
        "read_idx: x.idx, offset 16: found the shape (4294967295, 4294967295, 4294967295); expected sizes "
        "whose product fits 64 bits");
    // One size of 0 does not excuse the others.
    BOOST_TEST(
        refused("\0\0\10\4\0\0\0\0"s + four_billion + four_billion + four_billion) ==
        "read_idx: x.idx, offset 20: found the shape (0, 4294967295, 4294967295, 4294967295); expected "
        "sizes whose product fits 64 bits");
}

BOOST_AUTO_TEST_CASE(idx_damaged_files_are_refused)
{
    check_damaged(images, ".idx", [](const std::string& path) { read_idx(path); });
}

BOOST_AUTO_TEST_CASE(gzip_is_known_by_its_content)
{
    const TemporaryDirectory directory;
    const std::string bytes = read_bytes(data_directory / "images.idx.gz");
    const std::string path = directory.write("images", bytes);
    if (!has_gzip) {
        BOOST_TEST(
            file_error([&] { read_idx(path); }) ==
            "read_idx: images, offset 0: found a file made by gzip, but this library was built without "
            "Boost.Iostreams; install it (libboost-iostreams-dev) and build again, or decompress the file");
        return;
    }
    BOOST_TEST(read_idx(path)(1, 1, 1) == 255);
    // Concatenated files are the concatenation of their contents (RFC 1952, section 2.2).
    directory.write("images", bytes + bytes);
    BOOST_TEST(file_error([&] { read_idx(path); }) ==
               "read_idx: images (decompressed), offset 24: found more bytes; expected the end of the file");
    directory.write("images", bytes + "x");
    BOOST_TEST(file_error([&] { read_idx(path); }) ==
               "read_idx: images (decompressed), offset 24: gzip's header is damaged, or other bytes follow "
               "its data");
    directory.write("images", bytes.substr(0, bytes.size() - 9));
    BOOST_TEST(
        file_error([&] { read_idx(path); }) ==
        "read_idx: images (decompressed), offset 24: the file ends within gzip's data; it is incomplete");
}

BOOST_AUTO_TEST_CASE(gzip_damaged_files_are_refused)
{
    if (!has_gzip) return;
    check_damaged(read_bytes(data_directory / "images.idx.gz"), ".gz",
                  [](const std::string& path) { read_idx(path); });
}

BOOST_AUTO_TEST_CASE(gzip_decompresses_to_the_limit_and_no_further)
{
    if (!has_gzip) return;
    const std::string path = (data_directory / "images.idx.gz").string();
    BOOST_TEST(read_idx(path, {.decompressed_limit = 24}).size() == 8);
    BOOST_TEST(
        file_error([&] { read_idx(path, {.decompressed_limit = 23}); }) ==
        "read_idx: images.idx.gz (decompressed), offset 16: found the shape (2, 2, 2) of u8, which is 8 "
        "bytes; expected at most 23 in the file: raise ReadOptions::decompressed_limit if it is to be "
        "trusted");
    // A reader that does not know beforehand how much there is.
    BOOST_TEST(file_error([&] { nn::data::read_csv(path, {.decompressed_limit = 23}); }) ==
               "read_csv: images.idx.gz (decompressed), offset 23: found more bytes; expected at most 23 in "
               "the file: raise "
               "ReadOptions::decompressed_limit if it is to be trusted");
}
