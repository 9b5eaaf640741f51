#include <random_programs/interpret_definitions.hpp>

namespace autodiff::tests {

template double evaluate(const Mode&, const Statement&, std::vector<double>&);
template Scalar<double> evaluate(const Mode&, const Statement&, std::vector<Scalar<double>>&);
template float evaluate(const Mode&, const Statement&, std::vector<float>&);
template Scalar<float> evaluate(const Mode&, const Statement&, std::vector<Scalar<float>>&);
template Dual<double> evaluate(const Mode&, const Statement&, std::vector<Dual<double>>&);
template Dual<Dual<double>> evaluate(const Mode&, const Statement&, std::vector<Dual<Dual<double>>>&);
template Scalar<Dual<double>> evaluate(const Mode&, const Statement&, std::vector<Scalar<Dual<double>>>&);
template Dual<Scalar<double>> evaluate(const Mode&, const Statement&, std::vector<Dual<Scalar<double>>>&);
template Scalar<Scalar<double>> evaluate(const Mode&, const Statement&, std::vector<Scalar<Scalar<double>>>&);
template autodiff::detail::Lanes<double> evaluate(const Mode&, const Statement&,
                                                  std::vector<autodiff::detail::Lanes<double>>&);

template autodiff::detail::Lanes<float> evaluate(const Mode&, const Statement&,
                                                 std::vector<autodiff::detail::Lanes<float>>&);

}  // namespace autodiff::tests
