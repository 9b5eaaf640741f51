// NumPy's files: what NumPy wrote, what it would read, round trips and damage.

#include "files.hpp"

#include <autodiff/ops/permute.hpp>

using namespace autodiff;
using namespace autodiff::tests;
using namespace nn::data;
using namespace std::string_literals;
using boost::test_tools::per_element;

namespace {

std::string numpy(const std::string& name) { return (data_directory / name).string(); }

const std::vector<double> counting{0, 0.25, 0.5, 0.75, 1, 1.25};

std::string with_header(const std::string& header)
{
    return "\x93NUMPY\1\0"s + static_cast<char>(header.size()) + '\0' + header;
}

std::string refused(const std::string& bytes)
{
    const TemporaryDirectory directory;
    const std::string path = directory.write("x.npy", bytes);
    return file_error([&] { read_npy(path); });
}

std::string written(const AnyArray& array)
{
    const TemporaryDirectory directory;
    write_npy(directory.path("x.npy"), array);
    return read_bytes(directory.path("x.npy"));
}

}  // namespace

BOOST_AUTO_TEST_CASE(npy_as_numpy_wrote_it)
{
    BOOST_TEST(read_npy(numpy("f8.npy")).shape() == (Shape{2, 3}));
    BOOST_TEST(read_npy(numpy("f8.npy")).to_vector() == counting, per_element());
    BOOST_TEST(read_npy<float>(numpy("f8.npy"))(1, 2) == 1.25f);
    BOOST_TEST(read_npy<float>(numpy("f4_scalar.npy")).item() == 0.5f);
    BOOST_TEST(read_npy<Index>(numpy("i2_big_endian_fortran.npy")).to_vector() ==
                   (std::vector<Index>{-2, -1, 0, 1, 2, 3}),
               per_element());
    BOOST_TEST(read_npy(numpy("u8.npy"))(1) == 0x1p63);
    BOOST_TEST(read_npy<bool>(numpy("bool.npy"))(1, 1));
    BOOST_TEST(!read_npy<bool>(numpy("bool.npy"))(1, 0));
    BOOST_TEST(read_npy<Index>(numpy("bool.npy")).to_vector() == (std::vector<Index>{1, 0, 0, 1}),
               per_element());
    BOOST_TEST(read_npy(numpy("empty.npy")).shape() == (Shape{0, 3}));
    BOOST_TEST(read_npy<Index>(numpy("version_2.npy"))(1, 2) == 5);
    BOOST_TEST(read_npy<Index>(numpy("version_3.npy"))(1, 2) == 5);
}

BOOST_AUTO_TEST_CASE(npy_is_written_as_numpy_writes_it)
{
    const Tensor<> x(Shape{2, 3}, counting);
    BOOST_TEST(written(x) == read_bytes(numpy("f8.npy")));
    BOOST_TEST(written(Tensor<float>(0.5f)) == read_bytes(numpy("f4_scalar.npy")));
    BOOST_TEST(written(BoolArray(Shape{2, 2}, {true, false, false, true})) == read_bytes(numpy("bool.npy")));
    BOOST_TEST(written(Tensor<float>::zeros({0, 3})) == read_bytes(numpy("empty.npy")));
}

BOOST_AUTO_TEST_CASE(npy_round_trips)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("x.npy");
    const IndexArray labels(Shape{3}, {-1, 0, std::numeric_limits<Index>::max()});
    write_npy(path, labels);
    BOOST_TEST(read_npy<Index>(path).to_vector() == labels.to_vector(), per_element());
    // A view is written as the elements that it shows; the file before it is replaced.
    const Tensor<> x(Shape{2, 3}, counting);
    write_npy(path, transpose(x));
    BOOST_TEST(read_npy(path).to_vector() == transpose(x).to_vector(), per_element());
    BOOST_TEST(read_npy(path).shape() == (Shape{3, 2}));
    BOOST_TEST(directory.file_count() == 1);
}

