#ifdef ADJOINT_HAS_LIBZIP

#include <nn/data/npz.hpp>

#include <nn/data/atomic_file.hpp>
#include <nn/data/npy_format.hpp>
#include <nn/data/zip_definitions.hpp>

#include <range/v3/algorithm/find.hpp>

#include <deque>
#include <memory>

namespace nn::data {

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
        int code = errno = 0;
        zip_.reset(zip_open(file_.temporary_path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
        if (zip_) return;
        check_memory(code, errno);
        autodiff::fail<FileError>("write_npz: {}: {}", path_, text_of(code));
    }

    void add(const std::string& name, const AnyArray& array)
    {
        const AnyArray contiguous = array.visit([](const auto& a) { return AnyArray(a.contiguous()); });
        pending_.push_back({npy_header(array), contiguous});
        Pending& entry = pending_.back();
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
        if (success) return;
        check_memory(zip_get_error(zip_.get()));
        autodiff::fail<FileError>("write_npz: {}: {}", path_, zip_strerror(zip_.get()));
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

}  // namespace nn::data

#endif
