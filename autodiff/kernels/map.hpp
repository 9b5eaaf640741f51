#pragma once

// Elementwise kernels: y[i] = f(x₁[i], x₂[i], …) over broadcast, strided inputs. What depends on f is one
// loop over batches along a row; which rows there are is worked out once, without templates on f.

#include <autodiff/array.hpp>
#include <autodiff/kernels/ranges.hpp>
#include <autodiff/numbers/batch.hpp>

#include <memory>
#include <span>

namespace autodiff::kernels {

/// An input as the kernel reads it: strides along the axes of the result, 0 where it is stretched.
template <class T>
struct MapInput {
    const T* data;    ///< its element at index (0, …, 0)
    Strides strides;  ///< in elements, 0 where it is stretched
};

/// Applies f to one row of n elements: each input is contiguous, or a single number (stretched[k]).
template <class T>
using RowFunction = void (*)(const void* f, const T* const* inputs, const bool* stretched, T* out, Index n);

/// Calls `row` for all rows of a contiguous result of `shape`.
template <class T>
void map_rows(const Shape& shape, std::span<const MapInput<T>> inputs, T* out, RowFunction<T> row,
              const void* f);

extern template void map_rows(const Shape&, std::span<const MapInput<double>>, double*, RowFunction<double>,
                              const void*);
extern template void map_rows(const Shape&, std::span<const MapInput<float>>, float*, RowFunction<float>,
                              const void*);

/// The shape of the result if one row is all there is: if every input is a contiguous array of that shape, or
/// a single number, stretched or to be (stretched[k]). Else null.
template <class T>
const Shape* shape_of_one_row(std::span<const Array<T>* const> inputs, bool* stretched);

extern template const Shape* shape_of_one_row(std::span<const Array<double>* const>, bool*);
extern template const Shape* shape_of_one_row(std::span<const Array<float>* const>, bool*);

/// Calls `row` for one row of n elements, on several threads if it is long.
template <class T>
void map_one_row(std::span<const T* const> inputs, const bool* stretched, T* out, Index n, RowFunction<T> row,
                 const void* f);

extern template void map_one_row(std::span<const double* const>, const bool*, double*, Index,
                                 RowFunction<double>, const void*);
extern template void map_one_row(std::span<const float* const>, const bool*, float*, Index,
                                 RowFunction<float>, const void*);

/// A function of batches that is fast and may make NaN, and one that makes it only where it is right.
template <class First, class Second>
struct Retried {
    First first;    ///< the fast one
    Second second;  ///< the other
};

namespace detail {

template <class T, class F, std::size_t... K>
void map_row(const F& f, const T* const* inputs, const bool* stretched, T* out, Index n,
             std::index_sequence<K...>)
{
    for_instruction_set([&](auto bytes) {
        constexpr int lanes = lanes_of<T, bytes()>;
        using B = Batch<T, lanes>;
        // Copies, which no element that is stored can change.
        const T* const from[] = {inputs[K]...};
        const bool is_stretched[] = {stretched[K]...};
        const B stretched_inputs[] = {B(*inputs[K])...};
        Index i = 0;
        for (; i + lanes <= n; i += lanes)
            B(f((is_stretched[K] ? stretched_inputs[K] : B::load(from[K] + i))...)).store(out + i);
        if (i == n) return;
        // The rest of the row, filled up with its first element, goes through the same batch: an element's
        // value does not depend on its place.
        T rest[sizeof...(K)][lanes];
        const auto count = static_cast<std::size_t>(n - i);
        for (std::size_t k = 0; k < sizeof...(K); ++k) {
            const T* const first = from[k] + (is_stretched[k] ? 0 : i);
            B(*first).store(rest[k]);
            if (!is_stretched[k]) std::memcpy(rest[k], first, count * sizeof(T));
        }
        T result[lanes];
        B(f(B::load(rest[K])...)).store(result);
        std::memcpy(out + i, result, count * sizeof(T));
    });
}

/// The same with a function that is tried first: where it makes a NaN, the other one decides.
template <class T, class First, class Second, std::size_t... K>
void map_row(const Retried<First, Second>& f, const T* const* inputs, const bool* stretched, T* out, Index n,
             std::index_sequence<K...> all)
{
    constexpr Index at_once = 4096;  // which stay in cache
    for (Index i = 0; i < n; i += at_once) {
        const Index count = n - i < at_once ? n - i : at_once;
        const T* const from[] = {inputs[K] + (stretched[K] ? 0 : i)...};
        map_row(f.first, from, stretched, out + i, count, all);
        if (has_nan(std::span<const T>(out + i, static_cast<std::size_t>(count)))) [[unlikely]]
            map_row(f.second, from, stretched, out + i, count, all);
    }
}

}  // namespace detail

/// A function of rows, and how to keep it.
template <class T>
struct Rows {
    RowFunction<T> row;  ///< called with f
    const void* f;       ///< lent: it lives as long as the call it is handed to
    std::shared_ptr<const void> (*copy)(const void* f);  ///< of f, for a program that calls it later
};

/// f elementwise of one to six arrays, broadcasting; a new contiguous array.
/// @throws ShapeError naming `op` if the shapes do not broadcast.
template <class T>
Array<T> map_arrays(const char* op, const Rows<T>& rows, std::span<const Array<T>* const> arrays);

extern template Array<double> map_arrays(const char*, const Rows<double>&,
                                         std::span<const Array<double>* const>);
extern template Array<float> map_arrays(const char*, const Rows<float>&,
                                        std::span<const Array<float>* const>);

/// f(x…) elementwise, broadcasting; a new contiguous array. f takes and returns batches.
/// @throws ShapeError naming `op` if the shapes do not broadcast.
template <class T, class F, class... More>
Array<T> map(const char* op, const F& f, const Array<T>& x, const More&... more)
{
    static_assert(sizeof...(More) < 6, "autodiff: an elementwise op takes at most six tensors");
    const auto row = [](const void* function, const T* const* rows, const bool* stretched, T* result,
                        Index n) {
        detail::map_row(*static_cast<const F*>(function), rows, stretched, result, n,
                        std::make_index_sequence<1 + sizeof...(More)>{});
    };
    const auto copy = [](const void* function) -> std::shared_ptr<const void> {
        return std::make_shared<const F>(*static_cast<const F*>(function));
    };
    const Array<T>* const arrays[] = {&x, &more...};
    return map_arrays<T>(op, {row, &f, copy}, arrays);
}

}  // namespace autodiff::kernels
