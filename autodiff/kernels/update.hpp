#pragma once

// Elementwise updates in place: (x₁[i], x₂[i], …) = f(x₁[i], x₂[i], …), one pass over memory however many
// arrays f reads and writes. As in map.hpp, what depends on f is one loop over batches along a row.

#include <autodiff/kernels/map.hpp>

namespace autodiff::kernels {

namespace detail {

/// Applies f to one row of n elements. Written rows are contiguous and lie in the arrays themselves.
template <bool... Written, class T, class F, std::size_t... K>
void update_row(const F& given, const T* const* rows, const bool* stretched, Index n,
                std::index_sequence<K...>)
{
    for_instruction_set([&](auto bytes) {
        constexpr int lanes = lanes_of<T, bytes()>;
        using B = Batch<T, lanes>;
        // Copies, which nothing that is stored can change: they stay in registers.
        const F f = given;
        const T* const row[] = {rows[K]...};
        const bool same[] = {!Written && stretched[K]...};
        const auto apply = [&f](std::conditional_t<Written, B&, const B&>... x) { f(x...); };
        const B first[] = {B(*row[K])...};
        Index i = 0;
        for (; i + lanes <= n; i += lanes) {
            B x[] = {same[K] ? first[K] : B::load(row[K] + i)...};
            apply(x[K]...);
            ((Written ? x[K].store(const_cast<T*>(row[K]) + i) : void()), ...);
        }
        if (i == n) return;
        // The rest, filled up with its first element, goes through the same batch: an element's value does
        // not depend on its place.
        T rest[sizeof...(K)][lanes];
        const auto count = static_cast<std::size_t>(n - i);
        for (std::size_t k = 0; k < sizeof...(K); ++k)
            for (std::size_t lane = 0; lane < static_cast<std::size_t>(lanes); ++lane)
                rest[k][lane] = row[k][same[k] ? 0 : i + static_cast<Index>(lane < count ? lane : 0)];
        B x[] = {B::load(rest[K])...};
        apply(x[K]...);
        ((Written ? x[K].store(rest[K]) : void()), ...);
        ((Written ? void(std::memcpy(const_cast<T*>(row[K]) + i, rest[K], count * sizeof(T))) : void()), ...);
    });
}

}  // namespace detail

/// f(x…) for all elements of arrays of one shape. f takes batches: by reference those of arrays that are
/// Written, which must be contiguous and seen by nobody else; the others may be views of any strides.
template <bool... Written, class T, class F>
void update(const F& f, const std::array<const Array<T>*, sizeof...(Written)>& arrays)
{
    static_assert(sizeof...(Written) <= 6, "autodiff: an update takes at most six tensors");  // as map_rows
    const auto row = [](const void* function, const T* const* rows, const bool* stretched, T*, Index n) {
        detail::update_row<Written...>(*static_cast<const F*>(function), rows, stretched, n,
                                       std::make_index_sequence<sizeof...(Written)>{});
    };
    if (arrays[0]->size() == 0) return;
    const T* data[sizeof...(Written)];
    bool contiguous = true;
    for (std::size_t k = 0; k < arrays.size(); ++k) {
        data[k] = arrays[k]->data();
        contiguous &= arrays[k]->is_contiguous();
    }
    if (contiguous) {
        const bool stretched[sizeof...(Written)] = {};
        return map_one_row<T>(data, stretched, nullptr, arrays[0]->size(), row, &f);
    }
    std::array<MapInput<T>, sizeof...(Written)> inputs;
    for (std::size_t k = 0; k < arrays.size(); ++k) inputs[k] = {data[k], arrays[k]->strides()};
    map_rows<T>(arrays[0]->shape(), inputs, const_cast<T*>(data[0]), row, &f);
}

}  // namespace autodiff::kernels
