// The value and the pullback of an op, as explain writes them.

#include <autodiff/ops/elementwise_rules.hpp>
#include <autodiff/transforms/explain_tensor.hpp>
#include <op_reference/reference.hpp>
#include <support/op_checks.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <range/v3/view/reverse.hpp>

#include <algorithm>
#include <optional>

namespace autodiff::tests {

namespace {

/// "y = …" and "x̄ = …", each with those of intermediate results; right of an adjoint, all that it may be.
struct Derivation {
    std::vector<std::string> values;
    std::vector<std::pair<std::string, std::vector<std::string>>> adjoints;

    /// The graph is that of a function of y.
    explicit Derivation(const ExplainedGraph& graph)
    {
        for (const auto& node : graph.nodes)
            if (!node.op.empty() && node.name != graph.result)
                values.push_back(fmt::format("{} = {}", node.name, node.symbols));
        for (const auto& node : graph.nodes | ranges::views::reverse)
            if (!node.op.empty() && node.name != "y" && node.name != graph.result) add(node);
        for (const auto& node : graph.nodes)
            if (node.op.empty()) add(node);
    }

    /// The same at a point where other branches are taken.
    void add(const Derivation& other)
    {
        for (std::size_t i = 0; i < adjoints.size(); ++i) {
            auto& all = adjoints[i].second;
            const std::string& adjoint = other.adjoints[i].second[0];
            if (std::ranges::find(all, adjoint) == all.end()) all.push_back(adjoint);
        }
    }

    void add(const ExplainedGraph::Node& node)
    {
        std::vector<std::string> terms;
        for (const auto& term : node.terms) terms.push_back(term.symbols);
        const std::string adjoint = terms.empty() ? "0" : fmt::format("{}", fmt::join(terms, " + "));
        adjoints.push_back({autodiff::detail::barred(node.name), {adjoint}});
    }

    Formulas formulas() const
    {
        std::vector<std::string> parts;
        for (const auto& [name, all] : adjoints)
            parts.push_back(fmt::format("{} = {}", name, fmt::join(all, " or ")));
        return {fmt::format("`{}`", fmt::join(values, ", ")), fmt::format("`{}`", fmt::join(parts, ", "))};
    }
};

Derivation derivation_of_tensors(const Row& row, const Shapes& shapes)
{
    Random random(1);
    std::vector<NamedInput<Tensor<double>>> inputs;
    for (std::size_t i = 0; i < shapes.size(); ++i)
        inputs.push_back({argument_name(row, i),
                          Tensor<double>(shapes[i], sample(row.domains[i], shapes[i], random).values)});
    const auto op = std::get<FunctionOn<Tensor<double>>>(row.functions);
    const auto f = [op](const std::vector<Tensor<double>>& x) { return sum(square(named("y", op(x)))); };
    return Derivation(autodiff::detail::explained_graph<double>("explain", f, inputs));
}

/// Of the library's own elementwise ops the formulas of the rule itself: it knows its constants.
template <class Value, class... Partials>
Derivation derivation_of_numbers(const Row& row, const Elementwise<Value, Partials...>& rule)
{
    const auto f = [&rule](const std::vector<Explained>& x) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return square(named("y", rule(x[I]...)));
        }(std::index_sequence_for<Partials...>());
    };
    std::vector<NamedInput<double>> inputs;
    for (std::size_t i = 0; i < sizeof...(Partials); ++i) inputs.push_back({argument_name(row, i), 0});
    std::optional<Derivation> result;
    for (const std::vector<double>& x : ordinary_points(row)) {
        for (std::size_t i = 0; i < x.size(); ++i) inputs[i].value = x[i];
        const Derivation there(explained_graph(f, inputs));
        if (result) result->add(there);
        else result = there;
    }
    return *result;
}

bool has_elements(const Shapes& shapes, Index fewest)
{
    return std::ranges::all_of(shapes, [&](const Shape& s) { return s.element_count() >= fewest; });
}

}  // namespace

Formulas formulas_of(const Row& row)
{
    std::optional<Derivation> result;
    const auto try_rule = [&](const auto& rule) {
        if (row.op == rule.name && row.has_scalars()) result = derivation_of_numbers(row, rule);
    };
    std::apply([&](const auto&... rule) { (try_rule(rule), ...); }, elementwise_rules);
    // Of a single row a transpose, say, is the row itself.
    for (const Index fewest : {2, 0})
        for (const Shapes& shapes : row.shapes)
            if ((!result || result->values.empty()) && has_elements(shapes, fewest))
                result = derivation_of_tensors(row, shapes);
    return result->formulas();
}

}  // namespace autodiff::tests
