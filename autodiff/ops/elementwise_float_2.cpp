#include <autodiff/ops/elementwise_definitions.hpp>

namespace autodiff::detail {

extern const decltype(library_ops<float, rule_count / 2, rule_count>()) library_ops_float_2;
const decltype(library_ops<float, rule_count / 2, rule_count>()) library_ops_float_2 =
    library_ops<float, rule_count / 2, rule_count>();

}  // namespace autodiff::detail
