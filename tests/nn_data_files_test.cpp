// Files of others' formats: what they hold, and what is refused.

#include "nn_data_files/files.hpp"

#include <nn/data/source.hpp>

#include <algorithm>
#include <memory>

using namespace autodiff;
using namespace autodiff::tests;
using namespace nn::data;

BOOST_AUTO_TEST_CASE(a_missing_file_is_named)
{
    BOOST_TEST(error_text<FileError>([] { read_idx("none.idx"); }) ==
               "read_idx: none.idx: No such file or directory");
    BOOST_TEST(error_text<FileError>([] { read_csv("none.csv"); }) ==
               "read_csv: none.csv: No such file or directory");
    BOOST_TEST(error_text<FileError>([] { read_npy("none.npy"); }) ==
               "read_npy: none.npy: No such file or directory");
    BOOST_TEST(error_text<FileError>([] { write_npy("none/x.npy", Tensor<>{1, 2}); }) ==
               "write_npy: none/x.npy: cannot make a file there: No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_directory_is_no_file)
{
    BOOST_TEST(error_text<FileError>([] { read_idx("/"); }) == "read_idx: /, offset 0: Is a directory");
}

// As of a compressed one, of which nobody knows how much there is until it is read.
BOOST_AUTO_TEST_CASE(a_stream_of_unknown_length_that_lacks_its_last_byte_is_refused)
{
    class Zeros final : public Stream {
    public:
        explicit Zeros(std::size_t count) : left_(count) {}
        std::size_t read(std::span<std::byte> out) override
        {
            const std::size_t count = std::min(left_, out.size());
            std::fill_n(out.begin(), count, std::byte{});
            left_ -= count;
            return count;
        }

    private:
        std::size_t left_;
    };
    const auto source = [](std::size_t count) {
        return Source("read", "zeros", std::make_unique<Zeros>(count), 100);
    };
    BOOST_TEST(source(24).take(24, "a row").size() == 24u);
    BOOST_TEST(error_text<FileError>([&] { source(23).take(24, "a row"); }) ==
               "read: zeros, offset 0: found 23 bytes; expected 24 for a row");
}

BOOST_AUTO_TEST_CASE(fashion_mnist_names_the_cure_when_it_is_not_there)
{
    BOOST_TEST(
        error_text<FileError>([] { fashion_mnist("none"); }) ==
        "fashion_mnist: there is no none/train-images-idx3-ubyte or train-images-idx3-ubyte.gz; install "
        "them with apt-get install dataset-fashion-mnist, or name the directory that has them");
}

BOOST_AUTO_TEST_CASE(fashion_mnist_checks_that_images_and_labels_fit)
{
    using namespace std::string_literals;
    const TemporaryDirectory directory;
    directory.write("train-images-idx3-ubyte", "\0\0\10\3\0\0\0\1\0\0\0\1\0\0\0\1\377"s);
    directory.write("t10k-images-idx3-ubyte", "\0\0\10\3\0\0\0\1\0\0\0\1\0\0\0\1\063"s);
    directory.write("t10k-labels-idx1-ubyte", "\0\0\10\1\0\0\0\1\11"s);
    const auto read = [&] { return fashion_mnist(directory.path("")); };

    directory.write("train-labels-idx1-ubyte", "\0\0\10\1\0\0\0\2\0\0"s);
    BOOST_TEST(error_text<FileError>(read) ==
               fmt::format("fashion_mnist: {} has the shape (2,); expected (1,), as there are images",
                           directory.path("train-labels-idx1-ubyte")));
    directory.write("train-labels-idx1-ubyte", "\0\0\10\1\0\0\0\1\12"s);
    BOOST_TEST(error_text<FileError>(read) ==
               fmt::format("fashion_mnist: {} has the label 10; expected 0 to 9",
                           directory.path("train-labels-idx1-ubyte")));
    directory.write("train-labels-idx1-ubyte", "\0\0\10\1\0\0\0\1\7"s);
    const auto data = read();
    const auto& [images, labels] = data.training.arrays();
    BOOST_TEST(images.shape() == (Shape{1, 1, 1}));
    BOOST_TEST(images(0, 0, 0) == 1);
    BOOST_TEST(labels(0) == 7);
    BOOST_TEST(std::get<0>(data.test.arrays())(0, 0, 0) == 0.2f);
}

BOOST_AUTO_TEST_CASE(fashion_mnist_is_read_where_it_is_installed)
{
    if (!has_gzip || !std::filesystem::exists("/usr/share/datasets/fashion-mnist")) return;
    const auto data = fashion_mnist();
    const auto& [images, labels] = data.training.arrays();
    BOOST_TEST(images.shape() == (Shape{60000, 28, 28}));
    BOOST_TEST(data.test.size() == 10000);
    const std::vector<Index> first(labels.data(), labels.data() + 4);
    BOOST_TEST(first == (std::vector<Index>{9, 0, 0, 3}), boost::test_tools::per_element());
    BOOST_TEST(fashion_mnist_classes[9] == "Ankle boot");
    // The mean and standard deviation that are quoted for it, 0.2860 and 0.3530.
    double sum = 0, squares = 0;
    for (Index i = 0; i < images.size(); ++i) {
        const double pixel = static_cast<double>(images.array().data()[i]);
        sum += pixel;
        squares += pixel * pixel;
    }
    const double mean = sum / static_cast<double>(images.size());
    BOOST_TEST(std::abs(mean - 0.2860) < 5e-5);
    BOOST_TEST(std::abs(std::sqrt(squares / static_cast<double>(images.size()) - mean * mean) - 0.3530) <
               5e-5);
}
