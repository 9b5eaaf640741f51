#include <autodiff/kernels/pooling.hpp>

#include <autodiff/threads.hpp>

#include <cmath>
#include <span>
#include <vector>

namespace autodiff::kernels {

namespace {

/// Calls f(first plane, last plane) for parts of the planes, on any thread.
void for_each_planes(Index planes, Index plane_size, auto f)
{
    constexpr Index enough = 16384;  // elements of x
    const Index step = std::max<Index>(1, enough / std::max<Index>(1, plane_size));
    for_each_chunk((planes + step - 1) / step,
                   [&](Index chunk) { f(chunk * step, std::min(planes, (chunk + 1) * step)); });
}

/// Calls f(row of the output, source row, u, v, begin, end) for every row of a plane and every place (u, v)
/// in the window: elements [begin, end) of that row see something there.
void for_each_window_row(const Pooling& p, auto f)
{
    for (Index i = 0; i < p.rows.output; ++i)
        for (Index u = 0; u < p.rows.window; ++u) {
            const Index row = p.rows.source(i, u);
            if (row < 0 || row >= p.rows.input) continue;
            for (Index v = 0; v < p.columns.window; ++v) {
                const auto [begin, end] = p.columns.inside(v);
                f(i, row, u, v, begin, end);
            }
        }
}

/// Where a window finds its elements, from its first on: those that are no padding.
class WindowOffsets {
public:
    explicit WindowOffsets(const Pooling& sizes) : p_(sizes)
    {
        collect(whole_, [](Index, Index) { return true; });
    }

    std::span<const Index> of_whole() const { return whole_; }
    std::span<const Index> of(Index i, Index j)
    {
        const auto is_inside = [](const WindowAxis& axis, Index at) { return at >= 0 && at < axis.input; };
        collect(some_, [&](Index u, Index v) {
            return is_inside(p_.rows, p_.rows.source(i, u)) && is_inside(p_.columns, p_.columns.source(j, v));
        });
        return some_;
    }

private:
    void collect(std::vector<Index>& offsets, auto is_wanted) const
    {
        offsets.clear();
        for (Index u = 0; u < p_.rows.window; ++u)
            for (Index v = 0; v < p_.columns.window; ++v)
                if (is_wanted(u, v))
                    offsets.push_back(u * p_.rows.dilation * p_.columns.input + v * p_.columns.dilation);
    }

