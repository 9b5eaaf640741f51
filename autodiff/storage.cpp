#include <autodiff/storage.hpp>

#include <autodiff/large_blocks.hpp>

#include <array>
#include <bit>
#include <limits>
#include <new>

namespace autodiff {

namespace {

constexpr std::align_val_t alignment{64};

// Four classes to each power of two, from 64 bytes up: at most a quarter of a block is unused.
struct SizeClass {
    std::size_t index;
    std::size_t bytes;
};

constexpr SizeClass size_class(std::size_t bytes)
{
    if (bytes <= 256) {
        const std::size_t steps = bytes == 0 ? 1 : (bytes + 63) / 64;
        return {steps - 1, steps * 64};
    }
    const auto power = static_cast<std::size_t>(std::bit_width(bytes - 1)) - 1;  // 2^power < bytes
    const std::size_t step = std::size_t{1} << (power - 2);
    const std::size_t quarter = (bytes - 1 - (std::size_t{1} << power)) / step;  // 0 ... 3
    return {4 + (power - 8) * 4 + quarter, (std::size_t{1} << power) + (quarter + 1) * step};
}

// A tebibyte, or half of what a machine of 32 bits can address.
constexpr std::size_t largest_pooled = std::size_t{1} << (sizeof(std::size_t) > 4 ? 40 : 31);
constexpr std::size_t largest_in_lists = detail::has_large_blocks ? detail::large_block - 1 : largest_pooled;
constexpr std::size_t class_count = size_class(largest_in_lists).index + 1;

void return_to_system(void* block) noexcept { ::operator delete(block, alignment); }

struct FreeBlock {
    FreeBlock* next;
};

constexpr std::size_t default_limit = detail::is_address_sanitized ? 0 : std::size_t{1} << 30;

/// Of one thread. Constant to begin with and never destroyed, so that using it costs no check; what a thread
/// leaves in it is freed by its Reaper.
struct Pool {
    std::array<FreeBlock*, class_count> free{};
    PoolStatistics statistics;
    std::size_t limit = default_limit;
    bool is_reaped_at_end = false;  // nothing is kept before it is, nor after

    void trim() noexcept
    {
        for (std::size_t index = 0; index < class_count; ++index)
            while (FreeBlock* const head = free[index]) {
                free[index] = head->next;
                return_to_system(head);
            }
        statistics.cached_bytes = 0;
    }
};

constinit thread_local Pool pool{};
constinit thread_local bool thread_is_ending = false;

struct Reaper {
    Reaper() { pool.is_reaped_at_end = true; }
    Reaper(const Reaper&) = delete;
    Reaper& operator=(const Reaper&) = delete;
    ~Reaper()
    {
        pool.is_reaped_at_end =
            false;  // arrays with static storage may live on: their blocks go to the system
        thread_is_ending = true;
        pool.trim();
    }
    static void appoint()
    {
        if (!thread_is_ending) thread_local const Reaper reaper;
    }
};

}  // namespace

void* pool_allocate(std::size_t bytes)
{
    if (bytes > largest_pooled) throw std::bad_alloc{};
    ++pool.statistics.requests;
    if constexpr (detail::has_large_blocks)
        if (bytes >= detail::large_block) {
            const auto [block, is_new] = detail::take_large_block(bytes);
            pool.statistics.system_allocations += is_new;
            return block;
        }
    const SizeClass size = size_class(bytes);
    if (FreeBlock* block = pool.free[size.index]) [[likely]] {
        pool.free[size.index] = block->next;
        pool.statistics.cached_bytes -= size.bytes;
        return block;
    }
    ++pool.statistics.system_allocations;
    return ::operator new(size.bytes, alignment);
}

void pool_release(void* block, std::size_t bytes) noexcept
{
    if constexpr (detail::has_large_blocks)
        if (bytes >= detail::large_block) return detail::release_large_block(block, bytes);
    const SizeClass size = size_class(bytes);
    if (!pool.is_reaped_at_end) [[unlikely]]
        Reaper::appoint();
    if (!pool.is_reaped_at_end || pool.statistics.cached_bytes + size.bytes > pool.limit) [[unlikely]]
        return return_to_system(block);
    pool.free[size.index] = ::new (block) FreeBlock{pool.free[size.index]};
    pool.statistics.cached_bytes += size.bytes;
}

PoolStatistics pool_statistics() noexcept
{
    PoolStatistics all = pool.statistics;
    if constexpr (detail::has_large_blocks) all.cached_bytes += detail::free_large_bytes();
    return all;
}

void pool_trim() noexcept
{
    pool.trim();
    if constexpr (detail::has_large_blocks) detail::trim_large_blocks();
}

void pool_limit(std::size_t bytes) noexcept
{
    pool.limit = bytes;
    if (pool.statistics.cached_bytes > bytes) pool.trim();
    if constexpr (detail::has_large_blocks) detail::limit_large_blocks(bytes);
}

}  // namespace autodiff
