// This file alone is compiled without debug information.

#include <anomalies/anomaly.hpp>

#include <autodiff/autodiff.hpp>

using namespace autodiff;
using namespace autodiff::tests;

namespace user {

[[gnu::noinline]] Tensor<> reciprocal(const Tensor<>& x)
{
    const Tensor<> y = 1.0 / x;
    return y + 1.0;
}

}  // namespace user

BOOST_AUTO_TEST_CASE(without_debug_information_the_function_is_named_and_the_cure)
{
    const std::string text = anomaly([] { user::reciprocal(Tensor<>{0}); });
    BOOST_TEST(
        text.find("computed in user::reciprocal(autodiff::Tensor<double> const&) (compile with -g for the "
                  "line)") != std::string::npos,
        text);
}
