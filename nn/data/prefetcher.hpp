#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace nn::data {

/// Does work ahead on a thread, into slots that are used in turn: produce(0), produce(1), …, produce(slots -
/// 1), produce(0), …, until one returns false. A slot is not touched while it is the one that next() gave
/// last; so of n slots n - 1 are filled ahead.
class Prefetcher {
public:
    /// @throws std::system_error if there can be no more threads.
    Prefetcher(std::size_t slots, std::function<bool(std::size_t slot)> produce);
    /// Waits for the produce() that is running, if any, and starts no other.
    ~Prefetcher();
    Prefetcher(const Prefetcher&) = delete;
    Prefetcher& operator=(const Prefetcher&) = delete;

    /// The next slot, once it is filled; none when all are through. What produce() has thrown is thrown here,
    /// after the slots that were filled before it.
    std::optional<std::size_t> next();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace nn::data
