#include <autodiff/large_blocks.hpp>

#if defined(__linux__)

#include <autodiff/pages.hpp>

#include <cstdint>
#include <mutex>
#include <new>
#include <type_traits>

#include <pthread.h>
#include <sys/mman.h>

namespace autodiff::detail {

namespace {

// A multiple of the system's pages, which are larger on other processors than on these.
#if defined(__x86_64__) || defined(__i386__)
constexpr std::size_t page = std::size_t{1} << 12;
#else
constexpr std::size_t page = std::size_t{1} << 16;
#endif
constexpr std::size_t huge_page = std::size_t{1} << 21;
/// So far below what others get from the system, which goes downwards, that there is room between.
constexpr std::size_t far = std::size_t{1} << (sizeof(std::size_t) > 4 ? 36 : 28);

constexpr std::size_t rounded_up(std::size_t bytes, std::size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
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
    /// Gives the system back what exceeds the limit, from the lowest address on.
    void keep(std::size_t limit)
    {
        while (bytes_ > limit) {
            Range** lowest = &first_;
            while ((*lowest)->next) lowest = &(*lowest)->next;
            Range* const range = *lowest;
            const std::size_t excess = rounded_up(bytes_ - limit, page), bytes = range->bytes;
            const std::size_t given = excess < bytes ? excess : bytes;
            *lowest = given < bytes ? ::new (range->begin() + given) Range{nullptr, bytes - given} : nullptr;
            bytes_ -= given;
            if (!give_back_pages(range, given)) return add(range->begin(), given);  // it takes nothing more
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

// Constant to begin with and never destroyed: arrays with static storage may be released after all else.
struct Shared {
    std::mutex mutex;
    FreeRanges free;
    char* lowest = nullptr;  // where what the system gave last begins
    std::size_t limit = std::size_t{1} << 30;
};
constinit Shared shared;
static_assert(std::is_trivially_destructible_v<Shared>);

/// A process that is forked off does not wait for a thread that it does not have.
void keep_free_when_forking()
{
    [[maybe_unused]] static const int result = ::pthread_atfork(
        [] { shared.mutex.lock(); }, [] { shared.mutex.unlock(); }, [] { shared.mutex.unlock(); });
}

std::uintptr_t address(const char* p) { return reinterpret_cast<std::uintptr_t>(p); }

/// Pages for so many bytes, a multiple of `unit`, that begin at one.
char* take_aligned_pages(std::size_t bytes, std::size_t unit)
{
    if (unit == page) return take_pages(bytes);
    const std::size_t with_margin = bytes + unit - page;
    char* const pages = take_pages(with_margin);
    if (!pages) return nullptr;
    const std::size_t before = rounded_up(address(pages), unit) - address(pages);
    if (before > 0) give_back_pages(pages, before);
    if (before < unit - page) give_back_pages(pages + before + bytes, unit - page - before);
    return pages + before;
}

/// Adds memory of the system's to what is free, so that a block of so many bytes can be taken; says whether.
/// Much of it is huge pages, whole ones: a fresh page costs four times less for its bytes, and there are
/// fewer to look up.
bool grow(std::size_t bytes)
{
    keep_free_when_forking();
    const std::size_t unit = bytes < huge_page ? page : huge_page;
    char *begin = nullptr, *end = shared.lowest;
    const auto from = [unit](char* p) { return p - address(p) % unit; };
    if (const std::size_t missing = bytes - shared.free.bytes_from(end); address(end) > missing + unit) {
        begin = from(end - missing);
        begin = take_pages(static_cast<std::size_t>(end - begin), begin);
    }
    if (!begin) {
        const std::size_t enough = rounded_up(bytes, unit);
        char* const others = take_pages(page);
        if (!others) return false;
        give_back_pages(others, page);
        if (address(others) > far + enough + unit) begin = take_pages(enough, from(others - far - enough));
        if (!begin) begin = take_aligned_pages(enough, unit);
        if (!begin) begin = take_pages(enough);
        if (!begin) return false;
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
        shared.free.keep(0);
        if (!grow(bytes)) throw std::bad_alloc{};
    }
    char* const block = shared.free.take(bytes);
    shared.free.keep(shared.limit);
    return {block, true};
}

void release_large_block(void* block, std::size_t bytes) noexcept
{
    bytes = rounded_up(bytes, page);
    const std::lock_guard alone(shared.mutex);
    const bool may_wait = shared.free.bytes() + bytes <= shared.limit;
    if (may_wait || !give_back_pages(block, bytes)) shared.free.add(static_cast<char*>(block), bytes);
}

std::size_t free_large_bytes() noexcept
{
    const std::lock_guard alone(shared.mutex);
    return shared.free.bytes();
}

void trim_large_blocks() noexcept
{
    const std::lock_guard alone(shared.mutex);
    shared.free.keep(0);
}

void limit_large_blocks(std::size_t bytes) noexcept
{
    const std::lock_guard alone(shared.mutex);
    shared.limit = bytes;
    shared.free.keep(bytes);
}

}  // namespace autodiff::detail

#endif
