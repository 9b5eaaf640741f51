#pragma once

// checkpoint(f, x…): f's value, without keeping what f computed on the way. The sweep computes it again when
// it gets there: memory for one f instead of all of them, for one more evaluation of f.

#include <autodiff/tensor.hpp>

#include <functional>

namespace autodiff {

namespace detail {

/// f() recorded for its value and then forgotten; what it read of earlier statements is kept as its
/// arguments.
template <class T>
Tensor<T> checkpointed(std::function<Tensor<T>()> f);

}  // namespace detail

/// f(x…), recomputed in the sweep instead of stored. f may read other variables of the recording, such as a
/// model's parameters: their gradients are found as well. It is kept until the recording ends, so what it
/// captures by reference must live as long, and it must compute the same again.
template <class F, class T, std::same_as<Tensor<T>>... More>
Tensor<T> checkpoint(F f, const Tensor<T>& x, const More&... more)
{
    return detail::checkpointed<T>([f = std::move(f), x, more...] { return Tensor<T>(f(x, more...)); });
}

}  // namespace autodiff
