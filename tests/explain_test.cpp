// explain and to_dot say what the library computes, in the notation of a hand derivation.

#include <autodiff/autodiff.hpp>
#include <support/random.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace autodiff;

namespace {

const auto neuron = [](const auto& x, const auto& w, const auto& b) {
    return sigmoid(named("z", w * x + b));
};

std::string adjoint_of(const ExplainedGraph& graph, std::string_view name)
{
    for (const auto& node : graph.nodes)
        if (node.name == name) return node.adjoint;
    return "none";
}

}  // namespace

BOOST_AUTO_TEST_CASE(adjoints_are_those_of_gradient)
{
    const auto f = [](const auto& x, const auto& y) {
        auto sum = sin(x) * y;
        for (int i = 0; i < 3; ++i) sum = tanh(sum) * x + exp(-y * y) / (1 + x * x) - where(x > y, x, y);
        return sum;
    };
    tests::Random random(1);
    for (int i = 0; i < 100; ++i) {
        const double x = random.uniform(-2, 2), y = random.uniform(-2, 2);
        const auto graph = autodiff::detail::explained_graph(autodiff::detail::spread(f),
                                                             std::array{input("x", x), input("y", y)});
        const auto expected = gradient(f, x, y);
        // Seven digits are printed.
        BOOST_TEST(std::abs(std::stod(adjoint_of(graph, "x")) - expected[0]) <=
                   1e-6 * std::max(1.0, std::abs(expected[0])));
        BOOST_TEST(std::abs(std::stod(adjoint_of(graph, "y")) - expected[1]) <=
                   1e-6 * std::max(1.0, std::abs(expected[1])));
    }
}

BOOST_AUTO_TEST_CASE(a_neuron_is_derived_as_by_hand)
{
    const std::string text = explain(neuron, input("x", 0.5), input("w", 2.0), input("b", -1.0));
    BOOST_TEST_MESSAGE(text);
    for (const char* part : {"x = 0.5", "z = w · x + b", "= sigmoid(z)", "z\u0304", "w\u0304", "0.25"})
        BOOST_TEST(text.find(part) != std::string::npos, "no '" << part << "' in\n" << text);
}

BOOST_AUTO_TEST_CASE(a_value_used_twice_has_a_term_for_each_use)
{
    const auto f = [](const auto& x) { return named("a", x * x) + named("b", 3 * x); };
    const auto graph =
        autodiff::detail::explained_graph(autodiff::detail::spread(f), std::array{input("x", 2.0)});
    BOOST_TEST(adjoint_of(graph, "x") == "7");
}

BOOST_AUTO_TEST_CASE(a_function_of_a_vector_is_explained)
{
    const auto f = [](const auto& v) { return v[0] * v[1]; };
    const std::vector<NamedInput<double>> inputs{input("p", 2.0), input("q", 3.0)};
    const std::string text = explain(f, inputs);
    BOOST_TEST(text.find("p\u0304") != std::string::npos, text);
    BOOST_TEST(to_dot(f, inputs).starts_with("digraph"));
}

BOOST_AUTO_TEST_CASE(the_graph_names_nodes_values_and_partials)
{
    const std::string dot = to_dot(neuron, input("x", 0.5), input("w", 2.0), input("b", -1.0));
    BOOST_TEST(dot.starts_with("digraph"));
    for (const char* part : {"x", "w", "b", "z", "sigmoid", "->", "0.5", "0.25"})
        BOOST_TEST(dot.find(part) != std::string::npos, "no '" << part << "' in\n" << dot);
    BOOST_TEST(std::count(dot.begin(), dot.end(), '{') == std::count(dot.begin(), dot.end(), '}'));
}

BOOST_AUTO_TEST_CASE(a_result_that_is_an_input_or_a_constant_can_be_explained)
{
    BOOST_CHECK_NO_THROW(explain([](const auto& x) { return x; }, input("x", 1.0)));
    BOOST_CHECK_NO_THROW(explain([](const auto&) { return 3.0; }, input("x", 1.0)));
    BOOST_CHECK_NO_THROW(to_dot([](const auto&) { return 3.0; }, input("x", 1.0)));
}

BOOST_AUTO_TEST_CASE(outside_of_explain_a_name_changes_nothing)
{
    BOOST_TEST(named("z", 2.0) == 2.0);
    BOOST_TEST(gradient([](const auto& x) { return named("z", x * x); }, 3.0) == 6);
}
