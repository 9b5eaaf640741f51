// Files of the format safetensors: as others write them, and as nobody should.

#include <autodiff/autodiff.hpp>
#include <nn/io/io.hpp>
#include <nn/linear.hpp>

#include "nn_data_files/files.hpp"

#include <cmath>
#include <limits>

using namespace autodiff;
using namespace autodiff::tests;
using boost::test_tools::per_element;
using nn::io::read_safetensors;
using nn::io::write_safetensors;

namespace {

std::string little_endian(std::uint64_t number)
{
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(number >> 8 * i & 0xff);
    return bytes;
}

std::string file_of(const std::string& header, const std::string& elements = "")
{
    return little_endian(header.size()) + header + elements;
}

/// The elements of a file's array, which is of T.
template <class T>
std::vector<T> elements(const nn::data::AnyArray& array)
{
    return array.visit([]<class U>(const Array<U>& a) {
        if constexpr (std::same_as<T, U>) return a.to_vector();
        BOOST_ERROR("an array of another type");
        return std::vector<T>();
    });
}

Shape shape_of(const nn::data::AnyArray& array)
{
    return array.visit([](const auto& a) { return a.shape(); });
}

std::string error_of(const std::string& bytes)
{
    const TemporaryDirectory directory;
    const std::string path = directory.write("a.safetensors", bytes);
    return file_error([&] { read_safetensors(path); });
}

struct Xor {
    nn::Linear<> hidden{2, 3, Key(1)}, output{3, 1, Key(2)};
    Tensor<> mean{0.5, 0.25};

    auto parameters()
    {
        auto list = nn::parameters("hidden", hidden, "output", output);
        list.state.push_back({"mean", &mean});
        return list;
    }
    std::vector<double> numbers()
    {
        std::vector<double> all = mean.to_vector();
        for (const auto& parameter : parameters())
            for (const double number : parameter.tensor->to_vector()) all.push_back(number);
        return all;
    }
};

}  // namespace

BOOST_AUTO_TEST_CASE(tensors_are_written_as_the_format_says)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("a.safetensors");
    write_safetensors(path, {.tensors = {{"b", IndexArray(Shape{1}, {-2})},
                                         {"a", Tensor<float>{1, 2}},
                                         {"c", BoolArray(Shape{1, 1}, {true})}},
                             .metadata = {{"say", "\"hi\"\n"}}});
    const std::string header =
        R"({"__metadata__":{"say":"\"hi\"\n"},"b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},)"
        R"("a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]},)"
        R"("c":{"dtype":"BOOL","shape":[1,1],"data_offsets":[16,17]}})";
    const std::string padding((8 - header.size() % 8) % 8, ' ');
    using namespace std::string_literals;
    BOOST_TEST(read_bytes(path) == file_of(header + padding, little_endian(static_cast<std::uint64_t>(-2)) +
                                                                 "\0\0\x80\x3f\0\0\0\x40\x01"s));
    BOOST_TEST(directory.file_count() == 1u);
}

BOOST_AUTO_TEST_CASE(elements_begin_at_a_multiple_of_their_size_whatever_the_names)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("a.safetensors");
    for (std::size_t length = 1; length <= 8; ++length) {
        write_safetensors(path, {.tensors = {{std::string(length, 'x'), Tensor<>{1, 2}}}, .metadata = {}});
        BOOST_TEST((read_bytes(path).size() - 2 * sizeof(double)) % 8 == 0u);
    }
}

