#include <random_programs/interpret_definitions.hpp>

namespace autodiff::tests {

template Tensor<double> evaluate(const Mode&, const Statement&, std::vector<Tensor<double>>&);
template Tensor<float> evaluate(const Mode&, const Statement&, std::vector<Tensor<float>>&);

}  // namespace autodiff::tests
