#include <autodiff/kernels/softmax.hpp>

#include <autodiff/kernels/axis_blocks.hpp>
#include <autodiff/kernels/rows.hpp>
#include <autodiff/numbers/math.hpp>
#include <autodiff/numbers/portable_bits.hpp>
#include <autodiff/threads.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace autodiff::kernels {

namespace {

/// x - m, 0 where they are equal (∞ - ∞, too).
template <class B>
B shifted(const B& x, const B& m)
{
    return select(x == m, B(0), x - m);
}

template <class T>
constexpr T lowest = -std::numeric_limits<T>::infinity();

// ---------------------------------------- along rows --------------------------------------------------

template <Softmax which, class B, class T>
void softmax_of_row(const T* x, Index n, T* y)
{
    const B largest = accumulate(
        n, B(lowest<T>), [&](Index i, auto count) { return load<B, T>(x + i, count, lowest<T>); },
        [](const B& m, const B& v) { return math::larger(v, m); });
    const B m(across(largest, [](T a, T b) { return a < b ? b : a; }));
    const B sum = accumulate(
        n, B(0),
        [&](Index i, auto count) {
            const B e = math::exp(shifted(load<B, T>(x + i, count, lowest<T>), m));
            if constexpr (which == Softmax::plain) store(e, y + i, count);
            return only(e, count);
        },
        add);
    const T total = across(sum, add);
    const B factor(1 / total), logarithm(portable::log(total));
    for_batches<B>(n, [&](Index i, auto count) {
        if constexpr (which == Softmax::plain) store(load<B, T>(y + i, count, 0) * factor, y + i, count);
        else store(shifted(load<B, T>(x + i, count, 0), m) - logarithm, y + i, count);
    });
}

/// Whether a zero of ȳ may have met NaN: plain products show it in the sum, of ȳ y or of ȳ.
template <class T>
bool is_doubtful(Softmax which, T total)
{
    return which == Softmax::plain ? std::isnan(total) : total == 0;
}

/// False if nothing was written because products have to be careful.
template <Softmax which, Products products, class B, class T>
bool try_to_pull_row(const T* y_bar, const T* y, Index n, T* x_bar)
{
    const B sum = accumulate(
        n, B(0),
        [&](Index i, auto count) {
            const B v = load<B, T>(y_bar + i, count, 0);
            if constexpr (which == Softmax::plain) return product<products>(v, load<B, T>(y + i, count, 0));
            else return v;
        },
        add);
    const T of_row = across(sum, add);
    if (products == Products::plain && is_doubtful(which, of_row)) return false;
    const B total(of_row);
    for_batches<B>(n, [&](Index i, auto count) {
        const B v = load<B, T>(y_bar + i, count, 0), value = load<B, T>(y + i, count, 0);
        if constexpr (which == Softmax::plain)
            store(product<products>(value, B(v - total)), x_bar + i, count);
        else store(B(v - product<products>(B(math::exp(value)), total)), x_bar + i, count);
    });
    return true;
}

template <Softmax which, class B, class T>
void pull_softmax_of_row(const T* y_bar, const T* y, Index n, T* x_bar)
{
    if (!try_to_pull_row<which, Products::plain, B>(y_bar, y, n, x_bar))
        try_to_pull_row<which, Products::careful, B>(y_bar, y, n, x_bar);
}

// ---------------------------------------- along columns -----------------------------------------------

/// Columns computed at once; what is kept of each stays in the first cache.
constexpr Index strip = 512;

/// For `width` neighbouring columns of `count` rows that are `step` apart.
template <class B, class T>
void softmax_of_columns(Softmax which, const T* x, Index count, Index step, Index width, T* y)
{
    T largest[strip], total[strip];
    std::fill_n(largest, width, lowest<T>);
    std::fill_n(total, width, T(0));
    const auto for_each = [&](auto f) {
        for (Index k = 0; k < count; ++k)
            for (Index i = 0; i < width; i += B::size) f(x + k * step + i, y + k * step + i, i, width - i);
    };
    for_each([&](const T* from, T*, Index i, Index left) {
        const B m = load_some<B, T>(largest + i, left, 0);
        store_some(math::larger(load_some<B, T>(from, left, 0), m), largest + i, left);
    });
    for_each([&](const T* from, T* to, Index i, Index left) {
        const B m = load_some<B, T>(largest + i, left, 0);
        const B e = math::exp(shifted(load_some<B, T>(from, left, 0), m));
        if (which == Softmax::plain) store_some(e, to, left);
        store_some(load_some<B, T>(total + i, left, 0) + e, total + i, left);
    });
    for (Index i = 0; i < width; ++i)
        total[i] = which == Softmax::plain ? 1 / total[i] : portable::log(total[i]);
    for_each([&](const T* from, T* to, Index i, Index left) {
        const B t = load_some<B, T>(total + i, left, 0);
        if (which == Softmax::plain) return store_some(load_some<B, T>(to, left, 0) * t, to, left);
        const B m = load_some<B, T>(largest + i, left, 0);
        store_some(shifted(load_some<B, T>(from, left, 0), m) - t, to, left);
    });
}

/// False if nothing was written because products have to be careful.
template <Products products, class B, class T>
bool try_to_pull_columns(Softmax which, const T* y_bar, const T* y, Index count, Index step, Index width,
                         T* x_bar)
{
    const bool plain = which == Softmax::plain;
    T total[strip];
    std::fill_n(total, width, T(0));
    const auto for_each = [&](auto f) {
        for (Index k = 0; k < count; ++k)
            for (Index i = 0; i < width; i += B::size)
                f(load_some<B, T>(y_bar + k * step + i, width - i, 0),
                  load_some<B, T>(y + k * step + i, width - i, 0), load_some<B, T>(total + i, width - i, 0),
                  k * step, i, width - i);
    };
    for_each([&](const B& v, const B& value, const B& sum, Index, Index i, Index left) {
        store_some(sum + (plain ? product<products>(v, value) : v), total + i, left);
    });
    if (products == Products::plain &&
        std::any_of(total, total + width, [&](T of_column) { return is_doubtful(which, of_column); }))
        return false;
    for_each([&](const B& v, const B& value, const B& sum, Index row, Index i, Index left) {
        store_some(
            plain ? product<products>(value, B(v - sum)) : B(v - product<products>(B(math::exp(value)), sum)),
            x_bar + row + i, left);
    });
    return true;
}

template <class B, class T>
void pull_softmax_of_columns(Softmax which, const T* y_bar, const T* y, Index count, Index step, Index width,
                             T* x_bar)
{
    if (!try_to_pull_columns<Products::plain, B>(which, y_bar, y, count, step, width, x_bar))
        try_to_pull_columns<Products::careful, B>(which, y_bar, y, count, step, width, x_bar);
}

/// Calls of_row(offset) for each row of the blocks, or of_columns(offset, width) for each strip of columns.
void for_each_strip(const AxisBlocks& blocks, auto of_row, auto of_columns)
{
    const auto [outer, count, inner] = blocks;
    if (count == 0 || inner == 0) return;
    if (inner == 1) {
        const Index rows = std::max<Index>(1, elements_of_a_thread / count);
        for_each_chunk((outer + rows - 1) / rows, [&, total = outer, length = count](Index chunk) {
            const Index end = std::min(total, (chunk + 1) * rows);
            for (Index o = chunk * rows; o < end; ++o) of_row(o * length);
        });
        return;
    }
    const Index strips = (inner + strip - 1) / strip;
    for_each_chunk(outer * strips, [&, block = count * inner, columns = inner](Index chunk) {
        const Index first = chunk % strips * strip;
        of_columns(chunk / strips * block + first, std::min(strip, columns - first));
    });
}

}  // namespace

