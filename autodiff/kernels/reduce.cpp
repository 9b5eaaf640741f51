#include <autodiff/kernels/reduce.hpp>

#include <autodiff/kernels/axis_blocks.hpp>
#include <autodiff/program.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace autodiff::kernels {

namespace {

struct Sum {
    static constexpr double of_nothing = 0;
    static auto combine(auto a, auto b) { return a + b; }
};
struct Product {
    static constexpr double of_nothing = 1;
    static auto combine(auto a, auto b) { return a * b; }
};
struct Maximum {
    static constexpr double of_nothing = -std::numeric_limits<double>::infinity();
    static auto combine(auto a, auto b) { return a < b || std::isnan(b) ? b : a; }
};
struct Minimum {
    static constexpr double of_nothing = std::numeric_limits<double>::infinity();
    static auto combine(auto a, auto b) { return b < a || std::isnan(b) ? b : a; }
};

constexpr Index run = 64;   // terms combined one after the other
constexpr Index parts = 8;  // of neighbouring terms: as many partial results, so that they form a vector

/// x[0] ∘ … ∘ x[count - 1] for 0 < count <= run.
template <class F, class T>
T reduce_run(const T* x, Index count)
{
    if (count < parts) {
        T result = x[0];
        for (Index k = 1; k < count; ++k) result = F::combine(result, x[k]);
        return result;
    }
    T partial[parts];
    std::copy_n(x, parts, partial);
    Index k = parts;
    for (; k + parts <= count; k += parts)
        for (Index i = 0; i < parts; ++i) partial[i] = F::combine(partial[i], x[k + i]);
    for (Index i = 0; k < count; ++i, ++k) partial[i] = F::combine(partial[i], x[k]);
    for (Index half = parts / 2; half > 0; half /= 2)
        for (Index i = 0; i < half; ++i) partial[i] = F::combine(partial[i], partial[i + half]);
    return partial[0];
}

/// The middle of a run of more than `run` terms, at a multiple of `run`.
constexpr Index middle(Index count) { return (count / 2 + run - 1) / run * run; }

template <class F, class T>
T reduce_tree(const T* x, Index count)
{
    if (count <= run) return reduce_run<F>(x, count);
    const Index half = middle(count);
    return F::combine(reduce_tree<F>(x, half), reduce_tree<F>(x + half, count - half));
}

/// out[i] = x[0, i] ∘ … ∘ x[count - 1, i] for `inner` columns i.
template <class F, class T>
void reduce_columns(const T* x, Index count, Index inner, T* out)
{
    if (count <= run) {
        std::copy_n(x, inner, out);
        for (Index k = 1; k < count; ++k)
            for (Index i = 0; i < inner; ++i) out[i] = F::combine(out[i], x[k * inner + i]);
        return;
    }
    const Index half = middle(count);
    reduce_columns<F>(x, half, inner, out);
    Array<T> other = Array<T>::uninitialized(Shape{inner});
    reduce_columns<F>(x + half * inner, count - half, inner, other.writable());
    for (Index i = 0; i < inner; ++i) out[i] = F::combine(out[i], other.data()[i]);
}

/// Over the axes [first, last), into an array of `shape`.
template <class F, class T>
Array<T> reduce_adjacent(const Array<T>& x, std::size_t first, std::size_t last, const Shape& shape)
{
    const auto [outer, count, inner] = AxisBlocks(x.shape(), first, last);
    if (count == 0) return Array<T>::filled(shape, static_cast<T>(F::of_nothing));
    Array<T> result = Array<T>::uninitialized(shape);
    T* out = result.writable();
    for (Index o = 0; o < outer; ++o) {
        if (inner == 1) out[o] = reduce_tree<F>(x.data() + o * count, count);
        else if (inner > 0) reduce_columns<F>(x.data() + o * count * inner, count, inner, out + o * inner);
    }
    return result;
}

/// Runs of adjacent axes are reduced from the last to the first, which gives the result its shape.
template <class F, class T>
Array<T> reduce(const Array<T>& x, const Axes& axes, bool keep_dims)
{
    Array<T> result = x.contiguous();
    const Shape shape = reduced_shape(x.shape(), axes, keep_dims);
    for (std::size_t end = axes.count(); end > 0;) {
        std::size_t begin = end - 1;
        while (begin > 0 && axes[begin - 1] + 1 == axes[begin]) --begin;
        const auto first = static_cast<std::size_t>(axes[begin]),
                   last = static_cast<std::size_t>(axes[end - 1]) + 1;
        Shape kept = result.shape();
        for (std::size_t axis = first; axis < last; ++axis) kept[axis] = 1;
        result = reduce_adjacent<F>(result, first, last, begin == 0 ? shape : kept);
        end = begin;
    }
    return result;
}

}  // namespace

template <class T>
Array<T> sum(const Array<T>& x, const Axes& axes, bool keep_dims)
{
    return replayable("sum", reduce<Sum, T>, x, axes, keep_dims);
}
template <class T>
Array<T> prod(const Array<T>& x, const Axes& axes, bool keep_dims)
{
    return replayable("prod", reduce<Product, T>, x, axes, keep_dims);
}
template <class T>
Array<T> max(const Array<T>& x, const Axes& axes, bool keep_dims)
{
    return replayable("max", reduce<Maximum, T>, x, axes, keep_dims);
}
template <class T>
Array<T> min(const Array<T>& x, const Axes& axes, bool keep_dims)
{
    return replayable("min", reduce<Minimum, T>, x, axes, keep_dims);
}

template <class T>
Array<T> cumsum(const Array<T>& x, std::size_t axis)
{
    const auto [outer, count, inner] = AxisBlocks(x.shape(), axis);
    Array<T> result = Array<T>::uninitialized(x.shape());
    copy_elements(x, result.writable());
    if (result.size() == 0) return result;
    for (Index o = 0; o < outer; ++o) {
        T* block = result.writable() + o * count * inner;
        for (Index i = inner; i < count * inner; ++i) block[i] = block[i - inner] + block[i];
    }
    return result;
}

template Array<double> sum(const Array<double>&, const Axes&, bool);
template Array<float> sum(const Array<float>&, const Axes&, bool);
template Array<double> prod(const Array<double>&, const Axes&, bool);
template Array<float> prod(const Array<float>&, const Axes&, bool);
template Array<double> max(const Array<double>&, const Axes&, bool);
template Array<float> max(const Array<float>&, const Axes&, bool);
template Array<double> min(const Array<double>&, const Axes&, bool);
template Array<float> min(const Array<float>&, const Axes&, bool);
template Array<double> cumsum(const Array<double>&, std::size_t);
template Array<float> cumsum(const Array<float>&, std::size_t);

}  // namespace autodiff::kernels