    const Pooling& p_;
    std::vector<Index> whole_, some_;
};

/// The offset of the first of the largest elements, or of a NaN. Without branches: which is larger cannot be
/// foreseen.
template <class T>
Index offset_of_largest(const T* window, std::span<const Index> offsets)
{
    Index largest = offsets[0];
    for (std::size_t k = 1; k < offsets.size(); ++k) {
        const T best = window[largest], candidate = window[offsets[k]];
        const auto is_better =
            static_cast<Index>(candidate > best) | static_cast<Index>(std::isnan(candidate));
        largest ^= (largest ^ offsets[k]) & -is_better;
    }
    return largest;
}

}  // namespace

template <class T>
Maxima<T> max_pool(const Pooling& p, const Array<T>& x, const Shape& y_shape)
{
    Maxima<T> result{Array<T>::uninitialized(y_shape), Array<Index>::uninitialized(y_shape)};
    T* const y = result.values.writable();
    Index* const positions = result.positions.writable();
    const Index x_plane = p.rows.input * p.columns.input, y_plane = p.rows.output * p.columns.output;
    for_each_planes(p.planes, x_plane, [&](Index first, Index last) {
        WindowOffsets offsets(p);
        const WindowAxis::Range rows = p.rows.whole(), columns = p.columns.whole();
        const auto find = [&](Index at, Index window, std::span<const Index> within) {
            positions[at] = window + offset_of_largest(x.data() + window, within);
            y[at] = x.data()[positions[at]];
        };
        for (Index plane = first; plane < last; ++plane)
            for (Index i = 0; i < p.rows.output; ++i) {
                const Index at = plane * y_plane + i * p.columns.output;
                const Index window =
                    plane * x_plane + p.rows.source(i, 0) * p.columns.input - p.columns.padding;
                const bool is_whole = rows.contains(i);
                for (Index j = 0; j < p.columns.output; ++j)
                    if (!is_whole || !columns.contains(j))
                        find(at + j, window + j * p.columns.stride, offsets.of(i, j));
                if (is_whole)
                    for (Index j = columns.begin; j < columns.end; ++j)
                        find(at + j, window + j * p.columns.stride, offsets.of_whole());
            }
    });
    return result;
}

template <class T>
Array<T> sum_pool(const Pooling& p, const Array<T>& x, T factor, const Shape& y_shape)
{
    Array<T> result = Array<T>::uninitialized(y_shape);
    T* const y = result.writable();
    const Index x_plane = p.rows.input * p.columns.input, y_plane = p.rows.output * p.columns.output;
    for_each_planes(p.planes, x_plane, [&](Index first, Index last) {
        for (Index plane = first; plane < last; ++plane) {
            T* const to = y + plane * y_plane;
            std::fill_n(to, y_plane, T{0});
            for_each_window_row(p, [&](Index i, Index row, Index, Index v, Index begin, Index end) {
                const T* const from = x.data() + plane * x_plane + row * p.columns.input;
                for (Index j = begin; j < end; ++j)
                    to[i * p.columns.output + j] += from[p.columns.source(j, v)];
            });
            for (Index j = 0; j < y_plane; ++j) to[j] *= factor;
        }
    });
    return result;
}

template <class T>
Array<T> sum_pool_back(const Pooling& p, const Array<T>& y, T factor, const Shape& x_shape)
{
    Array<T> result = Array<T>::uninitialized(x_shape);
    T* const x = result.writable();
    const Index x_plane = p.rows.input * p.columns.input, y_plane = p.rows.output * p.columns.output;
    for_each_planes(p.planes, x_plane, [&](Index first, Index last) {
        std::fill(x + first * x_plane, x + last * x_plane, T{0});
        for (Index plane = first; plane < last; ++plane)
            for_each_window_row(p, [&](Index i, Index row, Index, Index v, Index begin, Index end) {
                const T* const from = y.data() + plane * y_plane + i * p.columns.output;
                T* const to = x + plane * x_plane + row * p.columns.input;
                for (Index j = begin; j < end; ++j) to[p.columns.source(j, v)] += from[j] * factor;
            });
    });
    return result;
}

template <class T>
Array<T> scatter_to(const Shape& x_shape, const Array<Index>& positions, const Array<T>& y, Index planes)
{
    Array<T> result = Array<T>::uninitialized(x_shape);
    T* const x = result.writable();
    const Index x_plane = planes == 0 ? 0 : result.size() / planes,
                y_plane = planes == 0 ? 0 : y.size() / planes;
    for_each_planes(planes, x_plane, [&](Index first, Index last) {
        std::fill(x + first * x_plane, x + last * x_plane, T{0});
        for (Index i = first * y_plane; i < last * y_plane; ++i) x[positions.data()[i]] += y.data()[i];
    });
    return result;
}

template <class T>
Array<T> gather_from(const Array<T>& x, const Array<Index>& positions)
{
    Array<T> y = Array<T>::uninitialized(positions.shape());
    for (Index i = 0; i < y.size(); ++i) y.writable()[i] = x.data()[positions.data()[i]];
    return y;
}

template Maxima<double> max_pool(const Pooling&, const Array<double>&, const Shape&);
template Maxima<float> max_pool(const Pooling&, const Array<float>&, const Shape&);
template Array<double> sum_pool(const Pooling&, const Array<double>&, double, const Shape&);
template Array<float> sum_pool(const Pooling&, const Array<float>&, float, const Shape&);
template Array<double> sum_pool_back(const Pooling&, const Array<double>&, double, const Shape&);
template Array<float> sum_pool_back(const Pooling&, const Array<float>&, float, const Shape&);
template Array<double> scatter_to(const Shape&, const Array<Index>&, const Array<double>&, Index);
template Array<float> scatter_to(const Shape&, const Array<Index>&, const Array<float>&, Index);
template Array<double> gather_from(const Array<double>&, const Array<Index>&);
template Array<float> gather_from(const Array<float>&, const Array<Index>&);

}  // namespace autodiff::kernels
