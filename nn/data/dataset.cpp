#include <nn/data/dataset.hpp>

#include <range/v3/algorithm/sort.hpp>

#include <algorithm>
#include <cmath>

namespace nn::data::detail {

using autodiff::DomainError;
using autodiff::fail;
using autodiff::IndexError;
using autodiff::RecordingError;
using autodiff::ShapeError;

template <class T>
const Array<T>& array_of(const Tensor<T>& tensor)
{
    if (tensor.session() != 0)
        fail<RecordingError>(
            "dataset: a tensor of shape {} is a variable, whose derivatives would be lost; samples are "
            "constants, as stop_gradient makes them",
            tensor.shape());
    return tensor.array();
}

Index common_first_size(std::span<const Shape> shapes)
{
    for (const Shape& shape : shapes)
        if (shape.rank() == 0 || shape[0] != shapes[0][0])
            fail<ShapeError>(
                "dataset: arrays of shapes {} and {}; their first sizes, which count the samples, "
                "must be equal",
                shapes[0], shape);
    return shapes.empty() ? 0 : shapes[0][0];
}

template <class T>
Array<T> gather_samples(const Array<T>& x, std::span<const Index> positions, Array<T>& buffer)
{
    const auto count = static_cast<Index>(positions.size());
    Shape shape = x.shape();
    shape[0] = count;
    if (!buffer.is_unique() || buffer.rank() != shape.rank() || buffer.size(0) < count)
        buffer = Array<T>::uninitialized(shape);

    const Index samples = x.size(0);
    const Index sample_size = samples == 0 ? 0 : x.size() / samples;
    T* out = buffer.writable();
    for (const Index position : positions) {
        if (position < 0 || position >= samples)
            fail<IndexError>("dataset: there is no sample {}; they are 0 to {}", position, samples - 1);
        out = std::copy_n(x.data() + position * sample_size, sample_size, out);
    }
    return buffer.size(0) == count ? buffer : buffer.view(shape, shape.contiguous_strides(), 0);
}

std::pair<IndexArray, IndexArray> split_positions(Index size, double fraction, Key key)
{
    if (!(fraction >= 0 && fraction <= 1))
        fail<DomainError>("split: the fraction {} for validation is not in [0, 1]", fraction);
    const auto held_out = static_cast<Index>(std::llround(fraction * static_cast<double>(size)));
    std::vector<Index> order = autodiff::permutation(key, size).to_vector();
    const auto middle = order.begin() + held_out;
    ranges::sort(order.begin(), middle);
    ranges::sort(middle, order.end());
    const std::span<const Index> positions(order);
    const auto count = static_cast<std::size_t>(held_out);
    return {IndexArray(Shape{size - held_out}, positions.subspan(count)),
            IndexArray(Shape{held_out}, positions.first(count))};
}

template const Array<double>& array_of(const Tensor<double>&);
template const Array<float>& array_of(const Tensor<float>&);
template Array<double> gather_samples(const Array<double>&, std::span<const Index>, Array<double>&);
template Array<float> gather_samples(const Array<float>&, std::span<const Index>, Array<float>&);
template Array<Index> gather_samples(const Array<Index>&, std::span<const Index>, Array<Index>&);
template Array<bool> gather_samples(const Array<bool>&, std::span<const Index>, Array<bool>&);

}  // namespace nn::data::detail
