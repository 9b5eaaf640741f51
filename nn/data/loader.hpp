#pragma once

// Mini-batches of a dataset, in an order that seed and epoch decide, on every machine alike:
//
//     const nn::data::Loader loader(training, {.batch_size = 64, .key = Key(1), .prefetch = 2});
//     for (int epoch = 0; epoch < epochs; ++epoch)
//         for (const auto& [x, y] : loader.epoch(epoch)) train(x, y);

#include <nn/data/epoch.hpp>

#include <functional>

namespace nn::data {

/// How a Loader makes batches.
struct LoaderOptions {
    Index batch_size = 32;  ///< samples in a batch, above 0
    /// Whether each epoch has an order of its own; else all have that of the dataset.
    bool shuffle = true;
    /// Decides, with the number of the epoch, its order.
    Key key = Key(0);
    /// Whether a last batch of fewer samples is left out.
    bool drop_last = false;
    /// How many batches a thread makes ahead; 0: each is made when it is asked for.
    Index prefetch = 0;
};

namespace detail {

/// How many batches there are. @throws autodiff::DomainError for options that make no sense.
Index batch_count(Index samples, const LoaderOptions& options);
/// The order of the samples.
std::vector<Index> sample_order(Index samples, const LoaderOptions& options, Index epoch);
/// The key of an epoch's transforms.
Key transform_key(Key key, Index epoch);

}  // namespace detail

/// Mini-batches of a dataset, epoch by epoch, in an order that a key decides; made ahead on a thread if asked
/// for.
template <class... Arrays>
class Loader {
public:
    /// One array of the batch's samples for each array of the dataset.
    using Batch = std::tuple<Arrays...>;
    /// Makes another batch of one, with the key to random numbers of its own: to augment images, say.
    using Transform = std::function<Batch(const Batch&, Key)>;

    /// A transform runs on the thread that makes the batches.
    /// @throws autodiff::DomainError unless batch_size is positive and prefetch not negative.
    explicit Loader(Dataset<Arrays...> dataset, const LoaderOptions& options = {},
                    std::type_identity_t<Transform> transform = {})
        : dataset_(std::move(dataset)),
          options_(options),
          transform_(std::move(transform)),
          batches_(detail::batch_count(dataset_.size(), options_))
    {
    }

    /// How many batches an epoch has.
    Index batches() const { return batches_; }

    /// The batches of an epoch: an input range that needs the loader no more. What making a batch throws
    /// reaches the loop; a loop left early ends the thread.
    Epoch<Arrays...> epoch(Index number) const
    {
        return Epoch<Arrays...>({.dataset = dataset_,
                                 .order = [samples = dataset_.size(), options = options_,
                                           number] { return detail::sample_order(samples, options, number); },
                                 .batch_size = options_.batch_size,
                                 .batches = batches_,
                                 .key = detail::transform_key(options_.key, number),
                                 .transform = transform_,
                                 .prefetch = static_cast<std::size_t>(options_.prefetch)});
    }

private:
    Dataset<Arrays...> dataset_;
    LoaderOptions options_;
    Transform transform_;
    Index batches_;
};

}  // namespace nn::data
