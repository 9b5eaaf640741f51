#include <autodiff/error.hpp>
#include <autodiff/threads.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#if defined(__unix__)
#include <pthread.h>
#endif
#if defined(__linux__)
#include <sched.h>
#endif

namespace autodiff {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_threads = 256;
/// How long a thread that has nothing to do waits busily before it sleeps: about what waking it costs.
constexpr std::chrono::microseconds spin{30};
/// Waiting longer than this for a helper's last chunk means that another program has its processor: for a
/// while, which doubles each time, work is then done without helpers.
constexpr std::chrono::microseconds held_up{500};

void pause()
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

int processors()
{
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::clamp(CPU_COUNT(&set), 1, most_threads);
#endif
    return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, most_threads);
}

std::atomic<int> wanted_threads{processors()};

/// Work that is under way.
struct Job {
    detail::Chunk chunk;
    const void* work;
    Index count;
    std::atomic<Index> next{0};
    std::mutex error_mutex{};
    std::exception_ptr error{};

    /// Takes chunks until none is left.
    void help() noexcept
    {
        for (Index i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) {
            try {
                chunk(work, i);
            } catch (...) {
                const std::lock_guard lock(error_mutex);
                if (!error) error = std::current_exception();
                next.store(count, std::memory_order_relaxed);
            }
        }
    }
};

/// Threads that help with one job at a time.
class Helpers {
public:
    ~Helpers()
    {
        {
            const std::lock_guard lock(mutex_);
            is_over_ = true;
            ++posted_;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }

    /// Whether the job was run: not if helpers are busy with another, or held up.
    bool run(Job& job)
    {
        const std::unique_lock only(one_job_, std::try_to_lock);
        if (!only || is_resting()) return false;
        const int wanted = wanted_threads.load(std::memory_order_relaxed) - 1;
        start(wanted);
        {
            const std::lock_guard lock(mutex_);
            job_ = &job;
            places_ = wanted;
            ++posted_;
        }
        wake_.notify_all();
        job.help();
        {
            const std::lock_guard lock(mutex_);
            job_ = nullptr;  // who has not begun by now need not
        }
        wait_for_the_last();
        return true;
    }

private:
    /// As many threads as asked for, or as the system grants: the caller can do without.
    void start(int count)
    {
        try {
            while (static_cast<int>(threads_.size()) < count) threads_.emplace_back([this] { serve(); });
        } catch (const std::system_error&) {
        } catch (const std::bad_alloc&) {
        }
    }

    void serve()
    {
        std::uint64_t seen = 0;
        while (true) {
            const auto end = Clock::now() + spin;
            while (posted_.load(std::memory_order_acquire) == seen && Clock::now() < end) pause();
            Job* job = nullptr;
            {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, [&] { return posted_.load(std::memory_order_relaxed) != seen; });
                if (is_over_) return;
                seen = posted_.load(std::memory_order_relaxed);
                if (job_ && places_ > 0) {
                    --places_;
                    job = job_;
                    active_.fetch_add(1, std::memory_order_relaxed);
                }
            }
            if (!job) continue;
            job->help();
            active_.fetch_sub(1, std::memory_order_release);
        }
    }

    void wait_for_the_last()
    {
        if (active_.load(std::memory_order_acquire) == 0) {
            rest_after_ = std::max(rest_after_ / 2, first_rest);
            return;
        }
        const auto begin = Clock::now();
        while (active_.load(std::memory_order_acquire) != 0) {
            if (Clock::now() - begin > spin) std::this_thread::yield();
            else pause();
        }
        const auto end = Clock::now();
        if (end - begin <= held_up) return;
        resting_until_ = end + rest_after_;
        rest_after_ = std::min(2 * rest_after_, longest_rest);
    }
    bool is_resting() const { return Clock::now() < resting_until_; }

    static constexpr Clock::duration first_rest = std::chrono::milliseconds(20),
                                     longest_rest = std::chrono::seconds(1);

    std::mutex one_job_;
    Clock::time_point resting_until_{};
    Clock::duration rest_after_ = first_rest;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::atomic<std::uint64_t> posted_{0};
    std::atomic<int> active_{0};
    Job* job_ = nullptr;
    int places_ = 0;
    bool is_over_ = false;
    std::vector<std::thread> threads_;
};

/// The helpers of this process. A fork takes no threads along but what they waited on, where a wake-up then
/// waits for them for ever: the child begins with helpers of its own and leaves these as they are.
class HelpersOfProcess {
public:
    static HelpersOfProcess& instance()
    {
        static HelpersOfProcess only;
        return only;
    }
    ~HelpersOfProcess() { delete helpers_; }
    HelpersOfProcess(const HelpersOfProcess&) = delete;
    HelpersOfProcess& operator=(const HelpersOfProcess&) = delete;

    bool run(Job& job) { return helpers_->run(job); }

private:
    HelpersOfProcess()
    {
#if defined(__unix__)
        pthread_atfork(nullptr, nullptr, [] {
            HelpersOfProcess& ours = instance();
            ours.of_parent_ = std::exchange(ours.helpers_, new Helpers);
        });
#endif
    }

    Helpers* helpers_ = new Helpers;
    Helpers* of_parent_ = nullptr;
};

}  // namespace

int num_threads() { return wanted_threads.load(std::memory_order_relaxed); }

void set_num_threads(int count)
{
    if (count < 1 || count > most_threads)
        fail<LimitError>("set_num_threads: {} threads; choose 1 to {}", count, most_threads);
    wanted_threads.store(count, std::memory_order_relaxed);
}

namespace detail {

void run_chunks(Index count, Chunk chunk, const void* work)
{
    static thread_local bool is_within = false;  // a chunk that divides its own work does it alone
    if (!is_within && num_threads() > 1) {
        Job job{.chunk = chunk, .work = work, .count = count};
        is_within = true;
        const bool was_run = HelpersOfProcess::instance().run(job);
        is_within = false;
        if (job.error) std::rethrow_exception(job.error);
        if (was_run) return;
    }
    for (Index i = 0; i < count; ++i) chunk(work, i);
}

}  // namespace detail

}  // namespace autodiff
