#pragma once

// NumPy's format for several arrays: a zip archive of .npy files. Needs libzip when the library is built.

#include <nn/data/npy.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nn::data {

/// Whether the library was built with libzip. Without it, the rest of this header throws FileError.
bool npz_is_available();

/// The arrays of a .npz file, read one by one when they are asked for:
///
///     const NpzFile file("weights.npz");
///     const Tensor<float> weight = file.read<float>("weight");
///
/// To be used by one thread at a time.
class NpzFile {
public:
    /// @throws FileError if the file is no zip archive.
    explicit NpzFile(const std::string& path, const ReadOptions& options = {});
    ~NpzFile();
    NpzFile(NpzFile&&) noexcept;
    NpzFile& operator=(NpzFile&&) noexcept;

    /// In the order of the archive.
    std::vector<std::string> names() const;
    /// As read_npy does. @throws FileError if there is no array of that name, too.
    template <Element T = double>
    ArrayOf<T> read(const std::string& name) const;

private:
    struct Archive;
    std::unique_ptr<Archive> archive_;
};

/// Whether write_npz compresses the arrays.
enum class Compression : bool {
    no,  ///< stored as they are
    yes  ///< with deflate
};

/// Writes arrays as numpy.savez does, or with Compression::yes as numpy.savez_compressed:
///
///     write_npz("weights.npz", {{"weight", layer.weight}, {"bias", layer.bias}});
///
/// The same arrays give the same bytes. The file is replaced as a whole or, if that fails, not at all.
/// @throws FileError, autodiff::DomainError if there is no array or a name is empty or occurs twice.
void write_npz(const std::string& path, const std::vector<std::pair<std::string, AnyArray>>& arrays,
               Compression compression = Compression::no);

}  // namespace nn::data
