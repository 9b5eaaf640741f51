#pragma once

// NumPy's format for one array: a header that is the text of a Python dictionary, then the elements.
// (NumPy, "numpy.lib.format", versions 1.0, 2.0 and 3.0.)

#include <nn/data/any_array.hpp>

namespace nn::data {

/// The array in a .npy file: of floating point (4 or 8 bytes), integers (1 to 8 bytes, signed or not) or
/// truth values, in either byte order, row-major or column-major ("Fortran order"). Elements of all types
/// convert to double and float; integers and truth values to Index; truth values only to bool.
/// @throws FileError if the file cannot be read or is not as the format says, to its last byte.
template <Element T = double>
ArrayOf<T> read_npy(const std::string& path, const ReadOptions& options = {});

/// Writes an array as numpy.save does: version 1.0, row-major, float64, float32, int64 or bool. The file is
/// replaced as a whole or, if that fails, not at all.
/// @throws FileError.
void write_npy(const std::string& path, const AnyArray& array);

}  // namespace nn::data
