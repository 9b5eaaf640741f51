#include <autodiff/kernels/layer_norm.hpp>

#include <autodiff/kernels/reduce.hpp>
#include <autodiff/kernels/rows.hpp>
#include <autodiff/threads.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff::kernels {

namespace {

/// Rows whose part of a sum over rows is added up one after the other.
constexpr Index rows_of_a_part = 32;

template <class B, class T>
void normalize_row(const T* x, const T* scale, const T* shift, Index n, T epsilon, T* y, T& mean, T& inverse)
{
    B sum(0);
    for (Index i = 0; i < n; i += B::size) sum = sum + load_some<B, T>(x + i, n - i, 0);
    mean = across(sum, add) / static_cast<T>(n);
    const B mu(mean);
    B squares(0);
    for (Index i = 0; i < n; i += B::size) {
        const B centred = load_some<B, T>(x + i, n - i, mean) - mu;
        squares = squares + centred * centred;
    }
    inverse = 1 / std::sqrt(across(squares, add) / static_cast<T>(n) + epsilon);
    const B r(inverse);
    for (Index i = 0; i < n; i += B::size) {
        const Index left = n - i;
        const B normal = (load_some<B, T>(x + i, left, 0) - mu) * r;
        store_some(normal * load_some<B, T>(scale + i, left, 0) + load_some<B, T>(shift + i, left, 0), y + i,
                   left);
    }
}

/// Products have to be careful where a number of the row is none, or infinite, so that zeros of ȳ may meet
/// it.
template <Products products, class B, class T>
void pull_row(const T* y_bar, const T* x, const T* scale, Index n, T mean, T inverse, T* x_bar, T* scale_bar,
              T* shift_bar)
{
    const B mu(mean), r(inverse);
    B sum_g(0), sum_gx(0);
    for (Index i = 0; i < n; i += B::size) {
        const Index left = n - i;
        const B v = load_some<B, T>(y_bar + i, left, 0);
        const B normal = (load_some<B, T>(x + i, left, mean) - mu) * r;
        const B g = product<products>(v, load_some<B, T>(scale + i, left, 0));
        sum_g = sum_g + g;
        sum_gx = sum_gx + product<products>(g, normal);
        store_some(load_some<B, T>(scale_bar + i, left, 0) + product<products>(v, normal), scale_bar + i,
                   left);
        store_some(load_some<B, T>(shift_bar + i, left, 0) + v, shift_bar + i, left);
    }
    const B mean_g(across(sum_g, add) / static_cast<T>(n)), mean_gx(across(sum_gx, add) / static_cast<T>(n));
    for (Index i = 0; i < n; i += B::size) {
        const Index left = n - i;
        const B normal = (load_some<B, T>(x + i, left, mean) - mu) * r;
        const B g =
            product<products>(load_some<B, T>(y_bar + i, left, 0), load_some<B, T>(scale + i, left, 0));
        store_some(product<products>(g - mean_g - product<products>(mean_gx, normal), r), x_bar + i, left);
    }
}

}  // namespace

template <class T>
NormalizedRows<T> layer_norm(const Array<T>& x, const Array<T>& scale, const Array<T>& shift, T epsilon)
{
    const Index n = x.shape().back(), rows = x.size() / n;
    NormalizedRows<T> result{Array<T>::uninitialized(x.shape()), Array<T>::uninitialized({rows}),
                             Array<T>::uninitialized({rows})};
    T *const y = result.y.writable(), *const mean = result.mean.writable(),
             *const inverse = result.inverse.writable();
    const Index step = std::max<Index>(1, elements_of_a_thread / n);
    for_each_chunk((rows + step - 1) / step, [&](Index chunk) {
        for_instruction_set([&](auto bytes) {
            for (Index row = chunk * step; row < std::min(rows, (chunk + 1) * step); ++row)
                normalize_row<Batch<T, lanes_of<T, bytes()>>>(x.data() + row * n, scale.data(), shift.data(),
                                                              n, epsilon, y + row * n, mean[row],
                                                              inverse[row]);
        });
    });
    return result;
}

template <class T>
LayerNormAdjoints<T> pull_layer_norm(const Array<T>& y_bar, const Array<T>& x, const Array<T>& scale,
                                     const NormalizedRows<T>& of)
{
    const Index n = x.shape().back(), rows = x.size() / n,
                parts = (rows + rows_of_a_part - 1) / rows_of_a_part;
    Array<T> x_bar = Array<T>::uninitialized(x.shape());
    Array<T> scale_parts = Array<T>::filled({parts, n}, 0), shift_parts = Array<T>::filled({parts, n}, 0);
    T *const out = x_bar.writable(), *const scales = scale_parts.writable(),
             *const shifts = shift_parts.writable();
    const bool scales_are_finite =
        std::all_of(scale.data(), scale.data() + n, [](T s) { return std::isfinite(s); });
    for_each_chunk(parts, [&](Index part) {
        for_instruction_set([&](auto bytes) {
            for (Index row = part * rows_of_a_part; row < std::min(rows, (part + 1) * rows_of_a_part);
                 ++row) {
                using B = Batch<T, lanes_of<T, bytes()>>;
                const T mean = of.mean.data()[row], inverse = of.inverse.data()[row];
                const bool are_finite = scales_are_finite && std::isfinite(mean) && std::isfinite(inverse);
                with_products(are_finite, [&](auto products) {
                    pull_row<products(), B>(y_bar.data() + row * n, x.data() + row * n, scale.data(), n, mean,
                                            inverse, out + row * n, scales + part * n, shifts + part * n);
                });
            }
        });
    });
    return {std::move(x_bar), sum(scale_parts, {0}, false), sum(shift_parts, {0}, false)};
}

template NormalizedRows<double> layer_norm(const Array<double>&, const Array<double>&, const Array<double>&,
                                           double);
template NormalizedRows<float> layer_norm(const Array<float>&, const Array<float>&, const Array<float>&,
                                          float);
template LayerNormAdjoints<double> pull_layer_norm(const Array<double>&, const Array<double>&,
                                                   const Array<double>&, const NormalizedRows<double>&);
template LayerNormAdjoints<float> pull_layer_norm(const Array<float>&, const Array<float>&,
                                                  const Array<float>&, const NormalizedRows<float>&);

}  // namespace autodiff::kernels
