#ifndef ADJOINT_HAS_LIBZIP

#include <nn/data/npz.hpp>

namespace nn::data {

namespace {

[[noreturn]] void fail_without_libzip(std::string_view op, const std::string& path)
{
    autodiff::fail<FileError>(
        "{}: {}: this library was built without libzip; install it (libzip-dev) and build again", op, path);
}

}  // namespace

bool npz_is_available() { return false; }

struct NpzFile::Archive {};

NpzFile::NpzFile(const std::string& path, const ReadOptions&) { fail_without_libzip("read_npz", path); }
NpzFile::~NpzFile() = default;
NpzFile::NpzFile(NpzFile&&) noexcept = default;
NpzFile& NpzFile::operator=(NpzFile&&) noexcept = default;

std::vector<std::string> NpzFile::names() const { return {}; }

template <Element T>
ArrayOf<T> NpzFile::read(const std::string& name) const
{
    fail_without_libzip("read_npz", name);
}

void write_npz(const std::string& path, const std::vector<std::pair<std::string, AnyArray>>&, Compression)
{
    fail_without_libzip("write_npz", path);
}

template Tensor<double> NpzFile::read<double>(const std::string&) const;
template Tensor<float> NpzFile::read<float>(const std::string&) const;
template IndexArray NpzFile::read<Index>(const std::string&) const;
template BoolArray NpzFile::read<bool>(const std::string&) const;

}  // namespace nn::data

#endif
