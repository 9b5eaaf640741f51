#include <nn/data/idx.hpp>

namespace nn::data {

namespace {

ElementType type_of(const Source& source, std::byte code)
{
    switch (std::to_integer<int>(code)) {
        case 0x08: return ElementType::u8;
        case 0x09: return ElementType::i8;
        case 0x0b: return ElementType::i16;
        case 0x0c: return ElementType::i32;
        case 0x0d: return ElementType::f32;
        case 0x0e: return ElementType::f64;
        default: break;
    }
    source.fail_at(2, "found the element type {:02x}; expected 08, 09, 0b, 0c, 0d or 0e",
                   std::to_integer<int>(code));
}

Index big_endian(std::span<const std::byte> bytes)
{
    Index value = 0;
    for (const std::byte byte : bytes) value = value * 256 + std::to_integer<Index>(byte);
    return value;
}

}  // namespace

template <Element T>
    requires(!std::same_as<T, bool>)
ArrayOf<T> read_idx(const std::string& path, const ReadOptions& options)
{
    Source source("read_idx", path, options);
    const auto magic = source.take(4, "the magic number");
    if (magic[0] != std::byte{0} || magic[1] != std::byte{0})
        source.fail_at(0, "found {}; expected 00 00, with which an IDX file begins", in_hexadecimal(magic));
    const ElementType type = type_of(source, magic[2]);
    const auto rank = std::to_integer<std::size_t>(magic[3]);
    if (rank == 0 || rank > autodiff::max_rank)
        source.fail_at(3, "found {} axes; expected 1 to {}", rank, autodiff::max_rank);

    Shape shape;
    const auto sizes = source.take(4 * rank, "the sizes");
    for (std::size_t axis = 0; axis < rank; ++axis)
        shape.push_back(big_endian(std::span(sizes).subspan(4 * axis, 4)));
    auto elements = read_elements<T>(source, shape, type, std::endian::big);
    source.expect_end();
    return elements;
}

template Tensor<double> read_idx<double>(const std::string&, const ReadOptions&);
template Tensor<float> read_idx<float>(const std::string&, const ReadOptions&);
template IndexArray read_idx<Index>(const std::string&, const ReadOptions&);

}  // namespace nn::data
