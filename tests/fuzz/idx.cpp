// IDX files: as they are, and as gzip compresses them.

#include "compressed.hpp"
#include "reader.hpp"

#include <nn/data/idx.hpp>

namespace autodiff::tests {

namespace {

/// The first byte chooses the kind of number, and whether the rest is compressed on the way to the file.
void run(std::string_view input)
{
    using namespace nn::data;
    Choices choices(input);
    const std::size_t choice = choices.byte();
    const std::string bytes = choice & 4 ? gzip_compressed(choices.rest()) : std::string(choices.rest());
    check_reader(bytes, Place::offset, [choice](const std::string& path) {
        const ReadOptions options{.decompressed_limit = decompressed_limit};
        if ((choice & 3) == 0) read_idx<double>(path, options);
        else if ((choice & 3) == 1) read_idx<float>(path, options);
        else read_idx<Index>(path, options);
    });
}

std::vector<std::string> seeds()
{
    using namespace std::string_literals;
    const std::string images = "\0\0\10\3\0\0\0\2\0\0\0\2\0\0\0\3\0\1\2\3\4\5\372\373\374\375\376\377"s,
                      labels = "\0\0\10\1\0\0\0\4\0\1\2\11"s,
                      doubles = "\0\0\16\1\0\0\0\2\77\360\0\0\0\0\0\0\300\0\0\0\0\0\0\0"s,
                      integers = "\0\0\14\2\0\0\0\1\0\0\0\2\0\0\0\7\377\377\377\377"s;
    std::vector<std::string> list;
    for (const std::string& file : {images, labels, doubles, integers})
        for (const char choice : {'\0', '\1', '\2', '\4', '\6'}) list.push_back(choice + file);
    list.push_back('\0' + gzip_compressed(images));
    list.push_back('\2' + gzip_compressed(labels));
    return list;
}

}  // namespace

const Target idx_target{"idx", run, seeds};

}  // namespace autodiff::tests
