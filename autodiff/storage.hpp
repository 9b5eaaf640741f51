#pragma once

// Memory for arrays: blocks aligned to 64 bytes that wait to be taken again, so that a steady computation
// asks the system for nothing. Small ones come from free lists of each thread, one for each class of sizes;
// large ones (see large_blocks.hpp) from memory that all threads share.

#include <cstddef>

namespace autodiff {

/// What the calling thread's pool has done so far.
struct PoolStatistics {
    std::size_t requests = 0;            ///< blocks handed out
    std::size_t system_allocations = 0;  ///< of those, taken from the system rather than from a free list
    std::size_t cached_bytes = 0;        ///< bytes that wait: the thread's own, and all large blocks'
};

/// A block of at least `bytes` bytes, aligned to 64 bytes. @throws std::bad_alloc.
void* pool_allocate(std::size_t bytes);

/// Returns a block to where the calling thread takes blocks from; `bytes` as it was requested.
void pool_release(void* block, std::size_t bytes) noexcept;

/// What the pool of the calling thread holds and has done.
PoolStatistics pool_statistics() noexcept;

/// Gives what waits back to the system: the calling thread's own, and all large blocks'.
void pool_trim() noexcept;

/// No more than this many bytes of the calling thread's own wait, and no more of all large blocks (default
/// 1 GiB each); what exceeds it goes back to the system.
void pool_limit(std::size_t bytes) noexcept;

}  // namespace autodiff
