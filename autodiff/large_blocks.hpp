#pragma once

// Memory for large arrays, which all threads share: pages of the system's, cut as blocks are asked for. What
// a block of one size gives back serves those of any other, so that a computation needs hardly more than what
// it holds at its peak.

#include <cstddef>

namespace autodiff::detail {

// Under AddressSanitizer every block goes back to the system at once, so that a use after release is seen.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_address_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool is_address_sanitized = true;
#else
inline constexpr bool is_address_sanitized = false;
#endif
#else
inline constexpr bool is_address_sanitized = false;
#endif

/// Whether pages can be had one by one.
#if defined(__linux__)
inline constexpr bool has_large_blocks = !is_address_sanitized;
#else
inline constexpr bool has_large_blocks = false;
#endif
/// Blocks from this many bytes on come from here, if there are any.
inline constexpr std::size_t large_block = std::size_t{128} << 10;

/// A block, and whether its memory was taken from the system.
struct LargeBlock {
    void* memory;
    bool is_new;
};

/// A block of at least `bytes` bytes, aligned to a page. @throws std::bad_alloc.
LargeBlock take_large_block(std::size_t bytes);
/// Gives one back; `bytes` as it was asked for.
void release_large_block(void* block, std::size_t bytes) noexcept;

/// What waits to be taken again.
std::size_t free_large_bytes() noexcept;
/// Gives that back to the system.
void trim_large_blocks() noexcept;
/// No more than so many bytes wait; others go back to the system.
void limit_large_blocks(std::size_t bytes) noexcept;

}  // namespace autodiff::detail