template <class T>
Array<T> softmax(Softmax which, const Array<T>& x, std::size_t first, std::size_t last)
{
    Array<T> y = Array<T>::uninitialized(x.shape());
    const AxisBlocks blocks(x.shape(), first, last);
    const T* const from = x.data();
    T* const to = y.writable();
    for_each_strip(
        blocks,
        [&](Index at) {
            for_instruction_set([&](auto bytes) {
                using B = Batch<T, lanes_of<T, bytes()>>;
                if (which == Softmax::plain)
                    softmax_of_row<Softmax::plain, B>(from + at, blocks.count, to + at);
                else softmax_of_row<Softmax::logarithm, B>(from + at, blocks.count, to + at);
            });
        },
        [&](Index at, Index width) {
            for_instruction_set([&](auto bytes) {
                softmax_of_columns<Batch<T, lanes_of<T, bytes()>>>(which, from + at, blocks.count,
                                                                   blocks.inner, width, to + at);
            });
        });
    return y;
}

template <class T>
Array<T> pull_softmax(Softmax which, const Array<T>& y_bar, const Array<T>& y, std::size_t first,
                      std::size_t last)
{
    Array<T> x_bar = Array<T>::uninitialized(y.shape());
    const AxisBlocks blocks(y.shape(), first, last);
    const T *const v = y_bar.data(), *const from = y.data();
    T* const to = x_bar.writable();
    for_each_strip(
        blocks,
        [&](Index at) {
            for_instruction_set([&](auto bytes) {
                using B = Batch<T, lanes_of<T, bytes()>>;
                if (which == Softmax::plain)
                    pull_softmax_of_row<Softmax::plain, B>(v + at, from + at, blocks.count, to + at);
                else pull_softmax_of_row<Softmax::logarithm, B>(v + at, from + at, blocks.count, to + at);
            });
        },
        [&](Index at, Index width) {
            for_instruction_set([&](auto bytes) {
                pull_softmax_of_columns<Batch<T, lanes_of<T, bytes()>>>(
                    which, v + at, from + at, blocks.count, blocks.inner, width, to + at);
            });
        });
    return x_bar;
}

template Array<double> softmax(Softmax, const Array<double>&, std::size_t, std::size_t);
template Array<float> softmax(Softmax, const Array<float>&, std::size_t, std::size_t);
template Array<double> pull_softmax(Softmax, const Array<double>&, const Array<double>&, std::size_t,
                                    std::size_t);
template Array<float> pull_softmax(Softmax, const Array<float>&, const Array<float>&, std::size_t,
                                   std::size_t);

}  // namespace autodiff::kernels
