#include <autodiff/kernels/reduce.hpp>

#include <autodiff/kernels/axis_blocks.hpp>
#include <autodiff/kernels/rows.hpp>
#include <autodiff/numbers/math.hpp>
#include <autodiff/program.hpp>
#include <autodiff/threads.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace autodiff::kernels {

namespace {

template <std::floating_point T>
bool is_nan(T x)
{
    return std::isnan(x);
}
template <class T, int N>
auto is_nan(const Batch<T, N>& x)
{
    return x != x;  // NOLINT(misc-redundant-expression): so is a NaN alone
}

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
    static auto combine(auto a, auto b) { return math::select(is_nan(b), b, math::select(a < b, b, a)); }
};
struct Minimum {
    static constexpr double of_nothing = std::numeric_limits<double>::infinity();
    static auto combine(auto a, auto b) { return math::select(is_nan(b), b, math::select(b < a, b, a)); }
};

constexpr Index run = 64;  // terms combined one after the other
constexpr int parts = 8;   // of neighbouring terms: as many partial results, so that they form a vector

/// x[0] ∘ … ∘ x[count - 1] for 0 < count <= run.
template <class F, class T>
T reduce_run(const T* x, Index count)
{
    if (count < parts) {
        T result = x[0];
        for (Index k = 1; k < count; ++k) result = F::combine(result, x[k]);
        return result;
    }
    using B = Batch<T, parts>;
    B combined = B::load(x);
    Index k = parts;
    for (; k + parts <= count; k += parts) combined = F::combine(combined, B::load(x + k));
    T partial[parts];
    combined.store(partial);
    for (Index i = 0; k < count; ++i, ++k) partial[i] = F::combine(partial[i], x[k]);
    for (Index half = parts / 2; half > 0; half /= 2)
        for (Index i = 0; i < half; ++i) partial[i] = F::combine(partial[i], partial[i + half]);
    return partial[0];
}

/// The middle of a run of more than `run` terms, at a multiple of `run`.
constexpr Index middle(Index count) { return (count / 2 + run - 1) / run * run; }

/// What the runs of `count` terms have come to, combined in halves.
template <class F, class T>
T combine_runs(const T* runs, Index count)
{
    if (count <= run) return runs[0];
    const Index half = middle(count);
    return F::combine(combine_runs<F>(runs, half), combine_runs<F>(runs + half / run, count - half));
}

/// out[o] = x[o, 0] ∘ … ∘ x[o, count - 1] for rows o of the range [first, last); `runs` has room for the runs
/// of one.
template <class F, class T>
void reduce_rows(const T* x, Index first, Index last, Index count, T* runs, T* out)
{
    for (Index o = first; o < last; ++o) {
        for_instruction_set([=](auto) {
            for (Index k = 0; k < count; k += run)
                runs[k / run] = reduce_run<F>(x + o * count + k, std::min(run, count - k));
        });
        out[o] = combine_runs<F>(runs, count);
    }
}

/// A block of neighbouring columns of a matrix, so many elements apart from row to row.
template <class T>
struct Columns {
    const T* x;
    Index apart, width;

    Columns from(Index row) const { return {x + row * apart, apart, width}; }
};

/// The first `count` <= run rows of the columns.
template <class F, class T>
void reduce_rows_of_columns(const Columns<T>& columns, Index count, T* out)
{
    std::copy_n(columns.x, columns.width, out);
    for (Index k = 1; k < count; ++k) {
        const T* const row = columns.x + k * columns.apart;
        for (Index i = 0; i < columns.width; ++i) out[i] = F::combine(out[i], row[i]);
    }
}

/// out[i] = x[0, i] ∘ … ∘ x[count - 1, i] for columns i. `room` has space for a row for each halving.
template <class F, class T>
void reduce_columns(const Columns<T>& columns, Index count, T* out, T* room)
{
    const Index width = columns.width;
    if (count <= run)
        return for_instruction_set([=](auto) { reduce_rows_of_columns<F>(columns, count, out); });
    const Index half = middle(count);
    reduce_columns<F>(columns, half, out, room);
    reduce_columns<F>(columns.from(half), count - half, room, room + width);
    for (Index i = 0; i < width; ++i) out[i] = F::combine(out[i], room[i]);
}

/// Over the axes [first, last), into an array of `shape`. Threads take rows, or blocks of columns.
template <class F, class T>
Array<T> reduce_adjacent(const Array<T>& x, std::size_t first, std::size_t last, const Shape& shape)
{
    const auto [outer, count, inner] = AxisBlocks(x.shape(), first, last);
    if (count == 0) return Array<T>::filled(shape, static_cast<T>(F::of_nothing));
    Array<T> result = Array<T>::uninitialized(shape);
    if (result.size() == 0) return result;  // of rows without columns there may be any number
    T* const out = result.writable();
    const T* const from = x.data();
    constexpr Index few = 1024;
    if (count <= run && x.size() <= few) {  // as below, without its preparations
        for (Index o = 0; o < outer; ++o) {
            const T* const terms = from + o * count * inner;
            if (inner == 1) out[o] = reduce_run<F>(terms, count);
            else reduce_rows_of_columns<F>(Columns<T>{terms, inner, inner}, count, out + o * inner);
        }
        return result;
    }
    if (inner == 1) {
        const Index step = std::max<Index>(1, elements_of_a_thread / count);
        for_each_chunk((outer + step - 1) / step, [=, outer = outer, count = count](Index chunk) {
            Array<T> runs = Array<T>::uninitialized({(count + run - 1) / run});
            reduce_rows<F>(from, chunk * step, std::min(outer, (chunk + 1) * step), count, runs.writable(),
                           out);
        });
        return result;
    }
    constexpr Index most_columns = 512;  // a row of which stays in the first cache
    const Index blocks = (inner + most_columns - 1) / most_columns;
    for_each_chunk(outer * blocks, [=, count = count, inner = inner](Index chunk) {
        const Index o = chunk / blocks, column = chunk % blocks * most_columns;
        const Index width = std::min(most_columns, inner - column);
        Array<T> room = Array<T>::uninitialized({width * (count <= run ? 0 : 64)});
        reduce_columns<F>(Columns<T>{from + o * count * inner + column, inner, width}, count,
                          out + o * inner + column, room.writable());
    });
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
