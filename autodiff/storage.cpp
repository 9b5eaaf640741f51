#include <autodiff/storage.hpp>

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

constexpr std::size_t largest_pooled = std::size_t{1} << 40;
constexpr std::size_t class_count = size_class(largest_pooled).index + 1;

struct FreeBlock {
    FreeBlock* next;
};

// Under AddressSanitizer every block goes back to the system at once, so that a use after release is seen.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t default_limit = 0;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr std::size_t default_limit = 0;
#else
constexpr std::size_t default_limit = std::size_t{1} << 30;
#endif
#else
constexpr std::size_t default_limit = std::size_t{1} << 30;
#endif

struct Pool {
    std::array<FreeBlock*, class_count> free{};
    PoolStatistics statistics;
    std::size_t limit = default_limit;

    ~Pool();
    void trim() noexcept
    {
        for (FreeBlock*& head : free)
            while (head) {
                FreeBlock* next = head->next;
                ::operator delete(head, alignment);
                head = next;
            }
        statistics.cached_bytes = 0;
    }
};

// Arrays with static storage may outlive the pool of their thread; their blocks then go to the system.
constinit thread_local bool pool_is_gone = false;

Pool::~Pool()
{
    trim();
    pool_is_gone = true;
}

Pool& pool()
{
    thread_local Pool instance;
    return instance;
}

}  // namespace

void* pool_allocate(std::size_t bytes)
{
    if (bytes > largest_pooled) throw std::bad_alloc{};
    const SizeClass size = size_class(bytes);
    if (pool_is_gone) return ::operator new(size.bytes, alignment);
    Pool& p = pool();
    ++p.statistics.requests;
    if (FreeBlock* block = p.free[size.index]) {
        p.free[size.index] = block->next;
        p.statistics.cached_bytes -= size.bytes;
        return block;
    }
    ++p.statistics.system_allocations;
    return ::operator new(size.bytes, alignment);
}

void pool_release(void* block, std::size_t bytes) noexcept
{
    const SizeClass size = size_class(bytes);
    if (pool_is_gone || pool().statistics.cached_bytes + size.bytes > pool().limit) {
        ::operator delete(block, alignment);
        return;
    }
    Pool& p = pool();
    p.free[size.index] = ::new (block) FreeBlock{p.free[size.index]};
    p.statistics.cached_bytes += size.bytes;
}

PoolStatistics pool_statistics() noexcept { return pool().statistics; }

void pool_trim() noexcept { pool().trim(); }

void pool_limit(std::size_t bytes) noexcept
{
    pool().limit = bytes;
    if (pool().statistics.cached_bytes > bytes) pool().trim();
}

}  // namespace autodiff
