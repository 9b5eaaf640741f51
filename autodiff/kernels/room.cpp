#include <autodiff/kernels/room.hpp>

#include <atomic>
#include <mutex>
#include <new>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#include <sys/resource.h>
#endif

// OpenBLAS's own; other BLAS have none, and take no such buffers.
extern "C" {
[[gnu::weak]] void* blas_memory_alloc(int);
[[gnu::weak]] void blas_memory_free(void*);
}

namespace autodiff::kernels {

bool address_space_is_limited() noexcept
{
#if defined(__linux__)
    rlimit limit{};
    return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
#else
    return false;
#endif
}

bool has_room([[maybe_unused]] std::size_t bytes) noexcept
{
#if defined(__linux__)
    void* const room =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);  // as OpenBLAS does
    if (room == MAP_FAILED) return false;
    munmap(room, bytes);
#endif
    return true;
}

void require_room_for_onednn()
{
    constexpr std::size_t enough = std::size_t{16} << 20;
    // Looking takes microseconds, and asking for the limit none.
    if (address_space_is_limited() && !has_room(enough)) throw std::bad_alloc();
}

namespace {

constexpr std::size_t buffer_bytes = (std::size_t{128} << 20) + (std::size_t{1} << 16);  // on x86-64

std::atomic<int> calls = 0;    // in progress
std::atomic<int> buffers = 0;  // that OpenBLAS has at least
std::mutex making;

/// Several at once, as only then they are different ones.
class Buffers {
public:
    void take_one()
    {
        held_.reserve(held_.size() + 1);
        held_.push_back(blas_memory_alloc(0));
    }
    Buffers() = default;
    ~Buffers()
    {
        for (void* const buffer : held_) blas_memory_free(buffer);
    }
    Buffers(const Buffers&) = delete;
    Buffers& operator=(const Buffers&) = delete;

private:
    std::vector<void*> held_;
};

void make_buffers(int wanted)
{
    const std::lock_guard alone(making);
    if (buffers >= wanted) return;
    // While these are held, each other call in progress may find none that is free, and make one itself.
    const auto others = static_cast<std::size_t>(wanted - 1);
    if (!has_room(buffer_bytes * (static_cast<std::size_t>(wanted) + others))) throw std::bad_alloc();
    Buffers all;
    for (int i = 0; i < wanted; ++i) all.take_one();
    buffers = wanted;
}

}  // namespace

BlasCall::BlasCall()
{
    const int now = ++calls;
    if (now <= buffers.load(std::memory_order_relaxed)) [[likely]]
        return;
    if (!blas_memory_alloc || !blas_memory_free) return;
    try {
        make_buffers(now);
    } catch (...) {
        --calls;
        throw;
    }
}

BlasCall::~BlasCall() { --calls; }

}  // namespace autodiff::kernels
