#include "counted.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>

#include <malloc.h>

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

void* counted(std::size_t bytes, std::size_t alignment)
{
    if (is_to_fail()) throw std::bad_alloc();
    if (bytes > largest_request) {
        ++refused_requests;
        throw std::bad_alloc();
    }
    const std::size_t rounded = (std::max<std::size_t>(bytes, 1) + alignment - 1) / alignment * alignment;
    void* const memory = std::aligned_alloc(alignment, rounded);
    if (!memory) throw std::bad_alloc();
    const std::size_t now = live += malloc_usable_size(memory);
    std::size_t most = peak;
    while (most < now && !peak.compare_exchange_weak(most, now)) {
    }
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
