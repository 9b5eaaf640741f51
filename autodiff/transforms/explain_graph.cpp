// The graph of an explained function as text: the derivation, and Graphviz's language.

#include <autodiff/transforms/explain.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace autodiff {

using detail::barred;

std::string detail::barred(const std::string& name)
{
    const std::size_t letter = name.rfind('.') + 1;  // 0 if there is no dot
    std::size_t end = letter + 1;
    while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0u) == 0x80u) ++end;
    return name.substr(0, end) + "\u0304" + name.substr(end);
}

namespace {

constexpr std::size_t widest_sum = 60;  // columns; of a wider one only the terms are shown

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

/// The lines of a text after the first, moved to the right.
std::string indented(const std::string& text, std::size_t columns)
{
    std::string result;
    for (char c : text) {
        result += c;
        if (c == '\n') result.append(columns, ' ');
    }
    return result;
}

/// name = symbols = numbers = value, in aligned columns; columns that would repeat the next one are left out.
/// A line without a name is a term of the sum above it.
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
        std::string start = "  " + padded(line.name, name);
        if (!line.symbols.empty())
            start += (line.name.empty() ? "   " : " = ") + padded(line.symbols, symbols);
        if (!line.numbers.empty() && line.numbers != line.value)
            start += " = " + padded(line.numbers, numbers);
        else if (!line.symbols.empty() && numbers > 0) start += "   " + padded("", numbers);
        start += " = ";
        text += start + indented(line.value, width_of(start)) + "\n";
    }
    return text;
}

void add_to(std::string& sum, const std::string& term)
{
    if (sum.empty()) sum = term;
    else sum += term.starts_with('-') ? " + (" + term + ")" : " + " + term;
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
            add_to(symbols, term.symbols);
            add_to(numbers, term.numbers);
        }
        const bool has_term_lines = node->terms.size() > 1 && !node->terms.front().value.empty();
        if (has_term_lines && width_of(symbols) > widest_sum) symbols.clear();
        backward.push_back({barred(node->name), symbols, numbers, node->adjoint});
        if (!has_term_lines) continue;
        for (const Term& term : node->terms) backward.push_back({"", term.symbols, "", term.value});
    }
    return "Values, forwards:\n" + aligned(forward) + "Adjoints, backwards (x̄ = ∂" + result + "/∂x):\n" +
           aligned(backward);
}

std::string ExplainedGraph::dot() const
{
    const bool has_arrays =
        std::any_of(nodes.begin(), nodes.end(), [](const Node& node) { return node.value.starts_with('['); });
    // The lines of a matrix are below each other only at the left and in letters of one width.
    const std::string line_end = has_arrays ? "\\l" : "\\n", last_end = has_arrays ? "\\l" : "";
    const auto lines = [&](const std::string& start, const std::string& value) {
        std::string text;
        for (char c : escaped(start) + indented(value, width_of(start)))
            text += c == '\n' ? line_end : std::string(1, c);
        return text;
    };
    std::string text = fmt::format("digraph {{\n  rankdir = LR;\n  node [shape = box, style = rounded{}];\n",
                                   has_arrays ? ", fontname = monospace" : "");
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Node& node = nodes[i];
        const std::string formula = node.op.empty() ? "" : " = " + node.symbols;
        text += fmt::format("  n{} [label = \"{}{}{}{}{}{}{}\"{}];\n", i,
                            lines(barred(node.name) + " = ", node.adjoint), line_end, escaped(node.name),
                            escaped(formula), line_end, lines("= ", node.value), last_end,
                            node.op.empty() ? ", style = \"rounded, filled\"" : "");
    }
    for (std::size_t i = 0; i < nodes.size(); ++i)
        for (const Term& term : nodes[i].terms) {
            const std::string label =
                term.partial.empty() ? "" : fmt::format(" [label = \"{}\"]", term.partial);
            text += fmt::format("  n{} -> n{}{};\n", i, term.user, label);
        }
    return text + "}\n";
}

}  // namespace autodiff
