#include "counted.hpp"

#include <autodiff/pages.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

#include <malloc.h>
#include <sys/mman.h>

namespace {

std::atomic<std::size_t> live = 0, peak = 0, refused_requests = 0;
std::atomic<std::size_t> requests_to_failure = 0;  // 0: none fails
std::atomic<bool> request_failed = false;
std::atomic<std::size_t> largest_request = std::numeric_limits<std::size_t>::max();

/// Counts down to the request that is to fail.
bool is_to_fail()
{
    std::size_t left = requests_to_failure;
    while (left > 0)
        if (requests_to_failure.compare_exchange_weak(left, left - 1)) {
            if (left == 1) request_failed = true;
            return left == 1;
        }
    return false;
}

/// Whether a request is refused, and notes it.
bool is_refused(std::size_t bytes)
{
    if (is_to_fail()) return true;
    if (bytes <= largest_request) return false;
    ++refused_requests;
    return true;
}
void count(std::size_t bytes)
{
    const std::size_t now = live += bytes;
    std::size_t most = peak;
    while (most < now && !peak.compare_exchange_weak(most, now)) {
    }
}

void* counted(std::size_t bytes, std::size_t alignment)
{
    if (is_refused(bytes)) throw std::bad_alloc();
    const std::size_t rounded = (std::max<std::size_t>(bytes, 1) + alignment - 1) / alignment * alignment;
    void* const memory = std::aligned_alloc(alignment, rounded);
    if (!memory) throw std::bad_alloc();
    count(malloc_usable_size(memory));
    return memory;
}

void release(void* memory) noexcept
{
    if (!memory) return;
    live -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

// All forms, as sanitizers replace each by itself.
void* operator new(std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment)
{
    return counted(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept
{
    try {
        return operator new(bytes);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return operator new(bytes, alignment); }
void* operator new[](std::size_t bytes, const std::nothrow_t& none) noexcept
{
    return operator new(bytes, none);
}

void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { release(memory); }

// The library's own are in a file of their own, which is not linked then.
char* autodiff::detail::take_pages(std::size_t bytes, char* wanted) noexcept
{
    if (is_refused(bytes)) return nullptr;
    const int place = wanted ? MAP_FIXED_NOREPLACE : 0;
    void* const pages =
        ::mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | place, -1, 0);
    if (pages == MAP_FAILED) return nullptr;
    count(bytes);
    return static_cast<char*>(pages);
}
bool autodiff::detail::give_back_pages(void* pages, std::size_t bytes) noexcept
{
    if (::munmap(pages, bytes) != 0) return false;
    live -= bytes;
    return true;
}

namespace autodiff::tests {

std::size_t live_bytes() { return live; }
std::size_t peak_bytes() { return peak; }
void start_peak() { peak = live.load(); }

LargestRequest::LargestRequest(std::size_t bytes)
    : before_(largest_request.exchange(bytes)), refused_before_(refused_requests)
{
}
LargestRequest::~LargestRequest() { largest_request = before_; }
std::size_t LargestRequest::refused() const { return refused_requests - refused_before_; }

FailingRequest::FailingRequest(std::size_t n)
{
    request_failed = false;
    requests_to_failure = n;
}
FailingRequest::~FailingRequest() { requests_to_failure = 0; }
bool FailingRequest::happened() const { return request_failed; }

}  // namespace autodiff::tests
