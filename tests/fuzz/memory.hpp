#pragma once

// What a piece of code takes from operator new, which memory.cpp replaces.

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

}  // namespace autodiff::tests
