#include <autodiff/transforms/explain.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace autodiff {

using detail::enclosed;

namespace {

std::string number_text(double value) { return fmt::format("{:.7g}", value); }

bool is_constant(const Symbol& x, double value) { return x.is_constant && x.value == value; }

Symbol product(const Symbol& a, const Symbol& b, double value)
{
    if (is_constant(a, 1)) return b;
    if (is_constant(b, 1)) return a;
    if (is_constant(a, 0) || is_constant(b, 0)) return Symbol::number(0, true);
    if (is_constant(b, -1)) return {fmt::format("-{}", enclosed(a, 1)), value, 0, false};
    const bool is_quotient = b.precedence == 1 && b.text.find(" / ") != std::string::npos;
    return {enclosed(a, 1) + " · " + enclosed(b, is_quotient ? 2 : 1), value, 1, false};
}

Symbol sum(const Symbol& a, const Symbol& b, double value)
{
    if (is_constant(a, 0)) return b;
    if (is_constant(b, 0)) return a;
    const bool is_negative = b.text.starts_with('-');
    return {a.text + " + " + (is_negative ? "(" + b.text + ")" : b.text), value, 0, false};
}

}  // namespace

std::string detail::enclosed(const Symbol& x, int precedence)
{
    return x.precedence < precedence ? "(" + x.text + ")" : x.text;
}

Symbol Symbol::number(double value, bool is_constant)
{
    return {number_text(value), value, value < 0 ? 0 : 3, is_constant};
}

