#ifdef ADJOINT_HAS_LIBZIP

#include <nn/data/npz.hpp>

#include <nn/data/npy_format.hpp>
#include <nn/data/zip_definitions.hpp>

#include <fmt/ranges.h>
#include <range/v3/algorithm/find.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace nn::data {

namespace {

using OpenEntry = std::unique_ptr<zip_file_t, int (*)(zip_file_t*)>;

/// One file of an archive.
class Entry : public Stream {
public:
    /// `size` is how many bytes there are, if that is certain.
    Entry(OpenEntry file, std::optional<std::uint64_t> size) : file_(std::move(file)), left_(size) {}

    std::size_t read(std::span<std::byte> out) override
    {
        std::size_t count = 0;
        while (count < out.size()) {
            const zip_int64_t got = zip_fread(file_.get(), out.data() + count, out.size() - count);
            if (got < 0) {
                check_memory(zip_file_get_error(file_.get()));
                throw std::runtime_error(std::string("the archive is damaged: ") +
                                         zip_error_strerror(zip_file_get_error(file_.get())));
            }
            if (got == 0) break;
            count += static_cast<std::size_t>(got);
        }
        if (left_) *left_ -= std::min<std::uint64_t>(*left_, count);
        return count;
    }

    std::optional<std::uint64_t> bytes_left() const override { return left_; }

private:
    OpenEntry file_;
    std::optional<std::uint64_t> left_;
};

/// The size of a file that is not compressed; none if the archive itself has fewer bytes.
std::optional<std::uint64_t> certain_size(const std::string& path, zip_t* zip, zip_uint64_t index)
{
    zip_stat_t entry;
    zip_stat_init(&entry);
    constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(zip, index, 0, &entry) != 0 || (entry.valid & needed) != needed ||
        entry.comp_method != ZIP_CM_STORE)
        return std::nullopt;
    std::error_code error;
    const std::uintmax_t archive_size = std::filesystem::file_size(path, error);
    if (error || entry.size > archive_size) return std::nullopt;
    return entry.size;
}

}  // namespace

bool npz_is_available() { return true; }

struct NpzFile::Archive {
    Archive(const std::string& file_path, const ReadOptions& read_options)
        : path(file_path), options(read_options), zip(nullptr, &zip_discard)
    {
        int code = errno = 0;
        zip.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
        if (zip) return;
        check_memory(code, errno);
        autodiff::fail<FileError>("read_npz: {}: {}; expected a zip archive", path, text_of(code));
    }

    std::string path;
    ReadOptions options;
    std::unique_ptr<zip_t, void (*)(zip_t*)> zip;
};

NpzFile::NpzFile(const std::string& path, const ReadOptions& options)
    : archive_(std::make_unique<Archive>(path, options))
{
}
NpzFile::~NpzFile() = default;
NpzFile::NpzFile(NpzFile&&) noexcept = default;
NpzFile& NpzFile::operator=(NpzFile&&) noexcept = default;

std::vector<std::string> NpzFile::names() const
{
    std::vector<std::string> names;
    zip_t* const zip = archive_->zip.get();
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); ++i) {
        const char* const name = zip_get_name(zip, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
        if (!name) check_memory(zip_get_error(zip));
        std::string_view array = name ? name : "";
        if (array.ends_with(suffix)) array.remove_suffix(suffix.size());
        names.emplace_back(array);
    }
    return names;
}

template <Element T>
ArrayOf<T> NpzFile::read(const std::string& name) const
{
    zip_t* const zip = archive_->zip.get();
    const std::vector<std::string> all = names();
    const auto found = ranges::find(all, name);
    if (found == all.end())
        autodiff::fail<FileError>("read_npz: {}: found the arrays {:?}; expected one named {:?}",
                                  archive_->path, fmt::join(all, ", "), name);
    const auto index = static_cast<zip_uint64_t>(found - all.begin());
    OpenEntry file(zip_fopen_index(zip, index, 0), &zip_fclose);
    if (!file) {
        check_memory(zip_get_error(zip));
        autodiff::fail<FileError>("read_npz: {}: {}: {}", archive_->path, name, zip_strerror(zip));
    }
    Source source("read_npz", fmt::format("{}: {}", archive_->path, name),
                  std::make_unique<Entry>(std::move(file), certain_size(archive_->path, zip, index)),
                  archive_->options.decompressed_limit);
    return read_npy<T>(source);
}

template Tensor<double> NpzFile::read<double>(const std::string&) const;
template Tensor<float> NpzFile::read<float>(const std::string&) const;
template IndexArray NpzFile::read<Index>(const std::string&) const;
template BoolArray NpzFile::read<bool>(const std::string&) const;

}  // namespace nn::data

#endif
