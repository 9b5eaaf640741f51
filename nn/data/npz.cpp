#ifdef ADJOINT_HAS_LIBZIP

#include <nn/data/npz.hpp>

#include <nn/data/atomic_file.hpp>
#include <nn/data/npy_format.hpp>

#include <fmt/ranges.h>
#include <range/v3/algorithm/find.hpp>

#include <deque>

#include <zip.h>

namespace nn::data {

namespace {

constexpr std::string_view suffix = ".npy";

std::string text_of(int code)
{
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

/// One file of an archive.
class Entry : public Stream {
public:
    explicit Entry(zip_file_t* file) : file_(file, &zip_fclose) {}

    std::size_t read(std::span<std::byte> out) override
    {
        std::size_t count = 0;
        while (count < out.size()) {
            const zip_int64_t got = zip_fread(file_.get(), out.data() + count, out.size() - count);
            if (got < 0)
                throw std::runtime_error(std::string("the archive is damaged: ") +
                                         zip_error_strerror(zip_file_get_error(file_.get())));
            if (got == 0) break;
            count += static_cast<std::size_t>(got);
        }
        return count;
    }

private:
    std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file_;
};

}  // namespace

bool npz_is_available() { return true; }

struct NpzFile::Archive {
    Archive(const std::string& file_path, const ReadOptions& read_options)
        : path(file_path), options(read_options), zip(nullptr, &zip_discard)
    {
        int code = 0;
        zip.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
        if (!zip) autodiff::fail<FileError>("read_npz: {}: {}; expected a zip archive", path, text_of(code));
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
    zip_file_t* const file = zip_fopen_index(zip, static_cast<zip_uint64_t>(found - all.begin()), 0);
    if (!file) autodiff::fail<FileError>("read_npz: {}: {}: {}", archive_->path, name, zip_strerror(zip));
    Source source("read_npz", fmt::format("{}: {}", archive_->path, name), std::make_unique<Entry>(file),
                  archive_->options.decompressed_limit);
    return read_npy<T>(source);
}

namespace {

/// The bytes of a file in memory until the archive is written. The elements are not copied.
struct Pending {
    std::string header;
    AnyArray array;
    std::array<zip_buffer_fragment_t, 2> fragments{};
};

zip_buffer_fragment_t fragment(std::span<const std::byte> bytes)
{
    // libzip writes to no buffer that it is not to free.
    return {reinterpret_cast<zip_uint8_t*>(const_cast<std::byte*>(bytes.data())), bytes.size()};
}

void check_names(const std::vector<std::pair<std::string, AnyArray>>& arrays)
{
    std::vector<std::string> names;
    for (const auto& [name, array] : arrays) {
        if (name.empty() || ranges::find(names, name) != names.end())
            autodiff::fail<autodiff::DomainError>(
                "write_npz: the name {} is empty or occurs twice; each array needs its own", in_quotes(name));
        names.push_back(name);
    }
    if (arrays.empty()) autodiff::fail<autodiff::DomainError>("write_npz: there are no arrays to write");
}

class NpzWriter {
public:
    NpzWriter(const std::string& path, Compression compression)
        : path_(path), compression_(compression), file_("write_npz", path), zip_(nullptr, &zip_discard)
    {
        int code = 0;
        zip_.reset(zip_open(file_.temporary_path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
        if (!zip_) autodiff::fail<FileError>("write_npz: {}: {}", path_, text_of(code));
    }

    void add(const std::string& name, const AnyArray& array)
    {
        const AnyArray contiguous = array.visit([](const auto& a) { return AnyArray(a.contiguous()); });
        Pending& entry = pending_.emplace_back(npy_header(array), contiguous);
        const auto elements = entry.array.visit([](const auto& a) {
            return std::as_bytes(std::span(a.data(), static_cast<std::size_t>(a.size())));
        });
        entry.fragments = {fragment(std::as_bytes(std::span(entry.header))), fragment(elements)};

        zip_source_t* const source =
            zip_source_buffer_fragment(zip_.get(), entry.fragments.data(), entry.fragments.size(), 0);
        require(source != nullptr);
        const zip_int64_t added =
            zip_file_add(zip_.get(), (name + std::string(suffix)).c_str(), source, ZIP_FL_ENC_UTF_8);
        if (added < 0) zip_source_free(source);
        require(added >= 0);
        const auto index = static_cast<zip_uint64_t>(added);
        const zip_int32_t method = compression_ == Compression::yes ? ZIP_CM_DEFLATE : ZIP_CM_STORE;
        require(zip_set_file_compression(zip_.get(), index, method, 0) == 0);
        constexpr zip_uint16_t january_1980 = (1 << 5) | 1;  // the first day that zip knows, as NumPy writes
        require(zip_file_set_dostime(zip_.get(), index, 0, january_1980, 0) == 0);
    }

    void commit()
    {
        require(zip_close(zip_.get()) == 0);
        static_cast<void>(zip_.release());
        file_.commit();
    }

private:
    void require(bool success)
    {
        if (!success) autodiff::fail<FileError>("write_npz: {}: {}", path_, zip_strerror(zip_.get()));
    }

    std::string path_;
    Compression compression_;
    AtomicFile file_;
    std::deque<Pending> pending_;
    std::unique_ptr<zip_t, void (*)(zip_t*)> zip_;  // last, as it refers to what is pending
};

}  // namespace

void write_npz(const std::string& path, const std::vector<std::pair<std::string, AnyArray>>& arrays,
               Compression compression)
{
    check_names(arrays);
    NpzWriter writer(path, compression);
    for (const auto& [name, array] : arrays) writer.add(name, array);
    writer.commit();
}

template Tensor<double> NpzFile::read<double>(const std::string&) const;
template Tensor<float> NpzFile::read<float>(const std::string&) const;
template IndexArray NpzFile::read<Index>(const std::string&) const;
template BoolArray NpzFile::read<bool>(const std::string&) const;

}  // namespace nn::data

#endif
