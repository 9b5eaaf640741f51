#pragma once

// IDX, the format of MNIST and its kin: a magic number, the sizes, the elements, all big-endian.

#include <nn/data/elements.hpp>

namespace nn::data {

/// The array in an IDX file, which gzip may have compressed, in the file's own units (images: 0 to 255):
///
///     const Tensor<float> images = read_idx<float>("train-images-idx3-ubyte.gz") / 255.0f;
///     const IndexArray labels = read_idx<Index>("train-labels-idx1-ubyte.gz");
///
/// Elements of all types of the format convert to double and float; integers only to Index.
/// (LeCun, Cortes and Burges, "The MNIST database of handwritten digits": "The IDX file format".)
/// @throws FileError if the file cannot be read or is not as the format says, to its last byte.
template <Element T = double>
    requires(!std::same_as<T, bool>)
ArrayOf<T> read_idx(const std::string& path, const ReadOptions& options = {});

}  // namespace nn::data
