// NumPy's files of one array.

#include "reader.hpp"

#include <nn/data/npy.hpp>

namespace autodiff::tests {

namespace {

void run(std::string_view input)
{
    using namespace nn::data;
    Choices choices(input);
    const std::size_t choice = choices.byte();
    check_reader(choices.rest(), Place::offset, [choice](const std::string& path) {
        const ReadOptions options{.decompressed_limit = decompressed_limit};
        if (choice % 4 == 0) read_npy<double>(path, options);
        else if (choice % 4 == 1) read_npy<float>(path, options);
        else if (choice % 4 == 2) read_npy<Index>(path, options);
        else read_npy<bool>(path, options);
    });
}

std::string file(const std::string& header, const std::string& elements)
{
    const auto length = static_cast<char>(header.size());
    return std::string("\x93NUMPY\x01") + '\0' + length + '\0' + header + elements;
}

std::vector<std::string> seeds()
{
    using namespace std::string_literals;
    return {
        '\0' + file("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", std::string(16, '\1')),
        '\1' + file("{'descr': '>f4', 'fortran_order': True, 'shape': (2, 3), }", std::string(24, '\2')),
        '\2' + file("{'shape': (), 'descr': '|u1', 'fortran_order': False}", "\7"),
        '\2' + file("{'descr': '<u8', 'fortran_order': False, 'shape': (1L, 1), }", std::string(8, '\377')),
        '\3' + file("{'descr': '|b1', 'fortran_order': False, 'shape': (0, 4), }", ""),
        '\0' + file("{'descr': '=i2', 'fortran_order': True, 'shape': (1, 2, 2), }", std::string(8, '\0')),
        "\0\x93NUMPY\3\0\72\0\0\0"s + "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } " +
            std::string(8, '\0'),
    };
}

}  // namespace

const Target npy_target{"npy", run, seeds};

}  // namespace autodiff::tests
