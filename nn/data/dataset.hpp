#pragma once

// Samples: arrays whose first axes count the same things.

#include <autodiff/random.hpp>
#include <nn/data/elements.hpp>

#include <span>
#include <tuple>
#include <utility>

namespace nn::data {

using autodiff::Key;

namespace detail {

template <class T>
const Array<T>& array_of(const Array<T>& array)
{
    return array;
}
/// @throws autodiff::RecordingError for a variable.
template <class T>
const Array<T>& array_of(const Tensor<T>& tensor);

/// @throws autodiff::ShapeError unless all shapes begin with the same size, which is returned.
Index common_first_size(std::span<const Shape> shapes);

/// The slices of x at positions along its first axis. They are written to `buffer` if that has room and
/// nobody else sees it; else it is replaced by a new array.
/// @throws autodiff::IndexError for a position outside x.
template <class T>
Array<T> gather_samples(const Array<T>& x, std::span<const Index> positions, Array<T>& buffer);

/// The positions of a split: for training, for validation.   @throws autodiff::DomainError.
std::pair<IndexArray, IndexArray> split_positions(Index size, double fraction, Key key);

}  // namespace detail

/// Arrays (samples, …): inputs and targets, images and labels. Tensors, or arrays of Index or bool.
///
///     const Dataset dataset(images, labels);
///     const auto [training, validation] = dataset.split(0.1, Key(1));
///     const auto& [x, y] = validation.arrays();
template <class... Arrays>
class Dataset {
public:
    /// One array for each, (samples, …).
    using Samples = std::tuple<Arrays...>;

    /// @throws autodiff::ShapeError unless the first sizes are equal, autodiff::RecordingError for a
    /// variable: its derivatives would be lost.
    explicit Dataset(Arrays... arrays)
        : size_(detail::common_first_size(std::array{detail::array_of(arrays).shape()...})),
          arrays_(contiguous(arrays)...)
    {
    }

    /// How many samples there are.
    Index size() const { return size_; }
    /// All samples, each array contiguous.
    const Samples& arrays() const { return arrays_; }

    /// The samples at these positions, in their order. @throws autodiff::IndexError.
    Dataset select(const IndexArray& positions) const
    {
        const IndexArray list = positions.contiguous();
        const std::span values(list.data(), static_cast<std::size_t>(list.size()));
        const auto selected = [&]<class A>(const A& array) {
            auto buffer = std::decay_t<decltype(detail::array_of(array))>();
            return A(detail::gather_samples(detail::array_of(array), values, buffer));
        };
        return std::apply([&](const Arrays&... arrays) { return Dataset(selected(arrays)...); }, arrays_);
    }

    /// Training and validation: round(fraction · size) samples drawn with the key are for validation, and
    /// each part keeps the order.   @throws autodiff::DomainError unless fraction is in [0, 1].
    std::pair<Dataset, Dataset> split(double fraction, Key key) const
    {
        const auto [training, validation] = detail::split_positions(size_, fraction, key);
        return {select(training), select(validation)};
    }

private:
    template <class A>
    static A contiguous(const A& array)
    {
        return A(detail::array_of(array).contiguous());
    }

    Index size_;
    Samples arrays_;
};

}  // namespace nn::data
