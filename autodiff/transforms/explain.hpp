#pragma once

// explain: the chain rule of a small function, step by step, with numbers, as one derives it by hand.
//
//     auto f = [](const auto& x, const auto& w, const auto& b) { return sigmoid(named("z", w * x + b)); };
//     fmt::print("{}", explain(f, input("x", 0.5), input("w", 2.0), input("b", -1.0)));
//
// f is run on numbers that remember the rules they came from. The terms of the derivation are the rules' own
// partials, evaluated on symbols: what is printed is what the library computes.

#include <autodiff/transforms/functions.hpp>

#include <functional>
#include <string>
#include <vector>

namespace autodiff {

/// An input of explain and to_dot, with the name it is to have there.
template <class X>
struct NamedInput {
    std::string name;  ///< "x", or of a part of a model "hidden.weight"
    X value;           ///< at which the function is explained
};
/// An input of explain() with its name.
inline NamedInput<double> input(std::string name, double value) { return {std::move(name), value}; }
template <class T>
NamedInput<Tensor<T>> input(std::string name, Tensor<T> value)
{
    return {std::move(name), std::move(value)};
}

/// The graph of a function at a point, in words: what explain and to_dot print.
struct ExplainedGraph {
    /// A term of an adjoint: the adjoint of a later node times a partial.
    struct Term {
        std::size_t user = 0;  ///< the node it comes from
        std::string symbols;   ///< "z̄ · w"
        std::string numbers;   ///< "0.25 · 2"
        std::string partial;   ///< "2"; empty for tensors
        std::string value;     ///< for tensors
    };
    /// A statement: a box of the picture.
    struct Node {
        std::string name;         ///< that of the input, or one made up: v1
        std::string op;           ///< empty for an input
        std::string symbols;      ///< "w · x + b"
        std::string numbers;      ///< "2 · 0.5 + -1"; empty for tensors
        std::string value;        ///< as printed; of a large tensor its shape
        std::string adjoint;      ///< as printed; of a large tensor its shape
        std::vector<Term> terms;  ///< of its adjoint, one for each use
    };
    std::vector<Node> nodes;  ///< in the order of their evaluation
    std::string result;       ///< its name

    /// The derivation: values forwards, then adjoints backwards.
    std::string text() const;
    /// The graph for Graphviz: in each node the adjoint above, the value below; partials on the edges.
    std::string dot() const;
};

/// A number that is text: what a rule's formula looks like. It knows its value too, so that branches can be
/// chosen.
struct Symbol {
    std::string text;    ///< the formula
    double value = 0;    ///< what it comes to
    int precedence = 3;  ///< 0 sum, 1 product, 2 power or sign, 3 a name, a number or a call
    /// Whether it is a number of the formula, not of the point: a factor of 1 is then left out.
    bool is_constant = false;

    /// The number as it is printed.
    static Symbol number(double value, bool is_constant = false);
};

namespace detail {

/// The name with a bar over its first letter, of a dotted one over the first of its last word: x̄, w̄11,
/// hidden.w̄eight.
std::string barred(const std::string& name);
/// The symbol's text, in parentheses if it binds less than `precedence`.
std::string enclosed(const Symbol& x, int precedence);
Symbol symbolic_op(std::string_view op, const std::vector<Symbol>& arguments, double value);

}  // namespace detail

/// The number that explain runs a function on: a value, and the statement it came from.
struct Explained {
    /// In place of a statement: the number came from none.
    static constexpr std::size_t constant = static_cast<std::size_t>(-1);

    double value = 0;                  ///< at the point
    std::size_t statement = constant;  ///< on the tape that explain records
};

namespace detail {

/// What explain records. Formulas are kept as functions of symbols and rendered once all names are known:
/// with names, and with numbers.
struct ExplainedTape {
    using Formula = std::function<Symbol(const std::vector<Symbol>& x)>;
    using Partial = std::function<Symbol(const Symbol& y, const std::vector<Symbol>& x)>;
    struct Statement {
        std::string name;
        std::string op;
        double value = 0;
        std::vector<Explained> arguments;
        Formula formula;
        std::vector<Partial> partials;
    };
    std::vector<Statement> statements;

