#pragma once

// The batches of an epoch, one after the other, in memory that is used again and again.

#include <nn/data/dataset.hpp>
#include <nn/data/prefetcher.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <optional>
#include <vector>

namespace nn::data {

/// Which samples are in each batch of an epoch, and what is done to it.
template <class... Arrays>
struct EpochPlan {
    /// One array of the batch's samples for each array of the dataset.
    using Batch = std::tuple<Arrays...>;

    Dataset<Arrays...> dataset;                 ///< what the samples are taken from
    std::function<std::vector<Index>()> order;  ///< of the samples
    Index batch_size;                           ///< samples in a batch; in the last one those that remain
    Index batches;                              ///< how many there are
    Key key;                                    ///< for the transform: folded with the number of the batch
    std::function<Batch(const Batch&, Key)> transform;  ///< may be empty: the batch as it is
    std::size_t prefetch;  ///< how many batches a thread makes ahead; 0: each is made when it is asked for
};

namespace detail {

template <class A>
using BufferOf = std::decay_t<decltype(array_of(std::declval<const A&>()))>;

template <class... Arrays>
class BatchStream {
public:
    using Batch = std::tuple<Arrays...>;

    explicit BatchStream(EpochPlan<Arrays...> plan) : plan_(std::move(plan))
    {
        // The memory comes from, and goes back to, the pool of the thread that uses the batches.
        for (std::size_t i = 0; i <= plan_.prefetch; ++i)
            slots_.push_back({std::apply([&](const Arrays&... a) { return Buffers(buffer_for(a)...); },
                                         plan_.dataset.arrays()),
                              std::nullopt});
        if (plan_.prefetch > 0)
            prefetcher_.emplace(slots_.size(), [this](std::size_t slot) { return fill(slots_[slot]); });
    }

    void start()
    {
        if (!started_ || failure_) advance();
    }
    void advance()
    {
        if (failure_) std::rethrow_exception(failure_);
        started_ = true;
        current_.reset();
        try {
            if (prefetcher_) current_ = prefetcher_->next();
            else if (fill(slots_[0])) current_ = 0;
        } catch (...) {
            failure_ = std::current_exception();
            throw;
        }
    }
    bool at_end() const { return !current_; }
    const Batch& batch() const { return *slots_[*current_].batch; }

private:
    using Buffers = std::tuple<BufferOf<Arrays>...>;

    /// Memory for a batch, used again once nobody else sees it, and the batch made in it.
    struct Slot {
        Buffers buffers;
        std::optional<Batch> batch;
    };

    template <class A>
    BufferOf<A> buffer_for(const A& array) const
    {
        Shape shape = array.shape();
        shape[0] = std::min(shape[0], plan_.batch_size);
        return BufferOf<A>::uninitialized(shape);
    }

    /// Makes the next batch; false if there is none.
    bool fill(Slot& slot)
    {
        slot.batch.reset();
        if (next_ == plan_.batches) return false;
        if (next_ == 0) order_ = plan_.order();
        const Index begin = next_ * plan_.batch_size;
        const Index size = std::min(plan_.batch_size, plan_.dataset.size() - begin);
        const std::span<const Index> positions(order_.data() + begin, static_cast<std::size_t>(size));
        slot.batch = gathered(positions, slot, std::index_sequence_for<Arrays...>{});
        if (plan_.transform)
            slot.batch = plan_.transform(*slot.batch, fold_in(plan_.key, static_cast<std::uint64_t>(next_)));
        ++next_;
        return true;
    }

    template <std::size_t... I>
    Batch gathered(std::span<const Index> positions, Slot& slot, std::index_sequence<I...>)
    {
        const Batch& arrays = plan_.dataset.arrays();
        return Batch(gather_samples(array_of(std::get<I>(arrays)), positions, std::get<I>(slot.buffers))...);
    }

    EpochPlan<Arrays...> plan_;
    std::vector<Index> order_;
    Index next_ = 0;
    bool started_ = false;
    std::exception_ptr failure_;  // an epoch that has failed has no more batches
    std::optional<std::size_t> current_;
    std::vector<Slot> slots_;
    std::optional<Prefetcher> prefetcher_;  // last, so that its thread ends first
};

}  // namespace detail

}  // namespace nn::data