namespace detail {

Symbol symbolic_op(std::string_view op, const std::vector<Symbol>& x, double value)
{
    if (op == "add") return sum(x[0], x[1], value);
    if (op == "subtract") return {x[0].text + " - " + enclosed(x[1], 1), value, 0, false};
    if (op == "multiply" || op == "chain_product") return product(x[0], x[1], value);
    if (op == "divide" && is_constant(x[1], 1)) return x[0];
    if (op == "divide") return {enclosed(x[0], 1) + " / " + enclosed(x[1], 2), value, 1, false};
    if (op == "negative") return {fmt::format("-{}", enclosed(x[0], 1)), value, 0, false};
    if (op == "square") return {enclosed(x[0], 3) + "²", value, 2, false};
    if (op == "pow") return {enclosed(x[0], 3) + "^" + enclosed(x[1], 3), value, 2, false};
    std::string text = std::string(op) + "(";
    for (std::size_t i = 0; i < x.size(); ++i) text += (i ? ", " : "") + x[i].text;
    return {text + ")", value, 3, false};
}

Explained ExplainedTape::add(Statement statement)
{
    statements.push_back(std::move(statement));
    return {statements.back().value, statements.size() - 1};
}

namespace {

/// Statements shown within the formula of the one statement that uses them: unnamed sums and products on the
/// way to a named result, so that z = w1 x1 + w2 x2 + b is one line, as by hand.
std::vector<bool> shown_within_user(const std::vector<ExplainedTape::Statement>& statements)
{
    std::vector<std::size_t> uses(statements.size(), 0), user(statements.size(), 0);
    for (std::size_t node = 0; node < statements.size(); ++node)
        for (const Explained& argument : statements[node].arguments)
            if (argument.statement != Explained::constant) {
                ++uses[argument.statement];
                user[argument.statement] = node;
            }
    static constexpr std::array<std::string_view, 4> arithmetic{"add", "subtract", "multiply", "negative"};
    std::vector<bool> within(statements.size(), false);
    for (std::size_t node = statements.size(); node-- > 0;) {
        const auto& statement = statements[node];
        const bool is_arithmetic =
            std::find(arithmetic.begin(), arithmetic.end(), statement.op) != arithmetic.end();
        within[node] = statement.name.empty() && is_arithmetic && uses[node] == 1 &&
                       (within[user[node]] || !statements[user[node]].name.empty());
    }
    return within;
}

/// Names for all statements: the user's, and v1, v2, … for those that have none and need one.
std::vector<std::string> all_names(const std::vector<ExplainedTape::Statement>& statements,
                                   const std::vector<bool>& within, std::size_t result)
{
    const auto is_taken = [&](std::string_view name) {
        return std::any_of(statements.begin(), statements.end(),
                           [&](const auto& other) { return other.name == name; });
    };
    std::vector<std::string> names;
    std::size_t made_up = 0;
    for (std::size_t node = 0; node < statements.size(); ++node) {
        std::string name = statements[node].name;
        if (name.empty() && node == result) name = is_taken("y") ? "f" : "y";
        while (!within[node] && (name.empty() || (statements[node].name.empty() && is_taken(name))))
            name = fmt::format("v{}", ++made_up);
        names.push_back(name);
    }
    return names;
}

}  // namespace

ExplainedGraph ExplainedTape::graph(std::size_t result) const
{
    const std::vector<bool> within = shown_within_user(statements);
    const std::vector<std::string> names = all_names(statements, within, result);

    // Forwards: each statement as its user's formula shows it, in names and in numbers.
    std::vector<Symbol> symbols, numbers;
    const auto arguments_of = [&](const Statement& statement, const std::vector<Symbol>& shown) {
        std::vector<Symbol> x;
        for (const Explained& argument : statement.arguments)
            x.push_back(argument.statement == Explained::constant ? Symbol::number(argument.value)
                                                                  : shown[argument.statement]);
        return x;
    };
    ExplainedGraph graph;
    graph.result = names[result];
    std::vector<std::size_t> place(statements.size(),
                                   0);  // in the graph, of the statements that have a line there
    for (std::size_t node = 0; node < statements.size(); ++node) {
        const Statement& statement = statements[node];
        const bool is_input = statement.op.empty();
        const Symbol formula = is_input ? Symbol{} : statement.formula(arguments_of(statement, symbols));
        const Symbol computed = is_input ? Symbol{} : statement.formula(arguments_of(statement, numbers));
        symbols.push_back(within[node] ? formula : Symbol{names[node], statement.value, 3, false});
        numbers.push_back(within[node] ? computed : Symbol::number(statement.value));
        place[node] = graph.nodes.size();
        if (within[node]) continue;
        graph.nodes.push_back(
            {names[node], statement.op, formula.text, computed.text, number_text(statement.value), {}, {}});
    }

    // Backwards. A statement within another's formula has one user, so its adjoint is one term: it is shown
    // instead.
    std::vector<double> adjoints(statements.size(), 0);
    adjoints[result] = 1;
    std::vector<Symbol> bars(statements.size()), bar_numbers(statements.size());
    std::vector<std::size_t> user = place;
    std::vector<double> along(statements.size(), 1);  // the product of partials on the way to the user's line
    for (std::size_t node = statements.size(); node-- > 0;) {
        const Statement& statement = statements[node];
        if (!within[node]) {
            graph.nodes[place[node]].adjoint = number_text(adjoints[node]);
            bars[node] = {barred(names[node]), adjoints[node], 3, false};
            bar_numbers[node] = Symbol::number(adjoints[node]);
        }
        for (std::size_t i = 0; i < statement.arguments.size(); ++i) {
            const std::size_t argument = statement.arguments[i].statement;
            if (argument == Explained::constant) continue;
            const Symbol partial = statement.partials[i](symbols[node], arguments_of(statement, symbols));
            const Symbol number = statement.partials[i](numbers[node], arguments_of(statement, numbers));
            if (is_constant(number, 0)) continue;  // the branch of a max, say, that was not taken
            const Symbol term = chain_product(bars[node], partial);
            const Symbol term_number = chain_product(bar_numbers[node], number);
            adjoints[argument] += chain_product(adjoints[node], number.value);
            if (within[argument]) {
                bars[argument] = term;
                bar_numbers[argument] = term_number;
                user[argument] = user[node];
                along[argument] = along[node] * number.value;
            } else {
                graph.nodes[place[argument]].terms.push_back(
                    {user[node], term.text, term_number.text, number_text(along[node] * number.value), {}});
            }
        }
    }
    return graph;
}

}  // namespace detail

}  // namespace autodiff
