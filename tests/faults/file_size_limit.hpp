#pragma once

#include <csignal>

#include <sys/resource.h>

namespace autodiff::tests {

/// Lets writing beyond so many bytes of a file fail, for a scope, as on a full disk.
class FileSizeLimit {
public:
    explicit FileSizeLimit(std::size_t bytes) : signal_before_(std::signal(SIGXFSZ, SIG_IGN))
    {
        getrlimit(RLIMIT_FSIZE, &before_);
        rlimit limit = before_;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, signal_before_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit before_{};
    void (*signal_before_)(int);
};

}  // namespace autodiff::tests