BOOST_AUTO_TEST_CASE(npy_headers_that_are_wrong)
{
    const std::string type = "{'descr': '<f8', ", order = "'fortran_order': False, ";
    BOOST_TEST(
        refused("\x93NUMPX\1\0"s) ==
        "read_npy: x.npy, offset 0: found 93 4e 55 4d 50 58; expected 93 4e 55 4d 50 59, with which a .npy "
        "file begins");
    BOOST_TEST(refused("\x93NUMPY\4\0"s) ==
               "read_npy: x.npy, offset 6: found version 4.0; expected 1.0, 2.0 or 3.0");
    BOOST_TEST(refused("\x93NUMPY\2\0\377\377\377\377"s) ==
               "read_npy: x.npy, offset 8: found a header of 4294967295 bytes; expected at most 65536");
    BOOST_TEST(refused(with_header("{'shape': 3}")) ==
               "read_npy: x.npy, offset 20: found \"3}\"; expected '('");
    BOOST_TEST(
        refused(with_header("{'size': 3}")) ==
        "read_npy: x.npy, offset 11: found \"'size': 3}\"; expected the key 'descr', 'fortran_order' or "
        "'shape'");
    BOOST_TEST(refused(with_header(type + type.substr(1))) ==
               "read_npy: x.npy, offset 27: found \"'descr': '<f8', \"; expected each key once");
    BOOST_TEST(refused(with_header(type + order + "}")) ==
               "read_npy: x.npy, offset 52: found the end of the header; expected the keys 'descr', "
               "'fortran_order' and 'shape' before the end");
    BOOST_TEST(refused(with_header(type + order + "'shape': (2, -1)}")) ==
               "read_npy: x.npy, offset 64: found \"-1)}\"; expected a size below 2^63");
    BOOST_TEST(refused(with_header(type + order + "'shape': (1,1,1,1,1,1,1,1,1)}")) ==
               "read_npy: x.npy, offset 77: found \"1)}\"; expected at most 8 axes");
    BOOST_TEST(refused(with_header(type + order + "'shape': (), } x")) ==
               "read_npy: x.npy, offset 66: found \"x\"; expected the end of the header");
    BOOST_TEST(
        refused(with_header("{'descr': '<f2'")) ==
        "read_npy: x.npy, offset 20: found \"'<f2'\"; expected '<', '>', '=' or '|' and one of b1, i1, i2, "
        "i4, i8, u1, u2, u4, u8, f4, f8");
    BOOST_TEST(file_error([] {
                   read_npy(numpy("complex.npy"));
               }).starts_with("read_npy: complex.npy, offset 20: found \"'<c16', 'fortran_order'"));
    BOOST_TEST(file_error([] {
                   read_npy(numpy("structure.npy"));
               }).ends_with("expected one type of element, not a structure"));
}

BOOST_AUTO_TEST_CASE(npy_sizes_that_promise_too_much_cost_nothing)
{
    const std::string start = "{'descr': '<f8', 'fortran_order': False, 'shape': ";
    BOOST_TEST(
        refused(with_header(start + "(1000000000000,)}")) ==
        "read_npy: x.npy, offset 77: found 0 bytes; expected 8000000000000 for the shape (1000000000000,) "
        "of f64");
    BOOST_TEST(
        refused(with_header(start + "(0, 9000000000000000000, 9)}")) ==
        "read_npy: x.npy, offset 88: found the shape (0, 9000000000000000000, 9); expected sizes whose "
        "product fits 64 bits");
}

BOOST_AUTO_TEST_CASE(npy_elements_convert_without_loss_of_meaning)
{
    BOOST_TEST(file_error([] { read_npy<Index>(numpy("u8.npy")); }) ==
               "read_npy: u8.npy, offset 136: found 9223372036854775808; expected integers below 2^63");
    BOOST_TEST(
        file_error([] { read_npy<Index>(numpy("f8.npy")); }) ==
        "read_npy: f8.npy, offset 128: found elements of type f64; expected integers, as the array is read "
        "as one of Index");
    BOOST_TEST(file_error([] { read_npy<bool>(numpy("version_2.npy")); }) ==
               "read_npy: version_2.npy, offset 128: found elements of type u32; expected bool");
}

BOOST_AUTO_TEST_CASE(npy_damaged_files_are_refused)
{
    for (const std::string name : {"f8.npy", "i2_big_endian_fortran.npy", "version_3.npy"})
        check_damaged(read_bytes(numpy(name)), ".npy", [](const std::string& path) { read_npy(path); });
}
