#include <nn/data/elements.hpp>

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
    for (std::size_t i = 0; i < bytes.size() / sizeof(U); ++i) {
        const U value = loaded<U>(bytes.data() + i * sizeof(U), swap);
        if constexpr (std::same_as<U, std::uint64_t> && std::same_as<T, Index>)
            if (value > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()))
                source.fail_at(offset + i * sizeof(U), "found {}; expected integers below 2^63", value);
        out[i] = static_cast<T>(value);
    }
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
    const std::uint64_t offset = source.offset();
    const std::uint64_t count = byte_count(source, offset, shape, type);
    return with_type(type, [&]<class U>(std::type_identity<U>) -> Array<T> {
        if constexpr (!converts<U, T>) {
            source.fail_at(offset, "found elements of type {}; expected {}", name_of(type),
                           std::same_as<T, bool> ? "bool" : "integers, as the array is read as one of Index");
        } else {
            const auto bytes = source.take(count, fmt::format("the shape {} of {}", shape, name_of(type)));
            auto result = Array<T>::uninitialized(shape);
            const bool swap = order != std::endian::native && sizeof(U) > 1;
            if (std::same_as<U, T> && !swap && !std::same_as<T, bool>)
                std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<std::byte*>(result.writable()));
            else convert<U>(source, offset, bytes, swap, result.writable());
            return result;
        }
    });
}

template Array<double> read_elements<double>(Source&, const Shape&, ElementType, std::endian);
template Array<float> read_elements<float>(Source&, const Shape&, ElementType, std::endian);
template Array<Index> read_elements<Index>(Source&, const Shape&, ElementType, std::endian);
template Array<bool> read_elements<bool>(Source&, const Shape&, ElementType, std::endian);

}  // namespace nn::data
