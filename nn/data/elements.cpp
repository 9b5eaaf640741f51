#include <nn/data/elements.hpp>

#include <algorithm>
#include <cstring>
#include <limits>

namespace nn::data {

namespace {

/// f(type_identity<U>), U being the type of C++ that has the bytes of a file's type.
template <class F>
auto with_type(ElementType type, F f)
{
    switch (type) {
        case ElementType::boolean: return f(std::type_identity<bool>{});
        case ElementType::u8: return f(std::type_identity<std::uint8_t>{});
        case ElementType::i8: return f(std::type_identity<std::int8_t>{});
        case ElementType::u16: return f(std::type_identity<std::uint16_t>{});
        case ElementType::i16: return f(std::type_identity<std::int16_t>{});
        case ElementType::u32: return f(std::type_identity<std::uint32_t>{});
        case ElementType::i32: return f(std::type_identity<std::int32_t>{});
        case ElementType::u64: return f(std::type_identity<std::uint64_t>{});
        case ElementType::i64: return f(std::type_identity<std::int64_t>{});
        case ElementType::f32: return f(std::type_identity<float>{});
        case ElementType::f64: break;
    }
    return f(std::type_identity<double>{});
}

template <class U>
U loaded(const std::byte* bytes, bool swap)
{
    if constexpr (std::same_as<U, bool>) {
        return *bytes != std::byte{0};
    } else {
        std::array<std::byte, sizeof(U)> ordered;
        std::memcpy(ordered.data(), bytes, sizeof(U));
        if (swap) std::reverse(ordered.begin(), ordered.end());
        return std::bit_cast<U>(ordered);
    }
}

/// Whether every U has a place among the T.
template <class U, class T>
constexpr bool converts =
    std::same_as<U, T> || std::floating_point<T> || (std::same_as<T, Index> && std::integral<U>);

template <class U, class T>
void convert(const Source& source, std::uint64_t offset, std::span<const std::byte> bytes, bool swap, T* out)
{
    if constexpr (std::same_as<U, T> && !std::same_as<T, bool>)
        if (!swap) {
            std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<std::byte*>(out));
            return;
        }
    for (std::size_t i = 0; i < bytes.size() / sizeof(U); ++i) {
        const U value = loaded<U>(bytes.data() + i * sizeof(U), swap);
        if constexpr (std::same_as<U, std::uint64_t> && std::same_as<T, Index>)
            if (value > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()))
                source.fail_at(offset + i * sizeof(U), "found {}; expected integers below 2^63", value);
        out[i] = static_cast<T>(value);
    }
}

/// Elements of type U. Where it is certain that they are there, each chunk is converted as soon as it is
/// read; else there is no memory for the array before its last chunk is here.
template <class U, class T>
Array<T> read_as(Source& source, const Shape& shape, ElementType type, bool swap)
{
    constexpr std::size_t chunk_size = std::size_t{1} << 18;
    const std::uint64_t begin = source.offset();
    const std::uint64_t count = byte_count(source, begin, shape, type);
    const std::string what = fmt::format("the shape {} of {}", shape, name_of(type));
    const bool certain = source.expect(count, what);

    std::vector<std::vector<std::byte>> chunks(1);
    const auto read_chunk = [&](std::vector<std::byte>& chunk) {
        chunk.resize(
            static_cast<std::size_t>(std::min<std::uint64_t>(chunk_size, begin + count - source.offset())));
        source.fill(chunk, begin, count, what);
    };
    while (!certain && source.offset() < begin + count) read_chunk(chunks.emplace_back());

    auto result = Array<T>::uninitialized(shape);
    T* out = result.writable();
    std::uint64_t offset = begin;
    const auto convert_chunk = [&](const std::vector<std::byte>& chunk) {
        convert<U>(source, offset, chunk, swap, out);
        out += chunk.size() / sizeof(U);
        offset += chunk.size();
    };
    for (const auto& chunk : chunks) convert_chunk(chunk);
    while (source.offset() < begin + count) {
        read_chunk(chunks[0]);
        convert_chunk(chunks[0]);
    }
    return result;
}

}  // namespace

std::string_view name_of(ElementType type)
{
    constexpr std::array<std::string_view, 11> names{"bool", "u8",  "i8",  "u16", "i16", "u32",
                                                     "i32",  "u64", "i64", "f32", "f64"};
    return names[static_cast<std::size_t>(type)];
}

std::uint64_t byte_size(ElementType type)
{
    return with_type(type, []<class U>(std::type_identity<U>) -> std::uint64_t { return sizeof(U); });
}

std::uint64_t byte_count(const Source& source, std::uint64_t offset, const Shape& shape, ElementType type)
{
    // Counted as if all were doubles, which they may become in memory; and a size of 0 excuses no other.
    Index bytes = static_cast<Index>(sizeof(double));
    bool overflow = false;
    for (Index size : shape) overflow |= __builtin_mul_overflow(bytes, std::max<Index>(size, 1), &bytes);
    if (overflow)
        source.fail_at(offset, "found the shape {}; expected sizes whose product fits 64 bits", shape);
    return static_cast<std::uint64_t>(shape.element_count()) * byte_size(type);
}

template <Element T>
Array<T> read_elements(Source& source, const Shape& shape, ElementType type, std::endian order)
{
    return with_type(type, [&]<class U>(std::type_identity<U>) -> Array<T> {
        if constexpr (!converts<U, T>)
            source.fail_at(source.offset(), "found elements of type {}; expected {}", name_of(type),
                           std::same_as<T, bool> ? "bool" : "integers, as the array is read as one of Index");
        else return read_as<U, T>(source, shape, type, order != std::endian::native);
    });
}

template Array<double> read_elements<double>(Source&, const Shape&, ElementType, std::endian);
template Array<float> read_elements<float>(Source&, const Shape&, ElementType, std::endian);
template Array<Index> read_elements<Index>(Source&, const Shape&, ElementType, std::endian);
template Array<bool> read_elements<bool>(Source&, const Shape&, ElementType, std::endian);

}  // namespace nn::data
