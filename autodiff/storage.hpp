#pragma once

// Memory for arrays: 64-byte aligned blocks from per-thread free lists, one list per size class, so that a
// steady computation reuses its own blocks and asks the system for nothing.

#include <cstddef>

namespace autodiff {

/// What the calling thread's pool has done so far.
struct PoolStatistics {
    std::size_t requests = 0;            ///< blocks handed out
    std::size_t system_allocations = 0;  ///< of those, taken from the system rather than from a free list
    std::size_t cached_bytes = 0;        ///< bytes waiting in free lists
};

/// A block of at least `bytes` bytes, aligned to 64 bytes. @throws std::bad_alloc.
void* pool_allocate(std::size_t bytes);

/// Returns a block to the calling thread's pool; `bytes` as it was requested.
void pool_release(void* block, std::size_t bytes) noexcept;

/// What the pool of the calling thread holds and has done.
PoolStatistics pool_statistics() noexcept;

/// Gives all cached blocks of the calling thread back to the system.
void pool_trim() noexcept;

/// Blocks are cached up to this many bytes a thread (default 1 GiB); what exceeds it goes back to the system.
void pool_limit(std::size_t bytes) noexcept;

}  // namespace autodiff
