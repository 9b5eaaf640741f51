#include <autodiff/kernels/order.hpp>

#include <autodiff/kernels/axis_blocks.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace autodiff::kernels {

namespace {

// Does the element at i come before the one at j? A total order, so that any algorithm is a stable one.
template <class T>
struct Before {
    const T* x;
    Index stride;
    Order order;

    bool operator()(Index i, Index j) const
    {
        const T a = x[i * stride], b = x[j * stride];
        if (a < b) return order == Order::ascending;
        if (b < a) return order == Order::descending;
        const bool a_is_nan = std::isnan(a), b_is_nan = std::isnan(b);
        return a_is_nan != b_is_nan ? b_is_nan : i < j;
    }
};

/// first(x, n, stride, out) for each line of n elements along an axis: `count` positions, `stride` apart.
template <class T>
IndexArray positions(const Array<T>& x, std::size_t axis, Index count, auto first)
{
    Shape shape = x.shape();
    shape[axis] = count;
    IndexArray result = IndexArray::uninitialized(shape);
    if (result.size() == 0) return result;
    const Array<T> source = x.contiguous();
    const auto [outer, n, inner] = AxisBlocks(x.shape(), axis);
    for (Index o = 0; o < outer; ++o)
        for (Index i = 0; i < inner; ++i)
            first(source.data() + o * n * inner + i, n, inner, result.writable() + o * count * inner + i);
    return result;
}

/// The first element that no other one precedes; NaN precedes all.
template <class T>
IndexArray first_position(const Array<T>& x, std::size_t axis, auto precedes)
{
    return positions(x, axis, 1, [&](const T* line, Index n, Index stride, Index* out) {
        Index best = 0;
        for (Index k = 1; k < n; ++k) {
            const T a = line[k * stride], b = line[best * stride];
            if (precedes(a, b) || (std::isnan(a) && !std::isnan(b))) best = k;
        }
        *out = best;
    });
}

}  // namespace

template <class T>
IndexArray order(const Array<T>& x, std::size_t axis, Index count, Order order)
{
    std::vector<Index> places;  // an axis of nothing may be longer than memory
    return positions(x, axis, count, [&](const T* line, Index n, Index stride, Index* out) {
        places.resize(static_cast<std::size_t>(n));
        std::iota(places.begin(), places.end(), Index{0});
        const Before<T> before{line, stride, order};
        if (count == n) std::sort(places.begin(), places.end(), before);
        else std::partial_sort(places.begin(), places.begin() + count, places.end(), before);
        for (Index k = 0; k < count; ++k) out[k * stride] = places[static_cast<std::size_t>(k)];
    });
}

template <class T>
IndexArray argmax(const Array<T>& x, std::size_t axis)
{
    return first_position(x, axis, [](T a, T b) { return a > b; });
}

template <class T>
IndexArray argmin(const Array<T>& x, std::size_t axis)
{
    return first_position(x, axis, [](T a, T b) { return a < b; });
}

template IndexArray order(const Array<double>&, std::size_t, Index, Order);
template IndexArray order(const Array<float>&, std::size_t, Index, Order);
template IndexArray argmax(const Array<double>&, std::size_t);
template IndexArray argmax(const Array<float>&, std::size_t);
template IndexArray argmin(const Array<double>&, std::size_t);
template IndexArray argmin(const Array<float>&, std::size_t);

}  // namespace autodiff::kernels
