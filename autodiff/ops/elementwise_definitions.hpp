#pragma once

// Compiles the tensor kernels of the library's elementwise rules; each elementwise_*.cpp takes a share of them.

#include <autodiff/elementwise_tensor.hpp>

namespace autodiff::detail {

template <class T, class Rule, class... X>
Tensor<T> library_elementwise_op(const Rule& rule, const X&... x)
{
    return compiled_elementwise_op<T>(rule, x...);
}

template <class T, class Rule, std::size_t... I>
constexpr auto library_op_address(std::index_sequence<I...>)
{
    return &library_elementwise_op<T, Rule, std::conditional_t<(I < 100), Tensor<T>, void>...>;
}

/// Evaluates to a tuple of the addresses of rules [First, Last): taking them makes the compiler emit the functions.
template <class T, std::size_t First, std::size_t Last>
constexpr auto library_ops()
{
    return []<std::size_t... R>(std::index_sequence<R...>) {
        return std::tuple_cat([] {
            using Rule = typename std::tuple_element_t<First + R, decltype(elementwise_rules)>::Basic;
            return std::tuple{library_op_address<T, Rule>(std::make_index_sequence<Rule::arity>{})};
        }()...);
    }(std::make_index_sequence<Last - First>{});
}

inline constexpr std::size_t rule_count = std::tuple_size_v<decltype(elementwise_rules)>;

}  // namespace autodiff::detail
