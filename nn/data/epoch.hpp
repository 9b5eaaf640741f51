#pragma once

#include <nn/data/batch_stream.hpp>

#include <range/v3/range_fwd.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <ranges>

namespace nn::data {

/// The batches of one epoch, once from first to last: an input range, and a view to std::ranges and range-v3.
/// Copies share their place.
template <class... Arrays>
class Epoch : public std::ranges::view_base, public ::ranges::view_base {
    using Stream = detail::BatchStream<Arrays...>;

public:
    /// One array of the batch's samples for each array of the dataset.
    using Batch = std::tuple<Arrays...>;

    /// Goes from batch to batch, once.
    class iterator {
    public:
        using value_type = Batch;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        iterator() = default;
        explicit iterator(std::shared_ptr<Stream> stream) : stream_(std::move(stream)) {}

        /// The batch; another one from the next increment of any iterator on.
        const Batch& operator*() const { return stream_->batch(); }
        iterator& operator++()
        {
            stream_->advance();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const iterator& i, std::default_sentinel_t)
        {
            return !i.stream_ || i.stream_->at_end();
        }

    private:
        std::shared_ptr<Stream> stream_;
    };

    /// No batches.
    Epoch() = default;
    explicit Epoch(EpochPlan<Arrays...> plan) : stream_(std::make_shared<Stream>(std::move(plan))) {}

    /// Where the epoch stands. @throws what making a batch has thrown; so does the increment.
    iterator begin() const
    {
        if (stream_) stream_->start();
        return iterator(stream_);
    }
    /// After the last batch.
    std::default_sentinel_t end() const { return {}; }

private:
    std::shared_ptr<Stream> stream_;
};

}  // namespace nn::data
