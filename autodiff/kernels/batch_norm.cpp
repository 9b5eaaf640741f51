#include <autodiff/kernels/batch_norm.hpp>

#include <autodiff/kernels/rows.hpp>
#include <autodiff/threads.hpp>

#include <cmath>
#include <type_traits>

namespace autodiff::kernels {

namespace {

/// The planes of an array (n, c, …).
struct Planes {
    explicit Planes(const Shape& shape) : samples(shape[0]), channels(shape[1])
    {
        for (std::size_t axis = 2; axis < shape.rank(); ++axis) size *= shape[axis];
    }
    Index samples, channels;
    Index size = 1;

    double count() const { return static_cast<double>(samples * size); }
    /// Calls f(first element, count) for each plane of a channel.
    void for_each(Index channel, auto f) const
    {
        for (Index sample = 0; sample < samples; ++sample) f((sample * channels + channel) * size, size);
    }
    /// The sum over a channel of `of(i, left)`, batches at element i of which `left` are of the plane: within
    /// a plane in T, over planes in double.
    template <class B, class T>
    double sum(Index channel, auto of) const
    {
        double total = 0;
        for_each(channel, [&](Index first, Index n) {
            B partial(0);
            for (Index i = 0; i < n; i += B::size) partial = partial + of(first + i, n - i);
            total += static_cast<double>(across(partial, add));
        });
        return total;
    }
};

template <class B, class T>
void normalize_channel(const Planes& planes, Index c, const T* x, T scale, T shift, T epsilon, T* y, T& mean,
                       T& variance)
{
    mean = static_cast<T>(planes.sum<B, T>(c, [&](Index i, Index left) {
        return load_some<B, T>(x + i, left, 0);
    }) / planes.count());
    const B mu(mean);
    variance = static_cast<T>(planes.sum<B, T>(c, [&](Index i, Index left) {
        const B centred = load_some<B, T>(x + i, left, mean) - mu;
        return centred * centred;
    }) / planes.count());
    const B factor(scale / std::sqrt(variance + epsilon)), offset(shift);
    planes.for_each(c, [&](Index first, Index n) {
        for (Index i = 0; i < n; i += B::size)
            store_some((load_some<B, T>(x + first + i, n - i, 0) - mu) * factor + offset, y + first + i,
                       n - i);
    });
}

/// Products have to be careful where a number of the channel is none, or infinite, so that zeros of ȳ may
/// meet it.
template <Products products, class B, class T>
void pull_channel(const Planes& planes, Index c, const T* y_bar, const T* x, T scale, T mean, T inverse,
                  T* x_bar, T& scale_bar, T& shift_bar)
{
    const B mu(mean), r(inverse);
    const double sum =
        planes.sum<B, T>(c, [&](Index i, Index left) { return load_some<B, T>(y_bar + i, left, 0); });
    const double sum_normal = planes.sum<B, T>(c, [&](Index i, Index left) {
        return product<products>(load_some<B, T>(y_bar + i, left, 0),
                                 (load_some<B, T>(x + i, left, mean) - mu) * r);
    });
    shift_bar = static_cast<T>(sum);
    scale_bar = static_cast<T>(sum_normal);
    const B mean_bar(static_cast<T>(sum / planes.count()));
    const B along(product<products>(B(static_cast<T>(sum_normal / planes.count())), r)),
        factor(scale * inverse);
    planes.for_each(c, [&](Index first, Index n) {
        for (Index i = first; i < first + n; i += B::size) {
            const Index left = first + n - i;
            const B centred = load_some<B, T>(x + i, left, 0) - mu;
            store_some(product<products>(
                           load_some<B, T>(y_bar + i, left, 0) - mean_bar - product<products>(along, centred),
                           factor),
                       x_bar + i, left);
        }
    });
}

/// Calls f with a batch's type, for every channel, on any thread.
template <class T>
void for_each_channel(const Planes& planes, auto f)
{
    const Index of_channel = std::max<Index>(1, planes.samples * planes.size);
    const Index step = std::max<Index>(1, elements_of_a_thread / of_channel);
    for_each_chunk((planes.channels + step - 1) / step, [&](Index chunk) {
        for_instruction_set([&](auto bytes) {
            const Index end = std::min(planes.channels, (chunk + 1) * step);
            for (Index c = chunk * step; c < end; ++c)
                f(std::type_identity<Batch<T, lanes_of<T, bytes()>>>{}, c);
        });
    });
}

}  // namespace

template <class T>
NormalizedChannels<T> batch_norm(const Array<T>& x, const Array<T>& scale, const Array<T>& shift, T epsilon)
{
    const Planes planes(x.shape());
    NormalizedChannels<T> result{Array<T>::uninitialized(x.shape()),
                                 Array<T>::uninitialized({planes.channels}),
                                 Array<T>::uninitialized({planes.channels})};
    T *const y = result.y.writable(), *const mean = result.mean.writable(),
             *const variance = result.variance.writable();
    for_each_channel<T>(planes, [&]<class B>(std::type_identity<B>, Index c) {
        normalize_channel<B>(planes, c, x.data(), scale.data()[c], shift.data()[c], epsilon, y, mean[c],
                             variance[c]);
    });
    return result;
}

template <class T>
BatchNormAdjoints<T> pull_batch_norm(const Array<T>& y_bar, const Array<T>& x, const Array<T>& scale,
                                     const NormalizedChannels<T>& of, T epsilon)
{
    const Planes planes(x.shape());
    BatchNormAdjoints<T> bars{Array<T>::uninitialized(x.shape()), Array<T>::uninitialized({planes.channels}),
                              Array<T>::uninitialized({planes.channels})};
    T *const x_bar = bars.x.writable(), *const scale_bar = bars.scale.writable(),
             *const shift_bar = bars.shift.writable();
    for_each_channel<T>(planes, [&]<class B>(std::type_identity<B>, Index c) {
        const T mean = of.mean.data()[c], inverse = 1 / std::sqrt(of.variance.data()[c] + epsilon);
        const bool are_finite =
            std::isfinite(scale.data()[c]) && std::isfinite(mean) && std::isfinite(inverse);
        with_products(are_finite, [&](auto products) {
            pull_channel<products(), B>(planes, c, y_bar.data(), x.data(), scale.data()[c], mean, inverse,
                                        x_bar, scale_bar[c], shift_bar[c]);
        });
    });
    return bars;
}

template NormalizedChannels<double> batch_norm(const Array<double>&, const Array<double>&,
                                               const Array<double>&, double);
template NormalizedChannels<float> batch_norm(const Array<float>&, const Array<float>&, const Array<float>&,
                                              float);
template BatchNormAdjoints<double> pull_batch_norm(const Array<double>&, const Array<double>&,
                                                   const Array<double>&, const NormalizedChannels<double>&,
                                                   double);
template BatchNormAdjoints<float> pull_batch_norm(const Array<float>&, const Array<float>&,
                                                  const Array<float>&, const NormalizedChannels<float>&,
                                                  float);

}  // namespace autodiff::kernels
