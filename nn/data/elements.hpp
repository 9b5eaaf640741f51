#pragma once

// Numbers as files hold them: eleven types, in either byte order.

#include <autodiff/tensor.hpp>
#include <nn/data/source.hpp>

#include <bit>
#include <type_traits>

namespace nn::data {

using autodiff::Array;
using autodiff::BoolArray;
using autodiff::Dims;
using autodiff::Index;
using autodiff::IndexArray;
using autodiff::Shape;
using autodiff::Tensor;

/// What elements of files, of whatever type, are converted to.
template <class T>
concept Element =
    std::same_as<T, double> || std::same_as<T, float> || std::same_as<T, Index> || std::same_as<T, bool>;

/// What holds elements of type T: a Tensor<T> for double and float, an IndexArray for Index, a BoolArray for
/// bool.
template <Element T>
using ArrayOf = std::conditional_t<std::floating_point<T>, Tensor<T>, Array<T>>;

/// What an element of a file is.
enum class ElementType {
    boolean,  ///< truth value of 1 byte
    u8,       ///< unsigned integer of 1 byte
    i8,       ///< signed integer of 1 byte
    u16,      ///< unsigned integer of 2 bytes
    i16,      ///< signed integer of 2 bytes
    u32,      ///< unsigned integer of 4 bytes
    i32,      ///< signed integer of 4 bytes
    u64,      ///< unsigned integer of 8 bytes
    i64,      ///< signed integer of 8 bytes
    f32,      ///< IEEE 754 number of 4 bytes
    f64       ///< IEEE 754 number of 8 bytes
};

/// "u8", "bool", …
std::string_view name_of(ElementType type);
/// How many bytes an element fills.
std::uint64_t byte_size(ElementType type);

/// How many bytes an array fills.   @throws FileError, for `offset`, if that exceeds what 64 bits can count.
std::uint64_t byte_count(const Source& source, std::uint64_t offset, const Shape& shape, ElementType type);

/// The next bytes of a file as an array in row-major order, converted to T: to floating point from all types,
/// rounded; to Index from integers and truth values; to bool from truth values only.
/// @throws FileError if the file ends before, or its elements do not convert.
template <Element T>
Array<T> read_elements(Source& source, const Shape& shape, ElementType type, std::endian order);

}  // namespace nn::data
