#include <nn/data/loader.hpp>

#include <numeric>

namespace nn::data::detail {

using autodiff::DomainError;
using autodiff::fail;

Index batch_count(Index samples, const LoaderOptions& options)
{
    if (options.batch_size < 1)
        fail<DomainError>("loader: the batch_size {} is not positive", options.batch_size);
    if (options.prefetch < 0) fail<DomainError>("loader: prefetch is {}; 0 is without", options.prefetch);
    const bool one_more = !options.drop_last && samples % options.batch_size != 0;
    return samples / options.batch_size + (one_more ? 1 : 0);
}

std::vector<Index> sample_order(Index samples, const LoaderOptions& options, Index epoch)
{
    std::vector<Index> order(static_cast<std::size_t>(samples));
    std::iota(order.begin(), order.end(), Index{0});
    if (options.shuffle) shuffle(fold_in(options.key, static_cast<std::uint64_t>(epoch)), order);
    return order;
}

Key transform_key(Key key, Index epoch)
{
    return autodiff::split<1>(fold_in(key, static_cast<std::uint64_t>(epoch)))[0];
}

}  // namespace nn::data::detail