BOOST_AUTO_TEST_CASE(tensors_come_back_to_the_bit)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("a.safetensors");
    const double tiny = std::numeric_limits<double>::denorm_min(), nan = std::nan("");
    write_safetensors(path, {.tensors = {{"numbers", Tensor<>{{0.1, -0.0, tiny}, {1e300, INFINITY, nan}}},
                                         {"transposed", transpose(Tensor<float>{{1, 2}, {3, 4}})},
                                         {"single", Tensor<>(3)},
                                         {"nothing", Tensor<>::zeros({0, 2})},
                                         {"\xc3\xa4/\"", IndexArray(Shape{2}, {1, -1})}},
                             .metadata = {{"", "x"}}});
    const auto [tensors, metadata] = read_safetensors(path);
    BOOST_TEST(tensors.size() == 5u);
    const auto numbers = elements<double>(tensors.at("numbers"));
    BOOST_TEST(numbers[0] == 0.1);
    BOOST_TEST(std::signbit(numbers[1]));
    BOOST_TEST(numbers[2] == tiny);
    BOOST_TEST(std::isnan(numbers[5]));
    BOOST_TEST(elements<float>(tensors.at("transposed")) == (std::vector<float>{1, 3, 2, 4}), per_element());
    BOOST_TEST((shape_of(tensors.at("single")) == Shape{}));
    BOOST_TEST((shape_of(tensors.at("nothing")) == Shape{0, 2}));
    BOOST_TEST(elements<Index>(tensors.at("\xc3\xa4/\"")) == (std::vector<Index>{1, -1}), per_element());
    BOOST_TEST(metadata.at("") == "x");
}

BOOST_AUTO_TEST_CASE(files_of_others_are_read_in_any_order_and_with_integers_of_any_size)
{
    const TemporaryDirectory directory;
    using namespace std::string_literals;
    const std::string path = directory.write(
        "a.safetensors",
        file_of(R"( {"x": {"shape": [2], "data_offsets": [2, 4], "dtype": "U8"}, )"s.substr(1) +
                    R"("y": {"dtype": "I16", "data_offsets": [0, 2], "shape": []}}   )",
                "\xfe\xff\x07\xff"s));
    const auto content = read_safetensors(path);
    BOOST_TEST(elements<Index>(content.tensors.at("x")) == (std::vector<Index>{7, 255}), per_element());
    BOOST_TEST(elements<Index>(content.tensors.at("y")) == (std::vector<Index>{-2}), per_element());
    BOOST_TEST(read_safetensors(directory.write("b.safetensors", file_of("{}"))).tensors.empty());

    // The length of this header begins with the bytes by which gzip's files are known.
    const std::string padded = "{}" + std::string(0x8b1f - 2, ' ');
    BOOST_TEST(read_safetensors(directory.write("c.safetensors", file_of(padded))).tensors.empty());
}

BOOST_AUTO_TEST_CASE(a_header_that_claims_too_much_is_refused)
{
    BOOST_TEST(
        error_of("abc") ==
        "read_safetensors: a.safetensors, offset 0: found 3 bytes; expected 8 for the length of the header");
    BOOST_TEST(
        error_of(little_endian(std::uint64_t{1} << 63)) ==
        "read_safetensors: a.safetensors, offset 0: found a header of 9223372036854775808 bytes; expected "
        "at most 100000000");
    BOOST_TEST(error_of(little_endian(100'000'000) + "{}") ==
               "read_safetensors: a.safetensors, offset 8: found 2 bytes; expected 100000000 for the header");
    const auto of_shape = [](const std::string& shape, const std::string& offsets = "[0, 8]") {
        return error_of(
            file_of(R"({"w": {"dtype": "F64", "shape": )" + shape + R"(, "data_offsets": )" + offsets + "}}",
                    std::string(8, '\0')));
    };
    BOOST_TEST(
        of_shape("[4611686018427387904, 4]") ==
        "read_safetensors: a.safetensors, offset 90: found the shape (4611686018427387904, 4); expected "
        "sizes whose product fits 64 bits");
    BOOST_TEST(of_shape("[0, 4611686018427387904, 4]", "[0, 0]").find("fits 64 bits") != std::string::npos);
    BOOST_TEST(
        of_shape("[2]") ==
        "read_safetensors: a.safetensors, offset 69: found \"w\" at data_offsets [0, 8]; expected 16 bytes, "
        "as its shape is (2,) of F64");
    BOOST_TEST(of_shape("[2]", "[0, 16]") ==
               "read_safetensors: a.safetensors, offset 70: found 8 bytes; expected 16 for the elements");
    BOOST_TEST(of_shape("[]", "[0, 18446744073709551615]").find("expected 8 bytes") != std::string::npos);
    BOOST_TEST(of_shape("[9223372036854775808]").find("expected a size below 2^63") != std::string::npos);
    BOOST_TEST(of_shape("[-1]").find("found -1 at \"w\"; expected a size below 2^63") != std::string::npos);
    BOOST_TEST(of_shape("[1e2]").find("found 1e2 at \"w\"") != std::string::npos);
    BOOST_TEST(of_shape("[1,1,1,1,1,1,1,1,1]").find("expected at most 8 axes") != std::string::npos);
    BOOST_TEST(of_shape("[]", "[0]").find("expected two, of begin and end") != std::string::npos);
    BOOST_TEST(of_shape("[]", "[0, 8, 8]").find("expected two offsets") != std::string::npos);
    BOOST_TEST(of_shape("[[1]]").find("found an array at \"w\"") != std::string::npos);
    BOOST_TEST(error_of(file_of("{}", "x")) ==
               "read_safetensors: a.safetensors, offset 10: found more bytes; expected the end of the file");
}

