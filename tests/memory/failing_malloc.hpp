#pragma once

// C libraries whose memory runs out: zlib, libzip and the C library itself take theirs from malloc, which
// failing_malloc.cpp replaces.

#include <cstddef>

namespace autodiff::tests {

/// Whether malloc is ours: sanitizers bring one of their own.
bool malloc_can_fail();

/// Lets the n-th request of this thread from now on fail, of those to malloc, calloc and realloc. The tests'
/// operator new, in counted.cpp, asks aligned_alloc and does not count.
class FailingMalloc {
public:
    explicit FailingMalloc(std::size_t n);
    ~FailingMalloc();
    FailingMalloc(const FailingMalloc&) = delete;
    FailingMalloc& operator=(const FailingMalloc&) = delete;

    /// Whether there have been so many.
    bool happened() const;
};

}  // namespace autodiff::tests
