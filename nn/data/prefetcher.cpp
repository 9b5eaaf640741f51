#include <nn/data/prefetcher.hpp>

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace nn::data {

struct Prefetcher::State {
    State(std::size_t slot_count, std::function<bool(std::size_t)> work)
        : slots(slot_count), produce(std::move(work)), thread([this] { run(); })
    {
    }
    ~State()
    {
        {
            const std::lock_guard lock(mutex);
            stopped = true;
        }
        changed.notify_all();
        thread.join();
    }

    void run()
    {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return stopped || filled - released < slots; });
            if (stopped) return;
            const std::size_t slot = filled % slots;
            lock.unlock();
            bool more = false;
            std::exception_ptr thrown;
            try {
                more = produce(slot);
            } catch (...) {
                thrown = std::current_exception();
            }
            lock.lock();
            if (more) ++filled;
            else ended = true;
            error = std::move(thrown);
            changed.notify_all();
            if (ended) return;
        }
    }

    std::optional<std::size_t> next()
    {
        std::unique_lock lock(mutex);
        released = taken;
        changed.notify_all();
        changed.wait(lock, [this] { return taken < filled || ended; });
        if (taken < filled) return taken++ % slots;
        if (error) std::rethrow_exception(std::exchange(error, nullptr));
        return std::nullopt;
    }

    const std::size_t slots;
    const std::function<bool(std::size_t)> produce;
    std::mutex mutex;
    std::condition_variable changed;
    // How often a slot was filled, handed out, and given back: filled >= taken >= released.
    std::size_t filled = 0, taken = 0, released = 0;
    bool ended = false, stopped = false;
    std::exception_ptr error;
    std::thread thread;  // last, so that all else is there when it starts
};

Prefetcher::Prefetcher(std::size_t slots, std::function<bool(std::size_t slot)> produce)
    : state_(std::make_unique<State>(slots, std::move(produce)))
{
}

Prefetcher::~Prefetcher() = default;

std::optional<std::size_t> Prefetcher::next() { return state_->next(); }

}  // namespace nn::data