BOOST_AUTO_TEST_CASE(places_that_overlap_or_leave_a_gap_are_refused)
{
    const auto of_places = [](const std::string& first, const std::string& second) {
        return error_of(file_of(R"({"a": {"dtype": "U8", "shape": [4], "data_offsets": )" + first +
                                    R"(}, "b": {"dtype": "U8", "shape": [4], "data_offsets": )" + second +
                                    "}}",
                                std::string(8, '\0')));
    };
    BOOST_TEST(
        of_places("[0, 4]", "[2, 6]") ==
        "read_safetensors: a.safetensors, offset 128: found \"b\" at data_offsets [2, 6]; expected its begin "
        "at 4, where the one before ends");
    BOOST_TEST(of_places("[0, 4]", "[0, 4]").find("expected its begin at 4") != std::string::npos);
    BOOST_TEST(of_places("[0, 4]", "[5, 9]").find("expected its begin at 4") != std::string::npos);
    BOOST_TEST(of_places("[0, 4]", "[4, 0]").find("expected its begin at 4") != std::string::npos);
    BOOST_TEST(of_places("[1, 5]", "[5, 9]").find("expected its begin at 0") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_header_that_is_no_such_json_is_refused_where_it_ends_to_be)
{
    BOOST_TEST(error_of(file_of(R"({"a": )")).find("read_safetensors: a.safetensors, offset 14: found ") ==
               0u);
    BOOST_TEST(error_of(file_of("[]")) ==
               "read_safetensors: a.safetensors, offset 8: found \"[\"; expected '{'");
    BOOST_TEST(error_of(file_of("")).find("expected '{'") != std::string::npos);
    BOOST_TEST(error_of(file_of("{} {}")).find("expected JSON") != std::string::npos);
    BOOST_TEST(error_of(file_of("{\"\xff\": {}}")).find("expected JSON") != std::string::npos);
    BOOST_TEST(error_of(file_of(R"({"a": null})")) ==
               "read_safetensors: a.safetensors, offset 18: found null at \"a\"; expected an object with the "
               "entries of a tensor");
    BOOST_TEST(error_of(file_of(R"({"a": {}})")).find("expected \"dtype\"") != std::string::npos);
    BOOST_TEST(error_of(file_of(R"({"a": {"dtype": "F16", "x": 0}})"))
                   .find("found \"F16\" at \"a\"; expected one of BOOL, U8, ") != std::string::npos);
    BOOST_TEST(
        error_of(file_of(R"({"a": {"type": 0}})")).find("found \"type\" at \"a\"; expected \"dtype\"") !=
        std::string::npos);
    BOOST_TEST(error_of(file_of(R"({"a": {"dtype": ["F32"]}})")).find("expected a text") !=
               std::string::npos);
    BOOST_TEST(error_of(file_of(R"({"a": {"dtype": {}}})")).find("found an object") != std::string::npos);
    BOOST_TEST(error_of(file_of(R"({"__metadata__": {"a": 1}})"))
                   .find("found 1 at \"__metadata__\"; expected a text") != std::string::npos);
    const std::string tensor = R"({"dtype": "U8", "shape": [0], "data_offsets": [0, 0]})";
    BOOST_TEST(error_of(file_of("{\"a\": " + tensor + ", \"a\": " + tensor + "}"))
                   .find("found \"a\" once more at \"a\"; expected each name once") != std::string::npos);
    BOOST_TEST(error_of(file_of(R"({"a": {"dtype": "U8", "dtype": "U8"}})")).find("each name once") !=
               std::string::npos);
    // A million brackets are refused at the first that does not belong there.
    BOOST_TEST(
        error_of(file_of(R"({"a": {"shape": )" + std::string(1'000'000, '[') + "}}")).find("offset 26: ") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_or_read)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("a.safetensors");
    write_safetensors(path, {.tensors = {{"a", Tensor<>{1, 2, 3}}, {"b", Tensor<float>{{1, 2}}}},
                             .metadata = {{"key", "text"}}});
    check_damaged(read_bytes(path), ".safetensors", [](const std::string& p) { read_safetensors(p); });
}

BOOST_AUTO_TEST_CASE(names_that_the_format_cannot_hold_are_refused_before_anything_is_written)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("a.safetensors");
    BOOST_CHECK_THROW(write_safetensors(path, {.tensors = {{"__metadata__", Tensor<>(1)}}}), DomainError);
    BOOST_CHECK_THROW(write_safetensors(path, {.tensors = {{"\xff", Tensor<>(1)}}}), DomainError);
    BOOST_CHECK_THROW(write_safetensors(path, {.tensors = {}, .metadata = {{"a", "\xff"}}}), DomainError);
    BOOST_TEST(directory.file_count() == 0u);
    BOOST_CHECK_THROW(write_safetensors(directory.path("none/a"), {.tensors = {}}), nn::data::FileError);
}

