// CSV: RFC 4180, and where a line is wrong.

#include "files.hpp"

#include <cmath>

using namespace autodiff;
using namespace autodiff::tests;
using namespace nn::data;
using boost::test_tools::per_element;

namespace {

template <class T = double>
Table<T> read(std::string_view text, const CsvOptions& options = {})
{
    const TemporaryDirectory directory;
    return read_csv<T>(directory.write("x.csv", text), options);
}

std::string refused(std::string_view text, const CsvOptions& options = {})
{
    const TemporaryDirectory directory;
    const std::string path = directory.write("x.csv", text);
    return file_error([&] { read_csv(path, options); });
}

}  // namespace

BOOST_AUTO_TEST_CASE(csv_numbers)
{
    const auto table = read("1,2.5\r\n-3e2,+.5\n");
    BOOST_TEST(table.values.shape() == (Shape{2, 2}));
    BOOST_TEST(table.values.to_vector() == (std::vector<double>{1, 2.5, -300, .5}), per_element());
    BOOST_TEST(table.names.empty());
    BOOST_TEST(read("1;2", {.delimiter = ';'}).values.shape() == (Shape{1, 2}));
    BOOST_TEST(read("\xef\xbb\xbf"
                    "7")
                   .values(0, 0) == 7);
    BOOST_TEST(read("\n 1 ,\t2\t\n\r\n\n3,4\n\n").values.to_vector() == (std::vector<double>{1, 2, 3, 4}),
               per_element());
    BOOST_TEST(std::isnan(read("nan").values.item()));
    BOOST_TEST(read<float>("0.1").values.item() == 0.1f);
    BOOST_TEST(read<float>("1e-60").values.item() == 0);
    BOOST_TEST(read<float>("-1e-400").values.item() == 0);
    BOOST_TEST(read<double>("1e-400").values.item() == 0);
}

BOOST_AUTO_TEST_CASE(csv_names_and_quotes)
{
    const auto [names, values] = read("a,\"b, \"\"the\r\nsecond\"\"\"\n1,\"2\"\n", {.header = true});
    BOOST_TEST(names == (std::vector<std::string>{"a", "b, \"the\r\nsecond\""}), per_element());
    BOOST_TEST(values.to_vector() == (std::vector<double>{1, 2}), per_element());
    BOOST_TEST(read("a,b\n", {.header = true}).values.shape() == (Shape{0, 2}));
}

BOOST_AUTO_TEST_CASE(csv_columns_by_name)
{
    const auto [names, values] =
        read("x,species,y\n1,cat,2\n3,\"dog\",4\n", {.header = true, .columns = {"y", "x"}});
    BOOST_TEST(names == (std::vector<std::string>{"y", "x"}), per_element());
    BOOST_TEST(values.to_vector() == (std::vector<double>{2, 1, 4, 3}), per_element());
    BOOST_TEST(refused("x,y\n", {.header = true, .columns = {"z"}}) ==
               R"(read_csv: x.csv, line 1: found the columns "x", "y"; expected one named "z")");
    BOOST_TEST(error_text<DomainError>([] { read("x,y\n", {.columns = {"x"}}); }) ==
               "read_csv: columns are chosen by name, but there is no header; set CsvOptions::header");
}

BOOST_AUTO_TEST_CASE(csv_missing_values)
{
    BOOST_TEST(
        read("1,\n,\"\"\n", {.missing = -1}).values.to_vector() == (std::vector<double>{1, -1, -1, -1}),
        per_element());
    BOOST_TEST(
        refused("1,\n") ==
        "read_csv: x.csv, line 1: found \"\" in column 2; expected a number; CsvOptions::missing says what "
        "an empty field stands for");
}

