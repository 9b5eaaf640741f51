// NumPy's archives, which are zip archives of .npy files.

#include "reader.hpp"

#include <nn/data/npz.hpp>

#include <iterator>

namespace autodiff::tests {

namespace {

using namespace nn::data;

void run(std::string_view input)
{
    check_reader(input, Place::none, [](const std::string& path) {
        const NpzFile file(path, {.decompressed_limit = decompressed_limit});
        const auto names = file.names();
        constexpr std::size_t most = 8;  // the others would cost time and tell nothing
        for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
            file.read<float>(names[i]);
            file.read<double>(names[i]);
        }
    });
}

std::vector<std::string> seeds()
{
    if (!npz_is_available()) return {"PK\3\4"};
    const TemporaryDirectory directory;
    const std::string path = directory.path("seed.npz");
    std::vector<std::string> list;
    for (const Compression compression : {Compression::no, Compression::yes}) {
        write_npz(path, {{"a", Tensor<>{1, 2, 3}}, {"b", Tensor<float>::ones({2, 2})}}, compression);
        std::ifstream file(path, std::ios::binary);
        list.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return list;
}

}  // namespace

const Target npz_target{"npz", run, seeds};

}  // namespace autodiff::tests
