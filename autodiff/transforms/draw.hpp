#pragma once

// Graphs as pictures, drawn by Graphviz.

#include <string>

namespace autodiff {

/// Writes a graph, as to_dot returns it, as a picture in the format SVG: each node with its adjoint above its
/// formula and its value below, each edge with its partial.
///
///     write_svg("neuron.svg", to_dot(f, input("x", 0.5), input("w", 2.0)));
///
/// @throws Error if Graphviz's program `dot` is not installed, does not understand the graph, or cannot write
/// the file.
void write_svg(const std::string& path, const std::string& graph);

}  // namespace autodiff
