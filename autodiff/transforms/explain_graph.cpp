// The graph of an explained function as text: the derivation, and Graphviz's language.

#include <autodiff/transforms/explain.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace autodiff {

using detail::barred;

std::string detail::barred(const std::string& name)
{
    std::size_t end = 1;
    while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0u) == 0x80u) ++end;
    return name.substr(0, end) + "\u0304" + name.substr(end);
}

namespace {

/// The number of columns a text takes: combining bars and continuation bytes take none.
std::size_t width_of(const std::string& text)
{
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0u) == 0x80u) continue;
        const bool combining = byte == 0xCC;  // U+0300 … U+033F
        if (!combining) ++width;
    }
    return width;
}

std::string padded(const std::string& text, std::size_t width)
{
    return text + std::string(width - std::min(width, width_of(text)), ' ');
}

/// name = symbols = numbers = value, in aligned columns; columns that would repeat the next one are left out.
struct Line {
    std::string name, symbols, numbers, value;
};

std::string aligned(const std::vector<Line>& lines)
{
    std::size_t name = 0, symbols = 0, numbers = 0;
    for (const Line& line : lines) {
        name = std::max(name, width_of(line.name));
        symbols = std::max(symbols, width_of(line.symbols));
        numbers = std::max(numbers, width_of(line.numbers));
    }
    std::string text;
    for (const Line& line : lines) {
        text += "  " + padded(line.name, name);
        if (!line.symbols.empty()) text += " = " + padded(line.symbols, symbols);
        if (!line.numbers.empty() && line.numbers != line.value)
            text += " = " + padded(line.numbers, numbers);
        else if (!line.symbols.empty()) text += "   " + padded("", numbers);
        text += " = " + line.value + "\n";
    }
    return text;
}

std::string escaped(const std::string& text)
{
    std::string result;
    for (char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result;
}

}  // namespace

std::string ExplainedGraph::text() const
{
    std::vector<Line> forward, backward;
    for (const Node& node : nodes) forward.push_back({node.name, node.symbols, node.numbers, node.value});
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
        std::string symbols, numbers;
        for (const Term& term : node->terms) {
            const bool is_negative = term.numbers.starts_with('-');
            symbols += (symbols.empty() ? "" : " + ") + term.symbols;
            numbers += numbers.empty() ? term.numbers
                       : is_negative   ? " + (" + term.numbers + ")"
                                       : " + " + term.numbers;
        }
        backward.push_back({barred(node->name), symbols, numbers, node->adjoint});
    }
    return "Values, forwards:\n" + aligned(forward) + "Adjoints, backwards (x̄ = ∂" + nodes.back().name +
           "/∂x):\n" + aligned(backward);
}

std::string ExplainedGraph::dot() const
{
    std::string text = "digraph {\n  rankdir = LR;\n  node [shape = box, style = rounded];\n";
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Node& node = nodes[i];
        const std::string formula = node.op.empty() ? "" : " = " + node.symbols;
        text += fmt::format("  n{} [label = \"{}{}\\n= {}\\n{} = {}\"{}];\n", i, escaped(node.name),
                            escaped(formula), node.value, escaped(barred(node.name)), node.adjoint,
                            node.op.empty() ? ", style = \"rounded, filled\"" : "");
    }
    for (std::size_t i = 0; i < nodes.size(); ++i)
        for (const Term& term : nodes[i].terms)
            text += fmt::format("  n{} -> n{} [label = \"{}\"];\n", i, term.user, term.partial);
    return text + "}\n";
}

}  // namespace autodiff
