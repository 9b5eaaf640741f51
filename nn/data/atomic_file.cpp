#include <nn/data/atomic_file.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace nn::data {

namespace {

/// So that a rename survives a crash, its directory has to be on the disk, too. Not all file systems can.
void flush_directory_of(const std::string& path)
{
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
}

}  // namespace

AtomicFile::AtomicFile(std::string op, std::string path) : op_(std::move(op)), path_(std::move(path))
{
    static std::atomic<unsigned> counter = 0;
    do {
        temporary_path_ = fmt::format("{}.{}-{}.tmp", path_, getpid(), counter++);
        descriptor_ = open(temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) fail("cannot make a file there");
}

AtomicFile::~AtomicFile()
{
    if (descriptor_ >= 0) close(descriptor_);
    if (!committed_) std::remove(temporary_path_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        constexpr std::size_t most = std::size_t{1} << 30;  // in one call
        const ssize_t written = ::write(descriptor_, bytes.data(), std::min(bytes.size(), most));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write");
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void AtomicFile::commit()
{
    // Opened once more: what was written by other means may have replaced the file.
    const int written = open(temporary_path_.c_str(), O_WRONLY | O_CLOEXEC);
    const bool flushed = written >= 0 && fsync(written) == 0;
    const int error = errno;
    if (written >= 0) close(written);
    errno = error;
    if (!flushed) fail("cannot write to the disk");
    if (std::rename(temporary_path_.c_str(), path_.c_str()) != 0) fail("cannot replace the file");
    committed_ = true;
    flush_directory_of(path_);
}

void AtomicFile::fail(const std::string& what) const
{
    throw FileError(fmt::format("{}: {}: {}: {}", op_, path_, what, std::strerror(errno)));
}

}  // namespace nn::data
