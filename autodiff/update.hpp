#pragma once

// Updates of tensors in place: what an optimizer is made of. A formula is written once and becomes one
// vectorised pass over memory:
//
//     update_in_place("sgd", [=](auto& theta, auto g) { theta = theta - rate * g; }, theta, gradient);
//
// Values remain immutable for everybody else: where other tensors share the elements, a copy is written.

#include <autodiff/kernels/update.hpp>
#include <autodiff/tensor.hpp>

#include <vector>

namespace autodiff {

namespace detail {

/// @throws ShapeError unless all have one shape, RecordingError if one is a variable.
template <class T>
void require_update(const char* name, std::initializer_list<const Tensor<T>*> tensors);

/// Makes x the only one that sees its elements, and these contiguous: by a copy, unless they are.
template <class T>
void own_elements(Tensor<T>& x);
template <class T>
void own_elements(const Tensor<T>&)
{
    // only read
}

template <class T>
void restore(Tensor<T>& x, const Array<T>& before)
{
    x = Tensor<T>(before);
}
template <class T>
void restore(const Tensor<T>&, const Array<T>&)
{
    // as it was
}

/// The values of tensors, which stay as they are whatever is written to the tensors.
template <class T>
std::vector<Array<T>> values_of(std::initializer_list<const Tensor<T>*> tensors);
/// Under DetectAnomalies, after an update of what had the values `before`.
/// @throws AnomalyError if an element is not finite though those that it was computed from were.
template <class T>
void watch_update(const char* name, const std::vector<Array<T>>& before,
                  std::initializer_list<const Tensor<T>*> after);

}  // namespace detail

/// (x…) = f(x…) elementwise. f takes numbers of any kind: by reference (`auto&`) those of the tensors that it
/// writes, by value or const reference those of the tensors given as const. The first must be one to write.
/// Between recordings only. Formulas are made of + - * / and the elementwise ops; plain numbers that f
/// captures are best of type T. No memory is allocated, unless elements are shared.
/// @throws ShapeError naming `name` unless all have one shape, RecordingError if one is a variable; under
/// DetectAnomalies AnomalyError, if something finite became infinite or NaN. The tensors are then as before.
template <class T, class F, class... X>
void update_in_place(const char* name, const F& f, Tensor<T>& first, X&... more)
{
    static_assert((std::same_as<std::remove_const_t<X>, Tensor<T>> && ...),
                  "autodiff: update_in_place takes tensors of one kind, all double or all float");
    detail::require_update<T>(name, {&first, &more...});
    if (first.size() == 0) return;
    std::vector<Array<T>> before;
    if (detail::watch) [[unlikely]]
        before = detail::values_of<T>({&first, &more...});  // which keeps them from being written
    detail::own_elements(first);
    (detail::own_elements(more), ...);
    kernels::update<true, !std::is_const_v<X>...>(f, std::array{&first.array(), &more.array()...});
    if (detail::watch) [[unlikely]]
        try {
            detail::watch_update<T>(name, before, {&first, &more...});
        } catch (...) {
            const Array<T>* old = before.data();
            detail::restore(first, *old);
            (detail::restore(more, *++old), ...);
            throw;
        }
}

}  // namespace autodiff