BOOST_AUTO_TEST_CASE(a_model_is_saved_with_its_state_and_loaded_to_the_bit)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("xor.safetensors");
    Xor model;
    nn::io::save(path, model, {{"task", "xor"}});
    const std::vector<double> before = model.numbers();
    Xor other{.hidden = {2, 3, Key(3)}, .output = {3, 1, Key(4)}, .mean = {0, 0}};
    BOOST_TEST((other.numbers() != before));
    BOOST_TEST(nn::io::load(path, other).at("task") == "xor");
    BOOST_TEST(other.numbers() == before, per_element());
}

BOOST_AUTO_TEST_CASE(a_file_that_does_not_fit_the_model_changes_nothing)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("xor.safetensors");
    write_safetensors(path, {.tensors = {{"hidden.weight", Tensor<>::zeros({3, 2})},
                                         {"hidden.bias", Tensor<>::zeros({2})},
                                         {"output.weight", Tensor<float>::zeros({1, 3})},
                                         {"mean", Tensor<>::zeros({2})},
                                         {"outputs.bias", Tensor<>::zeros({1})}}});
    Xor model;
    const std::vector<double> before = model.numbers();
    BOOST_TEST(
        file_error([&] { nn::io::load(path, model); }) ==
        "load: xor.safetensors: the tensors do not fit the model: it lacks output.bias; hidden.bias is "
        "double (2,), "
        "not double (3,), output.weight is float (1, 3), not double (1, 3); the model lacks outputs.bias");
    BOOST_TEST(model.numbers() == before, per_element());
    nn::io::save(path, model);
    BOOST_CHECK_THROW(gradient(
                          [&] {
                              nn::io::load(path, model);
                              return sum(model.mean);
                          },
                          model.parameters()),
                      RecordingError);
}
