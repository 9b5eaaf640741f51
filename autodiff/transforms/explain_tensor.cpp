#include <autodiff/transforms/explain_tensor.hpp>

#include <autodiff/format.hpp>
#include <autodiff/transforms/tensor_formulas.hpp>

#include <algorithm>

namespace autodiff {

namespace detail {

namespace {

constexpr Index most_elements = 12;  // of more, the shape is shown

template <class T>
std::string value_text(const Array<T>& value)
{
    if (value.size() > most_elements) return fmt::format("[…] of shape {}", value.shape());
    return value.rank() == 0 ? fmt::format("{:.8g}", value) : fmt::format("{}", value);
}

template <class T>
using Names = std::map<Node, std::pair<std::string, Array<T>>>;

/// The statements of a recording, in lines: those that have a name, with the others written within them.
template <class T>
class Derivation {
public:
    using Space = TensorSpace<T>;

    Derivation(Trace<T>& trace, const Names<T>& names)
        : tape_(trace.tape()),
          first_(trace.first()),
          inputs_end_(first_ + trace.leaves()),
          result_(is_constant(trace) ? leaf(trace.result().array()) : trace.result().node()),
          end_(std::max(inputs_end_, result_ + 1)),
          formulas_(tape_, first_)
    {
        choose_names(names);
        graph_.result = formulas_.name_of(result_);
        line_.reserve(end_ - first_);
        for (Node node = first_; node < end_; ++node) {
            line_.push_back(graph_.nodes.size());
            if (formulas_.has_name(node)) graph_.nodes.push_back(forward_line(node));
        }
    }

    /// The sweep. Each pullback runs twice: on values, as in gradient, and recorded, for its formula; there
    /// the adjoint of a line is a leaf with a name.
    ExplainedGraph swept()
    {
        std::vector<typename Space::Slot> adjoints(end_ - first_);
        std::vector<Tensor<T>> recorded(end_ - first_);
        adjoints[result_ - first_] = Tensor<T>(T{1});
        for (Node node = end_; node-- > first_;) {
            const auto& adjoint = adjoints[node - first_];
            if (formulas_.has_name(node))
                recorded[node - first_] = adjoint_of_line(
                    node, adjoint ? *adjoint : Tensor<T>::zeros(formulas_.value_of(node).shape()));
            if (!adjoint || node < inputs_end_) continue;
            for (Node link = tape_.first_link(node); link < tape_.end_link(node); ++link) {
                const Node argument = tape_.argument(link);
                if (argument < first_) continue;
                const Tensor<T> term = Space::pull(tape_, link, node, recorded[node - first_]);
                const PauseRecording<Space> paused;
                const Tensor<T> value = Space::pull(tape_, link, node, *adjoint);
                if (formulas_.has_name(argument)) add_term(argument, node, term, value);
                else {
                    recorded[argument - first_] = term;
                    line_[argument - first_] = line_[node - first_];
                }
                Space::add(adjoints[argument - first_], value);
            }
        }
        return std::move(graph_);
    }

private:
    static bool is_constant(const Trace<T>& trace)
    {
        return trace.result().session() == 0 || trace.result().node() < trace.first();
    }
    Node leaf(const Array<T>& value) { return tape_.end_statement(typename Space::Note{"variable", value}); }

    /// The user's names, y for the result, and v1, v2, … for those that have none and need one.
    void choose_names(const Names<T>& names)
    {
        for (const auto& [node, name] : names)
            if (node < end_ && same_block(name.second, formulas_.value_of(node)))
                formulas_.name(node, name.first);
        const auto is_taken = [&](const std::string& name) {
            return std::any_of(names.begin(), names.end(),
                               [&](const auto& other) { return other.second.first == name; });
        };
        if (!formulas_.has_name(result_)) formulas_.name(result_, is_taken("y") ? "f" : "y");
        const std::vector<bool> within = written_within_user();
        for (Node node = first_, made_up = 0; node < end_; ++node) {
            if (within[node - first_] || formulas_.has_name(node)) continue;
            std::string name;
            while (name.empty() || is_taken(name)) name = fmt::format("v{}", ++made_up);
            formulas_.name(node, name);
        }
    }