    Explained add(Statement statement);
    /// The sweep from statement `result`, put into words.
    ExplainedGraph graph(std::size_t result) const;
};

inline thread_local ExplainedTape* explained_tape = nullptr;

}  // namespace detail

/// Symbols among the operands: their ops write down what they are.
template <>
struct Kind<Symbol> {
    static constexpr int depth = 400;
    static Symbol constant(auto value) { return Symbol::number(static_cast<double>(value), true); }
    template <class Rule, class... X>
    static Symbol evaluate(const Rule& rule, const X&... x)
    {
        return detail::symbolic_op(rule.name, {x...}, rule(x.value...));
    }
    static bool compare(auto op, const Symbol& a, const Symbol& b) { return op(a.value, b.value); }
    static Symbol where(bool condition, const Symbol& a, const Symbol& b) { return condition ? a : b; }
};

/// Explained numbers among the operands: each op becomes a node of the graph.
template <>
struct Kind<Explained> {
    static constexpr int depth = 500;
    static Explained constant(auto value) { return {static_cast<double>(value), Explained::constant}; }
    static bool compare(auto op, const Explained& a, const Explained& b) { return op(a.value, b.value); }
    static Explained where(bool condition, const Explained& a, const Explained& b)
    {
        return condition ? a : b;
    }

    template <class Rule, class... X>
    static Explained evaluate(const Rule& rule, const X&... x)
    {
        const double y = rule(x.value...);
        if (((x.statement == Explained::constant) && ...) || !detail::explained_tape)
            return {y, Explained::constant};
        return detail::explained_tape->add(
            {{}, rule.name, y, {x...}, formula<sizeof...(X)>(rule), partials<sizeof...(X)>(rule)});
    }

private:
    template <std::size_t N, class Rule>
    static detail::ExplainedTape::Formula formula(const Rule& rule)
    {
        return [rule](const std::vector<Symbol>& x) {
            return [&]<std::size_t... J>(std::index_sequence<J...>) {
                return rule(x[J]...);
            }(std::make_index_sequence<N>{});
        };
    }
    template <std::size_t N, class Rule>
    static std::vector<detail::ExplainedTape::Partial> partials(const Rule& rule)
    {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::vector<detail::ExplainedTape::Partial>{partial<I, N>(rule)...};
        }(std::make_index_sequence<N>{});
    }
    template <std::size_t I, std::size_t N, class Rule>
    static detail::ExplainedTape::Partial partial(const Rule& rule)
    {
        return [rule](const Symbol& y, const std::vector<Symbol>& x) {
            return [&]<std::size_t... J>(std::index_sequence<J...>) {
                return lift<Symbol>(rule.template partial<I>()(y, x[J]...));
            }(std::make_index_sequence<N>{});
        };
    }
};

/// Gives an intermediate result a name in explain and to_dot; elsewhere it is x.
template <Operand X>
X named(const std::string& name, const X& x)
{
    if constexpr (std::same_as<X, Explained>)
        if (detail::explained_tape && x.statement != Explained::constant)
            detail::explained_tape->statements[x.statement].name = name;
    return x;
}
/// A constant tensor that is named has a line and an adjoint, as an input has.
template <class T>
Tensor<T> named(const std::string& name, const Tensor<T>& x);

/// Runs f, a function of a container of numbers, and returns its graph: what explain and to_dot put into
/// words.
template <class F, class C>
    requires std::same_as<typename C::value_type, NamedInput<double>>
ExplainedGraph explained_graph(F&& f, const C& inputs)
{
    using detail::ExplainedTape, detail::explained_tape, detail::mapped;
    ExplainedTape tape;
    const auto numbers = mapped(inputs, [&](const NamedInput<double>& in, std::size_t) {
        return tape.add({in.name, {}, in.value, {}, {}, {}});
    });
    struct Scope {
        ExplainedTape* before;
        ~Scope() { explained_tape = before; }
    } scope{std::exchange(explained_tape, &tape)};
    Explained y = lift<Explained>(f(numbers));
    if (y.statement == Explained::constant) y = tape.add({"y", {}, y.value, {}, {}, {}});
    return tape.graph(y.statement);
}

/// The derivation of the gradient of a function of numbers: values forwards, then the chain rule backwards,
/// each line in symbols, in numbers, and worked out. f is generic, as for gradient.
template <class F, std::same_as<NamedInput<double>>... X>
    requires(sizeof...(X) > 0)
std::string explain(F&& f, const X&... inputs)
{
    return explained_graph(detail::spread(f), std::array{inputs...}).text();
}
/// Of a function of a std::vector of numbers.
template <class F>
std::string explain(F&& f, const std::vector<NamedInput<double>>& inputs)
{
    return explained_graph(f, inputs).text();
}

/// The graph of a function of numbers, in Graphviz's language: each node with its value and adjoint, each
/// edge with its partial. `dot -Tsvg` draws it, and so does write_svg.
template <class F, std::same_as<NamedInput<double>>... X>
    requires(sizeof...(X) > 0)
std::string to_dot(F&& f, const X&... inputs)
{
    return explained_graph(detail::spread(f), std::array{inputs...}).dot();
}
template <class F>
std::string to_dot(F&& f, const std::vector<NamedInput<double>>& inputs)
{
    return explained_graph(f, inputs).dot();
}

}  // namespace autodiff
