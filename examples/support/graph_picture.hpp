#pragma once

#include <autodiff/autodiff.hpp>

#include <string>

namespace support {

/// A graph for Graphviz, with numbers of four digits: of a picture that is enough.
std::string graph_picture(autodiff::ExplainedGraph graph);

}  // namespace support
