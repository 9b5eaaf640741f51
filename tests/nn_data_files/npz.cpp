// NumPy's archives: what NumPy wrote, round trips, bombs and damage.

#include "files.hpp"

#include <autodiff/ops/permute.hpp>

#include <cerrno>

using namespace autodiff;
using namespace autodiff::tests;
using namespace nn::data;
using namespace std::string_literals;
using boost::test_tools::per_element;

namespace {

std::string numpy(const std::string& name) { return (data_directory / name).string(); }

}  // namespace

BOOST_AUTO_TEST_CASE(npz_without_libzip_says_so)
{
    if (npz_is_available()) return;
    BOOST_TEST(
        file_error([] { NpzFile(numpy("stored.npz")); }) ==
        "read_npz: stored.npz: this library was built without libzip; install it (libzip-dev) and build "
        "again");
}

BOOST_AUTO_TEST_CASE(npz_as_numpy_wrote_it)
{
    if (!npz_is_available()) return;
    for (const std::string name : {"stored.npz", "compressed.npz"}) {
        const NpzFile file(numpy(name));
        BOOST_TEST(file.names() == (std::vector<std::string>{"x", "labels"}), per_element());
        BOOST_TEST(file.read("x").to_vector() == (std::vector<double>{0, 0.25, 0.5, 0.75, 1, 1.25}),
                   per_element());
        BOOST_TEST(file.read<Index>("labels").to_vector() == (std::vector<Index>{1, 0}), per_element());
    }
}

BOOST_AUTO_TEST_CASE(npz_round_trips)
{
    if (!npz_is_available()) return;
    const TemporaryDirectory directory;
    const std::string path = directory.path("x.npz");
    const Tensor<> x{{1, 2, 3}, {4, 5, 6}};
    const BoolArray mask(Shape{2}, {true, false});
    for (const Compression compression : {Compression::no, Compression::yes}) {
        write_npz(path,
                  {{"layer.0/weight", transpose(x)}, {"mask", mask}, {"none", Tensor<float>::zeros({0})}},
                  compression);
        const NpzFile file(path);
        BOOST_TEST(file.names() == (std::vector<std::string>{"layer.0/weight", "mask", "none"}),
                   per_element());
        BOOST_TEST(file.read("layer.0/weight").to_vector() == transpose(x).to_vector(), per_element());
        BOOST_TEST(file.read<bool>("mask")(0));
        BOOST_TEST(file.read<float>("none").shape() == (Shape{0}));
        BOOST_TEST(directory.file_count() == 1);
        const std::string bytes = read_bytes(path);
        write_npz(path,
                  {{"layer.0/weight", transpose(x)}, {"mask", mask}, {"none", Tensor<float>::zeros({0})}},
                  compression);
        BOOST_TEST(read_bytes(path) == bytes);
    }
}

BOOST_AUTO_TEST_CASE(npz_says_what_is_wrong_and_where)
{
    if (!npz_is_available()) return;
    BOOST_TEST(file_error([] { NpzFile(numpy("stored.npz")).read("y"); }) ==
               "read_npz: stored.npz: found the arrays \"x\", \"labels\"; expected one named \"y\"");
    BOOST_TEST(
        file_error([] { NpzFile(numpy("stored.npz")).read<Index>("x"); }) ==
        "read_npz: stored.npz: x, offset 128: found elements of type f64; expected integers, as the array "
        "is read as one of Index");
    errno = ENOMEM;  // of what has failed before: no reason to say now that memory ran out
    BOOST_TEST(file_error([] { NpzFile(numpy("f8.npy")); }) ==
               "read_npz: f8.npy: Not a zip archive; expected a zip archive");
    BOOST_TEST(file_error([] { NpzFile("none.npz"); }) ==
               "read_npz: none.npz: No such file; expected a zip archive");
    BOOST_TEST(error_text<DomainError>([] {
                   write_npz("x.npz", {{"x", Tensor<>(1.0)}, {"x", Tensor<>(1.0)}});
               }) == "write_npz: the name \"x\" is empty or occurs twice; each array needs its own");
    BOOST_CHECK_THROW(write_npz("x.npz", {}), DomainError);
    BOOST_TEST(!std::filesystem::exists("x.npz"));
}

BOOST_AUTO_TEST_CASE(npz_decompresses_to_the_limit_and_no_further)
{
    if (!npz_is_available()) return;
    BOOST_TEST(NpzFile(numpy("zeros.npz")).read("x").size() == 100000);
    BOOST_TEST(NpzFile(numpy("zeros.npz"), {.decompressed_limit = 800128}).read("x").size() == 100000);
    BOOST_TEST(file_error([] { NpzFile(numpy("zeros.npz"), {.decompressed_limit = 800127}).read("x"); }) ==
               "read_npz: zeros.npz: x, offset 128: found the shape (100000,) of f64, which is 800000 bytes; "
               "expected at most 800127 in the file: raise ReadOptions::decompressed_limit if it is to be "
               "trusted");
}

BOOST_AUTO_TEST_CASE(npz_damaged_files_are_refused)
{
    if (!npz_is_available()) return;
    for (const std::string name : {"stored.npz", "compressed.npz"})
        check_damaged(read_bytes(numpy(name)), ".npz", [](const std::string& path) {
            const NpzFile file(path);
            for (const std::string& array : file.names()) file.read(array);
        });
}
