#pragma once

// Everything that the library writes.

#include <nn/nn.hpp>

#include <nn_data_files/files.hpp>

#include <functional>

namespace autodiff::tests {

struct Writer {
    std::string name;
    std::function<void(const std::string& path)> write;
};

inline std::vector<Writer> writers()
{
    const Tensor<> numbers = normal(Key(1), {30, 20});
    const auto with_model = [numbers](auto write) {
        return [numbers, write](const std::string& path) {
            Tensor<> weight = numbers;
            write(path, nn::Parameters<>{{"weight", &weight}});
        };
    };
    nn::History history;
    for (int epoch = 1; epoch <= 20; ++epoch)
        history.push_back({.epoch = epoch, .training_loss = 1.0 / epoch});

    std::vector<Writer> list{
        {"write_npy", [numbers](const std::string& path) { nn::data::write_npy(path, numbers); }},
        {"write_safetensors",
         [numbers](const std::string& path) {
             nn::io::write_safetensors(path, {.tensors = {{"numbers", numbers}}});
         }},
        {"save",
         with_model([](const std::string& path, const auto& parameters) { nn::io::save(path, parameters); })},
        {"write_checkpoint", with_model([history](const std::string& path, const auto& parameters) {
             nn::io::write_checkpoint(path, parameters, {}, history);
         })},
        {"write_csv", [history](const std::string& path) { history.write_csv(path); }},
    };
    if (nn::data::npz_is_available())
        for (const auto compression : {nn::data::Compression::no, nn::data::Compression::yes})
            list.push_back({"write_npz", [numbers, compression](const std::string& path) {
                                nn::data::write_npz(path, {{"numbers", numbers}}, compression);
                            }});
    return list;
}

/// What a writer's FileError says; nothing if it threw none.
inline std::string refusal(const Writer& writer, const std::string& path)
{
    try {
        writer.write(path);
    } catch (const nn::data::FileError& error) {
        return error.what();
    }
    return {};
}

}  // namespace autodiff::tests
