#include <autodiff/error.hpp>
#include <autodiff/ops/creation.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff {

template <class T>
Tensor<T> arange(std::type_identity_t<T> start, std::type_identity_t<T> stop, std::type_identity_t<T> step)
{
    if (step == 0 || !std::isfinite(start) || !std::isfinite(stop) || !std::isfinite(step))
        fail<DomainError>("arange: from {} to {} in steps of {}; numbers must be finite, the step not 0",
                          start, stop, step);
    const double exact = std::ceil((double{stop} - double{start}) / double{step});
    if (exact > 0x1p62) fail<LimitError>("arange: {} numbers exceed what a 64-bit size can count", exact);
    const Index count = exact > 0 ? static_cast<Index>(exact) : 0;
    Array<T> result = Array<T>::uninitialized(Shape{count});
    for (Index i = 0; i < count; ++i) result.writable()[i] = start + static_cast<T>(i) * step;
    detail::note_constant(result);
    return result;
}

template <class T>
Tensor<T> linspace(std::type_identity_t<T> start, std::type_identity_t<T> stop, Index count)
{
    Array<T> result = Array<T>::uninitialized(Shape{count});
    for (Index i = 0; i < count; ++i) {
        const T t = count > 1 ? static_cast<T>(i) / static_cast<T>(count - 1) : T{0};
        result.writable()[i] = std::lerp(start, stop, t);
    }
    detail::note_constant(result);
    return result;
}

template <class T>
Tensor<T> eye(Index rows, Index columns)
{
    Array<T> result = Array<T>::filled(Shape{rows, columns}, 0);
    for (Index i = 0; i < std::min(rows, columns); ++i) result.writable()[i * columns + i] = 1;
    detail::note_constant(result);
    return result;
}

template <class T>
Tensor<T> eye(Index n)
{
    return eye<T>(n, n);
}

template Tensor<double> arange<double>(double, double, double);
template Tensor<float> arange<float>(float, float, float);
template Tensor<double> linspace<double>(double, double, Index);
template Tensor<float> linspace<float>(float, float, Index);
template Tensor<double> eye(Index, Index);
template Tensor<float> eye(Index, Index);
template Tensor<double> eye(Index);
template Tensor<float> eye(Index);

}  // namespace autodiff
