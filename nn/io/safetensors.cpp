#include <nn/io/safetensors.hpp>

#include <nn/data/atomic_file.hpp>

#include <algorithm>
#include <bit>

namespace nn::io {

namespace {

using autodiff::Array;
using autodiff::Index;
using data::AnyArray;
using data::ElementType;

static_assert(std::endian::native == std::endian::little,
              "nn: safetensors are written as they lie in memory");

AnyArray read_array(Source& source, const SafetensorsEntry& entry)
{
    const auto read = [&]<class T>(std::type_identity<T>) -> AnyArray {
        return data::read_elements<T>(source, entry.shape, entry.type, std::endian::little);
    };
    switch (entry.type) {
        case ElementType::f64: return read(std::type_identity<double>{});
        case ElementType::f32: return read(std::type_identity<float>{});
        case ElementType::boolean: return read(std::type_identity<bool>{});
        default: return read(std::type_identity<Index>{});
    }
}

template <class T>
constexpr ElementType type_of = std::same_as<T, double>  ? ElementType::f64
                                : std::same_as<T, float> ? ElementType::f32
                                : std::same_as<T, Index> ? ElementType::i64
                                                         : ElementType::boolean;

}  // namespace

Safetensors read_safetensors(const std::string& path)
{
    Source source("read_safetensors", path, {.decompress = false});
    SafetensorsHeader header = read_safetensors_header(source);
    Safetensors content{.tensors = {}, .metadata = std::move(header.metadata)};
    for (const SafetensorsEntry& entry : header.entries)
        content.tensors.emplace(entry.name, read_array(source, entry));
    source.expect_end();
    return content;
}

void write_safetensors(const std::string& path, const Safetensors& content)
{
    SafetensorsHeader header{.entries = {}, .metadata = content.metadata};
    for (const auto& [name, array] : content.tensors) {
        if (name == "__metadata__")
            autodiff::fail<autodiff::DomainError>(
                "write_safetensors: a tensor cannot be called {}, which is the name of the texts", name);
        array.visit([&, &its_name = name]<class T>(const Array<T>& a) {
            const auto bytes = static_cast<std::uint64_t>(a.size()) * sizeof(T);
            header.entries.push_back({its_name, type_of<T>, a.shape(), 0, bytes});
        });
    }
    std::ranges::stable_sort(header.entries, std::ranges::greater{},
                             [](const SafetensorsEntry& e) { return data::byte_size(e.type); });
    std::uint64_t place = 0;
    for (SafetensorsEntry& entry : header.entries) {
        entry.begin = place;
        place = entry.end += place;
    }

    const std::string text = safetensors_header(header);
    data::AtomicFile file("write_safetensors", path);
    file.write(std::as_bytes(std::span(text)));
    for (const SafetensorsEntry& entry : header.entries)
        content.tensors.find(entry.name)->second.visit([&](const auto& a) {
            const auto elements = a.contiguous();
            file.write(std::as_bytes(std::span(elements.data(), static_cast<std::size_t>(elements.size()))));
        });
    file.commit();
}

}  // namespace nn::io
