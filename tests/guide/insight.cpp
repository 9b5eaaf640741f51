// What explain, to_dot and check_gradient print.

#include <guide/checks.hpp>

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(check_gradient_compares_with_differences)
{
    //! [check gradient]
    auto f = [](const Tensor<>& x) { return x * exp(-square(x)); };
    const CheckReport report = check_gradient(f, Tensor<>{0.1, 0.7, -1.3});
    fmt::print("{} derivatives, worst error {:.0e}\n", report.compared, report.worst_error);
    //! [check gradient]
    BOOST_TEST(report.compared == 3u);
    BOOST_TEST(report.worst_error < 1e-10);  // the accuracy of extrapolated differences
}

namespace {

//! [neuron]
const auto loss = [](const auto& x, const auto& w, const auto& b) {
    const auto p = named("p", sigmoid(named("z", w * x + b)));  // names are optional
    return named("L", square(p - 1));
};
//! [neuron]

}  // namespace

BOOST_AUTO_TEST_CASE(explain_prints_the_derivation)
{
    //! [explain]
    fmt::print("{}", explain(loss, input("x", 0.5), input("w", 2.0), input("b", -1.0)));
    //! [explain]
    require_documented("output/explain_neuron.txt",
                       explain(loss, input("x", 0.5), input("w", 2.0), input("b", -1.0)));
}

BOOST_AUTO_TEST_CASE(explain_prints_the_derivation_of_tensors)
{
    //! [explain tensors]
    const auto layer = [](const Tensor<>& x, const Tensor<>& W, const Tensor<>& b) {
        const auto p = named("p", sigmoid(named("z", matmul(x, transpose(W)) + b)));
        return named("L", mean(square(p - 1)));
    };
    const auto x = input("x", Tensor<>{{1, 0}, {1, 1}});
    const auto W = input("W", Tensor<>{{0.5, -1}, {1, 0.25}});
    const auto b = input("b", Tensor<>{0.1, -0.2});
    fmt::print("{}", explain(layer, x, W, b));
    //! [explain tensors]
    require_documented("output/explain_tensors.txt", explain(layer, x, W, b));
}

BOOST_AUTO_TEST_CASE(explain_prints_the_derivation_of_a_models_parameters)
{
    //! [explain parameters]
    nn::Linear<> hidden(Tensor<>{{1, 0}, {0.5, -1}, {-1, 1}}, Tensor<>{0, 0.5, -0.5});
    const Tensor<> samples{{1, 2}, {-1, 0.5}};
    const auto mean_log = [&] {
        const auto z = named("z", hidden(named("x", samples)));
        return named("L", mean(logsumexp(z, {1})));
    };
    fmt::print("{}", explain(mean_log, nn::parameters("hidden", hidden)));
    //! [explain parameters]
    require_documented("output/explain_parameters.txt", explain(mean_log, nn::parameters("hidden", hidden)));
}

BOOST_AUTO_TEST_CASE(to_dot_draws_the_graph)
{
    //! [to dot]
    const std::string graph = to_dot(loss, input("x", 0.5), input("w", 2.0), input("b", -1.0));
    //! [to dot]
    require_documented("images/neuron.dot", graph);
}
