#pragma once

// The parts of NumPy's format that .npy and .npz files share.

#include <nn/data/any_array.hpp>

namespace nn::data {

/// What precedes the elements of a file.
struct NpyHeader {
    ElementType type;   ///< of each element
    std::endian order;  ///< of the bytes of an element
    bool column_major;  ///< whether the first axis varies fastest in the file, not the last ("fortran_order")
    Shape shape;        ///< () for a single number
};

/// @throws FileError that says at which character the header is wrong.
NpyHeader read_npy_header(Source& source);

/// The header that write_npy and write_npz write, padded so that the elements begin at a multiple of 64.
std::string npy_header(const AnyArray& array);

/// A whole .npy file. @throws FileError.
template <Element T>
ArrayOf<T> read_npy(Source& source);

}  // namespace nn::data
