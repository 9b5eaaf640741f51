#include "failing_malloc.hpp"

#include <cerrno>

namespace {

constinit thread_local std::size_t requests_to_failure = 0;  // 0: none fails
constinit thread_local bool request_failed = false;

}  // namespace

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

bool is_to_fail()
{
    if (requests_to_failure == 0 || --requests_to_failure > 0) return false;
    request_failed = true;
    errno = ENOMEM;
    return true;
}

}  // namespace

// glibc's own, under its other names.
extern "C" {
void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;

void* malloc(std::size_t bytes) noexcept { return is_to_fail() ? nullptr : __libc_malloc(bytes); }
void* calloc(std::size_t count, std::size_t bytes) noexcept
{
    return is_to_fail() ? nullptr : __libc_calloc(count, bytes);
}
void* realloc(void* memory, std::size_t bytes) noexcept
{
    return is_to_fail() ? nullptr : __libc_realloc(memory, bytes);
}
}

bool autodiff::tests::malloc_can_fail() { return true; }

#else

bool autodiff::tests::malloc_can_fail() { return false; }

#endif

namespace autodiff::tests {

FailingMalloc::FailingMalloc(std::size_t n)
{
    request_failed = false;
    requests_to_failure = n;
}
FailingMalloc::~FailingMalloc() { requests_to_failure = 0; }
bool FailingMalloc::happened() const { return request_failed; }

}  // namespace autodiff::tests
