#pragma once

#include <autodiff/ops/elementwise.hpp>

#include <tuple>

namespace autodiff {

/// Every elementwise rule of the library: what the tensor kernels are compiled for and the tests must cover.
inline constexpr auto elementwise_rules = std::tuple{
    add_rule,        subtract_rule, multiply_rule,     divide_rule,   negative_rule, max_rule,  min_rule,
    clamp_rule,      abs_rule,      pow_rule,          square_rule,   exp_rule,      exp2_rule, expm1_rule,
    log_rule,        log1p_rule,    log2_rule,         log10_rule,    cbrt_rule,     sqrt_rule, sin_rule,
    cos_rule,        tan_rule,      asin_rule,         acos_rule,     atan_rule,     sinh_rule, cosh_rule,
    tanh_rule,       asinh_rule,    acosh_rule,        atanh_rule,    erf_rule,      erfc_rule, atan2_rule,
    hypot_rule,      sigmoid_rule,  log_sigmoid_rule,  softplus_rule, relu_rule,     gelu_rule, silu_rule,
    leaky_relu_rule, elu_rule,      chain_product_rule};

}  // namespace autodiff
