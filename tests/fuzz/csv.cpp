// Files of comma-separated numbers.

#include "reader.hpp"

#include <nn/data/csv.hpp>

namespace autodiff::tests {

namespace {

/// The first byte chooses options; the rest is the file.
void run(std::string_view input)
{
    using namespace nn::data;
    Choices choices(input);
    const std::size_t choice = choices.byte();
    CsvOptions options{.delimiter = choice & 1 ? ';' : ',',
                       .header = (choice & 2) != 0,
                       .decompressed_limit = decompressed_limit};
    if (choice & 4) options.missing = 0;
    if (choice & 8 && options.header) options.columns = {"b"};
    check_reader(choices.rest(), Place::line, [&](const std::string& path) {
        if (choice & 16) read_csv<float>(path, options);
        else read_csv<double>(path, options);
    });
}

std::vector<std::string> seeds()
{
    using namespace std::string_literals;
    return {
        "\0001,2,3\n4,5,6\n"s,
        "\2a,b\r\n1e-3,-2.5\r\n+7,\"8\"\r\n"s,
        "\1"s + "1;2\n3;4",
        "\4"s + "1,,3\n,,\n\n5,6,7\n",
        "\12"s + "\"a\",\"b\",\"c\"\"d\"\n1, 2 ,3\n",
        "\20\xef\xbb\xbf"s + "nan,inf\n-0,1e400\n1e-400,1e-5000\n",
        "\2\"a\nb\",b\n1,2\n"s,
    };
}

}  // namespace

const Target csv_target{"csv", run, seeds};

}  // namespace autodiff::tests
