#include <autodiff/ops/elementwise_definitions.hpp>

namespace autodiff::detail {

extern const decltype(library_ops<double, 0, rule_count / 2>()) library_ops_double_1;
const decltype(library_ops<double, 0, rule_count / 2>()) library_ops_double_1 =
    library_ops<double, 0, rule_count / 2>();

}  // namespace autodiff::detail
