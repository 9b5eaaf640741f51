#pragma once

// The header of a safetensors file: JSON that says where in the file each tensor is.

#include <nn/data/elements.hpp>

#include <map>
#include <string>
#include <vector>

namespace nn::io {

using data::FileError;
using data::Source;
/// Texts about a model, by name.
using Metadata = std::map<std::string, std::string, std::less<>>;

/// The header's entry for one tensor, with the place of its elements counted from the end of the header.
struct SafetensorsEntry {
    std::string name;          ///< that no other entry has
    data::ElementType type{};  ///< of each element
    autodiff::Shape shape;     ///< () for a single number
    std::uint64_t begin = 0,   ///< place of the first byte
        end = 0;               ///< place after the last byte
};

/// What stands before the elements in a file of the format safetensors.
struct SafetensorsHeader {
    /// In the order of their elements, which follow one another without a gap.
    std::vector<SafetensorsEntry> entries;
    Metadata metadata;  ///< empty if the file has none
};

/// Reads what precedes the elements. No more memory is taken than some multiple of the header's length, which
/// is at most 100 MB, and nothing is believed before it was checked.
/// @throws FileError that says at which byte the header is wrong.
SafetensorsHeader read_safetensors_header(Source& source);

/// What precedes the elements, padded so that they begin at a multiple of 8.
/// @throws autodiff::DomainError for a name that is not UTF-8.
std::string safetensors_header(const SafetensorsHeader& header);

}  // namespace nn::io
