#include <autodiff/ops/elementwise_definitions.hpp>

namespace autodiff::detail {

extern const decltype(library_ops<float, 0, rule_count / 2>()) library_ops_float_1;
const decltype(library_ops<float, 0, rule_count / 2>()) library_ops_float_1 =
    library_ops<float, 0, rule_count / 2>();

}  // namespace autodiff::detail