BOOST_AUTO_TEST_CASE(csv_says_what_is_wrong_and_where)
{
    BOOST_TEST(refused("") == "read_csv: x.csv, line 1: found no line; expected one at least");
    BOOST_TEST(refused("\n", {.header = true}) ==
               "read_csv: x.csv, line 2: found no line; expected the names of the columns");
    BOOST_TEST(
        refused("length,width\n1,2\n") ==
        "read_csv: x.csv, line 1: found \"length\" in column 1; expected a number; if this line names the "
        "columns, set CsvOptions::header");
    BOOST_TEST(refused("length,width\n1,2\n\n3,4 cm\n", {.header = true}) ==
               "read_csv: x.csv, line 4: found \"4 cm\" in column 2 (\"width\"); expected a number");
    BOOST_TEST(refused("\"a\nb\"\n\"1\n\"\n", {.header = true}) ==
               R"(read_csv: x.csv, line 3: found "1\x0a" in column 1 ("a\x0ab"); expected a number)");
    BOOST_TEST(refused("1,2\n3,4,5\n") ==
               "read_csv: x.csv, line 2: found 3 fields; expected 2, as in line 1");
    BOOST_TEST(refused("1,2\n3\n") == "read_csv: x.csv, line 2: found 1 fields; expected 2, as in line 1");
    BOOST_TEST(
        refused("1e999\n") ==
        "read_csv: x.csv, line 1: found \"1e999\" in column 1; expected a number that a double can hold");
    BOOST_TEST(
        refused("1,2\n3,\"4") ==
        "read_csv: x.csv, line 2: found the end of the file in column 2; expected a quote that closes the "
        "field");
    BOOST_TEST(
        refused("\"1\"2\n") ==
        "read_csv: x.csv, line 1: found \"2\" after the quote that closes column 1; expected a delimiter "
        "or the end of the line");
    BOOST_TEST(
        refused("1\"2\"\n") ==
        "read_csv: x.csv, line 1: found a quote after \"1\" in column 1; expected none but around a whole "
        "field");
    BOOST_TEST(refused("1\n" + std::string(60, 'x')) == "read_csv: x.csv, line 2: found \"" +
                                                            std::string(40, 'x') +
                                                            "…\" in column 1; expected a number");
    BOOST_TEST(
        refused(fmt::format("\"{}1\"", std::string(1 << 24, '1'))) ==
        "read_csv: x.csv, line 1: found more than 16777216 bytes; expected the end of the line: is a quote "
        "left open?");
    for (const std::string_view text : {"--1", "+-1", "++1", "1 2", "0x10", "1\r2", "1\r", "-", "+", "."})
        BOOST_CHECK_THROW(read(text), FileError);
}

BOOST_AUTO_TEST_CASE(csv_lines_of_empty_fields_end_as_others_do)
{
    const TemporaryDirectory directory;
    std::string commas(1 << 20, ',');
    const std::string path = directory.write("x.csv", commas);
    BOOST_TEST(file_error([&] { read_csv(path, {.missing = 0}); }) ==
               "read_csv: x.csv, line 1: found more than 1048576 fields; expected the end of the line");
    commas.pop_back();
    directory.write("x.csv", commas);
    BOOST_TEST(read_csv(path, {.missing = 0}).values.shape() == (Shape{1, 1 << 20}));
}

BOOST_AUTO_TEST_CASE(csv_lines_may_end_anywhere_in_the_buffer)
{
    for (const std::string line_end : {"\n", "\r\n"})
        for (const std::size_t padding : {65529u, 65530u, 65531u, 65532u, 65533u, 65534u, 65535u, 65536u}) {
            const std::string text = std::string(padding, ' ') + "1,\"2\"" + line_end + "3,4" + line_end;
            BOOST_TEST(read(text).values.to_vector() == (std::vector<double>{1, 2, 3, 4}), per_element());
        }
}

BOOST_AUTO_TEST_CASE(csv_of_random_characters_is_read_or_refused)
{
    constexpr std::string_view characters = "01.,,,\"\"\r\n\n ex";
    const TemporaryDirectory directory;
    Random random(1);
    int were_read = 0;
    for (int i = 0; i < 3000; ++i) {
        std::string text(random.below(12), ' ');
        for (char& c : text) c = characters[random.below(characters.size())];
        try {
            const auto table = read_csv(directory.write("x.csv", text), {.missing = 0});
            were_read += table.values.rank() == 2;
        } catch (const FileError&) {
        }
    }
    BOOST_TEST(were_read > 100);
}
