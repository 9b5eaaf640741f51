// Graphs as pictures.

#include <autodiff/autodiff.hpp>
#include <nn_data_files/files.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdlib>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

std::string graph()
{
    const auto neuron = [](const auto& x, const auto& w) { return named("y", sigmoid(named("z", w * x))); };
    return to_dot(neuron, input("x", 0.5), input("w", 2.0));
}

/// Sets PATH for a scope.
class Path {
public:
    explicit Path(const std::string& path) : before_(std::getenv("PATH")) { setenv("PATH", path.c_str(), 1); }
    Path(const Path&) = delete;
    Path& operator=(const Path&) = delete;
    ~Path() { setenv("PATH", before_.c_str(), 1); }

private:
    std::string before_;
};

/// Without it, what draws is reported as skipped.
boost::test_tools::assertion_result has_graphviz(boost::unit_test::test_unit_id)
{
    boost::test_tools::assertion_result result(std::system("dot -V > /dev/null 2>&1") == 0);
    result.message() << "Graphviz is not installed";
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_node_has_its_adjoint_above_and_its_value_below)
{
    const std::string text = graph();
    BOOST_TEST(text.find("label = \"z\u0304 = 0.1966119\\nz = w · x\\n= 1\"") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_graph_is_drawn_as_svg, *boost::unit_test::precondition(has_graphviz))
{
    const TemporaryDirectory directory;
    write_svg(directory.path("neuron.svg"), graph());
    const std::string svg = read_bytes(directory.path("neuron.svg"));
    BOOST_TEST(svg.find("<svg") != std::string::npos);
    // From above to below: the y of SVG grows downwards, and Graphviz writes a label's lines in this order.
    const std::size_t adjoint = svg.find(">z\u0304 = 0.1966119<"), formula = svg.find(">z = w · x<"),
                      value = svg.find(">= 1<");
    BOOST_TEST_REQUIRE(adjoint != std::string::npos);
    BOOST_TEST(adjoint < formula);
    BOOST_TEST(formula < value);
}

BOOST_AUTO_TEST_CASE(what_dot_says_of_a_graph_or_a_file_is_in_the_error,
                     *boost::unit_test::precondition(has_graphviz))
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("no.svg");
    const std::string of_graph = error_text<Error>([&] { write_svg(path, "digraph { a -> }"); });
    BOOST_TEST(of_graph.starts_with("write_svg: " + path + ": `dot` failed: "), of_graph);
    BOOST_TEST(of_graph.find("syntax error") != std::string::npos, of_graph);
    const std::string missing = directory.path("nowhere/no.svg");
    const std::string of_file = error_text<Error>([&] { write_svg(missing, graph()); });
    BOOST_TEST(of_file.find("No such file or directory") != std::string::npos, of_file);
}

BOOST_AUTO_TEST_CASE(without_graphviz_the_error_names_the_package)
{
    const TemporaryDirectory empty;
    const Path path(empty.path(""));
    BOOST_TEST(error_text<Error>([&] { write_svg(empty.path("no.svg"), graph()); }) ==
               "write_svg: the program `dot` is not installed; it is part of Graphviz (Debian: graphviz)");
}
