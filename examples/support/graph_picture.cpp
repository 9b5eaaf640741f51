#include "support/graph_picture.hpp"

#include <fmt/format.h>

namespace support {

std::string graph_picture(autodiff::ExplainedGraph graph)
{
    const auto shorten = [](std::string& number) { number = fmt::format("{:.4g}", std::stod(number)); };
    for (autodiff::ExplainedGraph::Node& node : graph.nodes) {
        shorten(node.value);
        shorten(node.adjoint);
        for (autodiff::ExplainedGraph::Term& term : node.terms) shorten(term.partial);
    }
    return graph.dot();
}

}  // namespace support
