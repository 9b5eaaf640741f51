#pragma once

// Compiles the tensor kernels of the library's elementwise rules; each elementwise_*.cpp takes a share of
// them.

#include <autodiff/elementwise_tensor.hpp>
#include <autodiff/ops/elementwise_rules.hpp>

namespace autodiff::detail {

template <class T, class Rule, class... X>
Tensor<T> library_elementwise_op(const Rule& rule, const X&... x)
{
    return compiled_elementwise_op<T>(rule, x...);
}

template <std::size_t I>
using RuleAt = typename std::tuple_element_t<I, decltype(elementwise_rules)>::Basic;

template <class T, std::size_t>
using TensorFor = Tensor<T>;  // to repeat it for each argument

template <class T, class Rule, std::size_t... I>
constexpr auto library_op_address(std::index_sequence<I...>)
{
    return &library_elementwise_op<T, Rule, TensorFor<T, I>...>;
}

template <class T, std::size_t First, std::size_t... R>
constexpr auto library_op_addresses(std::index_sequence<R...>)
{
    return std::tuple{
        library_op_address<T, RuleAt<First + R>>(std::make_index_sequence<RuleAt<First + R>::arity>{})...};
}

/// Evaluates to a tuple of the addresses of rules [First, Last): taking them makes the compiler emit the
/// functions.
template <class T, std::size_t First, std::size_t Last>
constexpr auto library_ops()
{
    return library_op_addresses<T, First>(std::make_index_sequence<Last - First>{});
}

inline constexpr std::size_t rule_count = std::tuple_size_v<decltype(elementwise_rules)>;

}  // namespace autodiff::detail
