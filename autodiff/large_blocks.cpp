#include <autodiff/large_blocks.hpp>

#include <cstdint>
#include <mutex>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace autodiff::detail {

#if defined(__linux__)

namespace {

constexpr std::size_t page = std::size_t{1} << 12, huge_page = std::size_t{1} << 21;
/// So far below what others get from the system, which goes downwards, that there is room between.
constexpr std::size_t far = std::size_t{1} << (sizeof(std::size_t) > 4 ? 36 : 28);

constexpr std::size_t rounded_up(std::size_t bytes, std::size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

bool is_given_back(void* pages, std::size_t bytes) noexcept { return ::munmap(pages, bytes) == 0; }

/// Pages of the system's, or null; at `wanted`, if that is not null.
char* mapped(std::size_t bytes, char* wanted = nullptr)
{
    const int place = wanted ? MAP_FIXED_NOREPLACE : 0;
    void* const pages =
        ::mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | place, -1, 0);
    if (pages == MAP_FAILED) return nullptr;
    if (!wanted || pages == wanted) return static_cast<char*>(pages);
    is_given_back(pages, bytes);  // an old system, which takes the place for a wish
    return nullptr;
}

/// The free memory, in ranges from the highest address to the lowest. All is taken from the high end, as the
/// system itself goes downwards: what it gives next joins the lowest range.
class FreeRanges {
public:
    std::size_t bytes() const { return bytes_; }

    /// From the end of the first that is large enough; null if none is.
    char* take(std::size_t bytes)
    {
        Range** link = &first_;
        while (*link && (*link)->bytes < bytes) link = &(*link)->next;
        Range* const found = *link;
        if (!found) return nullptr;
        bytes_ -= bytes;
        found->bytes -= bytes;
        char* const block = found->end();
        if (found->bytes == 0) *link = found->next;
        return block;
    }
    /// Takes one in, with its neighbours if they are free.
    void add(char* begin, std::size_t bytes)
    {
        bytes_ += bytes;
        Range* above = nullptr;
        Range* below = first_;
        while (below && below->begin() > begin) {
            above = below;
            below = below->next;
        }
        Range* range = ::new (begin) Range{below, bytes};
        (above ? above->next : first_) = range;
        if (above && range->end() == above->begin()) {
            range->bytes += above->bytes;
            replace(above, range);
        }
        if (below && below->end() == range->begin()) {
            below->bytes += range->bytes;
            replace(range, below);
        }
    }
    /// Gives the system back what it takes.
    void clear()
    {
        Range** link = &first_;
        while (Range* const range = *link) {
            Range* const next = range->next;
            const std::size_t bytes = range->bytes;
            if (is_given_back(range, bytes)) {
                *link = next;
                bytes_ -= bytes;
            } else link = &range->next;
        }
    }
    /// How much of the range that begins here is free: 0 if none does.
    std::size_t bytes_from(const char* begin) const
    {
        for (Range* range = first_; range; range = range->next)
            if (range->begin() == begin) return range->bytes;
        return 0;
    }

private:
    /// Each begins with this.
    struct Range {
        Range* next;  // with lower addresses
        std::size_t bytes;

        char* begin() { return reinterpret_cast<char*>(this); }
        char* end() { return begin() + bytes; }
    };

    void replace(const Range* old, Range* range)
    {
        Range** link = &first_;
        while (*link != old) link = &(*link)->next;
        *link = range;
    }

    Range* first_ = nullptr;
    std::size_t bytes_ = 0;
};

struct Shared {
    std::mutex mutex;
    FreeRanges free;
    char* lowest = nullptr;  // where what the system gave last begins
    std::size_t limit = std::size_t{1} << 30;

    void keep_to_limit() noexcept
    {
        if (free.bytes() > limit) free.clear();
    }
};
// Constant to begin with and never destroyed: arrays with static storage may be released after all else.
constinit Shared shared;

/// Adds memory of the system's to what is free, so that a block of so many bytes can be taken; says whether.
/// Much of it is huge pages, whole ones: a fresh page costs four times less for its bytes, and there are
/// fewer to look up.
bool grow(std::size_t bytes)
{
    const std::size_t unit = bytes < huge_page ? page : huge_page;
    const auto address = [](const char* p) { return reinterpret_cast<std::uintptr_t>(p); };
    char *begin = nullptr, *end = shared.lowest;
    if (end) {
        const std::size_t missing = bytes - shared.free.bytes_from(end);
        begin = end - missing - address(end - missing) % unit;
        begin = mapped(static_cast<std::size_t>(end - begin), begin);
    }
    if (!begin) {
        const std::size_t enough = rounded_up(bytes, unit), with_margin = enough + unit - page;
        char* const anywhere = mapped(with_margin);
        if (!anywhere) return false;
        const std::size_t beyond = address(anywhere + with_margin) % unit;
        begin = anywhere + with_margin - beyond - enough;
        if (char* const below = mapped(enough, begin - far)) {
            is_given_back(anywhere, with_margin);
            begin = below;
        } else {
            if (beyond > 0) is_given_back(begin + enough, beyond);
            if (anywhere < begin) is_given_back(anywhere, static_cast<std::size_t>(begin - anywhere));
        }
        end = begin + enough;
    }
    if (unit == huge_page)
        ::madvise(begin, static_cast<std::size_t>(end - begin), MADV_HUGEPAGE);  // a wish: failing is no harm
    shared.lowest = begin;
    shared.free.add(begin, static_cast<std::size_t>(end - begin));
    return true;
}

}  // namespace

LargeBlock take_large_block(std::size_t bytes)
{
    bytes = rounded_up(bytes, page);
    const std::lock_guard alone(shared.mutex);
    if (char* const block = shared.free.take(bytes)) return {block, false};
    if (!grow(bytes)) {
        shared.free.clear();
        if (!grow(bytes)) throw std::bad_alloc{};
    }
    char* const block = shared.free.take(bytes);
    shared.keep_to_limit();
    return {block, true};
}

void release_large_block(void* block, std::size_t bytes) noexcept
{
    bytes = rounded_up(bytes, page);
    const std::lock_guard alone(shared.mutex);
    const bool may_wait = shared.free.bytes() + bytes <= shared.limit;
    if (may_wait || !is_given_back(block, bytes)) shared.free.add(static_cast<char*>(block), bytes);
}

std::size_t free_large_bytes() noexcept
{
    const std::lock_guard alone(shared.mutex);
    return shared.free.bytes();
}

void trim_large_blocks() noexcept
{
    const std::lock_guard alone(shared.mutex);
    shared.free.clear();
}

void limit_large_blocks(std::size_t bytes) noexcept
{
    const std::lock_guard alone(shared.mutex);
    shared.limit = bytes;
    shared.keep_to_limit();
}

#else

LargeBlock take_large_block(std::size_t) { throw std::bad_alloc{}; }
void release_large_block(void*, std::size_t) noexcept {}
std::size_t free_large_bytes() noexcept { return 0; }
void trim_large_blocks() noexcept {}
void limit_large_blocks(std::size_t) noexcept {}

#endif

}  // namespace autodiff::detail