    /// Unnamed steps on the way to a named result or to a last step, so that z = x Wᵀ + b is one line, as by
    /// hand.
    std::vector<bool> written_within_user() const
    {
        static constexpr std::array<std::string_view, 9> steps{
            "add", "subtract", "multiply", "negative", "square", "matmul", "transpose", "reshape", "linear"};
        std::vector<Node> uses(end_ - first_, 0), user(end_ - first_, 0);
        for (Node node = first_; node < end_; ++node)
            for (Node link = tape_.first_link(node); link < tape_.end_link(node); ++link)
                if (const Node argument = tape_.argument(link); argument >= first_) {
                    ++uses[argument - first_];
                    user[argument - first_] = node;
                }
        const auto is_step = [&](Node node) {
            return std::find(steps.begin(), steps.end(), formulas_.op_of(node)) != steps.end();
        };
        std::vector<bool> within(end_ - first_, false);
        for (Node node = end_; node-- > first_;) {
            const Node by = user[node - first_];
            within[node - first_] = is_step(node) && !formulas_.has_name(node) && uses[node - first_] == 1 &&
                                    (formulas_.has_name(by) || is_step(by));
        }
        return within;
    }

    ExplainedGraph::Node forward_line(Node node) const
    {
        const bool is_input = node < inputs_end_ || tape_.first_link(node) == tape_.end_link(node);
        return {formulas_.name_of(node),
                is_input ? "" : std::string(formulas_.op_of(node)),
                is_input ? "" : formulas_.formula(node).text,
                "",
                value_text(formulas_.value_of(node)),
                "",
                {}};
    }

    Tensor<T> adjoint_of_line(Node node, const Tensor<T>& value)
    {
        graph_.nodes[line_[node - first_]].adjoint = value_text(value.array());
        const Node bar = leaf(value.array());
        formulas_.name(bar, barred(formulas_.name_of(node)));
        return Tensor<T>(value.array(), recorder<Space>.session, bar);
    }

    void add_term(Node argument, Node user, const Tensor<T>& term, const Tensor<T>& value)
    {
        const std::string formula = term.session() == 0 ? "…" : formulas_.shown(term.node()).text;
        graph_.nodes[line_[argument - first_]].terms.push_back(
            {line_[user - first_], formula, "", "", value_text(value.array())});
    }

    Tape<Space>& tape_;
    Node first_;
    Node inputs_end_;
    Node result_;
    Node end_;
    TensorFormulas<T> formulas_;
    ExplainedGraph graph_;
    std::vector<std::size_t> line_;  // of a statement, in the graph; its user's, if it is written there
};

}  // namespace

template <class T>
ExplainedTrace<T>::ExplainedTrace(const std::vector<NamedInput<Tensor<T>>>& inputs)
    : trace_([&] {
          std::vector<Tensor<T>> values;
          values.reserve(inputs.size());
          for (const auto& input : inputs) values.push_back(input.value);
          return Trace<T>(values);
      }()),
      options_before_(std::exchange(trace_.tape().notes().options, &options_))
{
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const Tensor<T>& variable = trace_.variables()[i];
        trace_.tape().notes().notes[variable.node()].value = variable.array();
        name(variable, inputs[i].name);
    }
}

template <class T>
ExplainedTrace<T>::~ExplainedTrace()
{
    trace_.tape().notes().options = options_before_;
}

template <class T>
ExplainedTrace<T>*& ExplainedTrace<T>::innermost()
{
    thread_local ExplainedTrace* trace = nullptr;
    return trace;
}

template <class T>
Tensor<T> ExplainedTrace<T>::name(const Tensor<T>& x, std::string name)
{
    const Recorder<Space>& now = recorder<Space>;
    const Session session = trace_.session();
    if (x.session() == 0 && now.session == session && now.recording()) {
        const Node leaf = now.tape->end_statement(typename Space::Note{"variable", x.array()});
        return this->name(Tensor<T>(x.array(), session, leaf), std::move(name));
    }
    if (x.session() == session && x.node() >= trace_.first())
        names_.insert_or_assign(x.node(), std::pair{std::move(name), x.array()});
    return x;
}

template <class T>
ExplainedGraph ExplainedTrace<T>::graph(const char* transform)
{
    trace_.require_scalar_result(transform);
    const RecorderScope<Space> running = trace_.running();
    return Derivation<T>(trace_, names_).swept();
}

template class ExplainedTrace<double>;
template class ExplainedTrace<float>;

}  // namespace detail

template <class T>
Tensor<T> named(const std::string& name, const Tensor<T>& x)
{
    auto* const trace = detail::ExplainedTrace<T>::innermost();
    return trace ? trace->name(x, name) : x;
}

template Tensor<double> named<double>(const std::string&, const Tensor<double>&);
template Tensor<float> named<float>(const std::string&, const Tensor<float>&);

}  // namespace autodiff
