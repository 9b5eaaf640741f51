// Files of the format safetensors.

#include "reader.hpp"

#include <nn/io/safetensors.hpp>

namespace autodiff::tests {

namespace {

void run(std::string_view input)
{
    check_reader(input, Place::offset, [](const std::string& path) { nn::io::read_safetensors(path); });
}

std::string file(const std::string& header, const std::string& elements)
{
    std::string length(8, '\0');
    length[0] = static_cast<char>(header.size() & 0xff);
    length[1] = static_cast<char>(header.size() >> 8);
    return length + header + elements;
}

std::vector<std::string> seeds()
{
    const std::string a = R"("a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]})",
                      b = R"("b":{"dtype":"U8","shape":[1,2],"data_offsets":[16,18]})",
                      c = R"("c":{"dtype":"F32","shape":[0],"data_offsets":[18,18]})",
                      texts = R"("__metadata__":{"k":"\u00e4\n","l":""})";
    return {
        file("{" + a + "}", std::string(16, '\1')),
        file("{" + texts + "," + a + "," + b + "," + c + "}", std::string(18, '\2')),
        file("{" + b + "," + a + "}   ", std::string(18, '\3')),
        file("{}", ""),
    };
}

}  // namespace

const Target safetensors_target{"safetensors", run, seeds};

}  // namespace autodiff::tests
