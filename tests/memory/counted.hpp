#pragma once

// What a piece of code takes from operator new and of pages, which counted.cpp replaces, and what it does
// when there is no more. Suites link adjoint_counted_memory for it.

#include <cstddef>

namespace autodiff::tests {

/// Bytes that are in use, and the most since the last call of start_peak().
std::size_t live_bytes();
std::size_t peak_bytes();
void start_peak();

/// Requests above this many bytes are refused with std::bad_alloc, as a machine with no more memory would.
class LargestRequest {
public:
    explicit LargestRequest(std::size_t bytes);
    ~LargestRequest();
    LargestRequest(const LargestRequest&) = delete;
    LargestRequest& operator=(const LargestRequest&) = delete;

    /// How many were.
    std::size_t refused() const;

private:
    std::size_t before_, refused_before_;
};

/// Lets the n-th request from now on fail with std::bad_alloc, whichever thread it comes from.
class FailingRequest {
public:
    explicit FailingRequest(std::size_t n);
    ~FailingRequest();
    FailingRequest(const FailingRequest&) = delete;
    FailingRequest& operator=(const FailingRequest&) = delete;

    /// Whether there have been so many.
    bool happened() const;
};

}  // namespace autodiff::tests
