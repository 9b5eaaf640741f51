// What the live pages call: functions of numbers and texts, which is what WebAssembly can be given. Answers
// that are more than a number are texts in JSON, valid until the next call.

#include "formula.hpp"
#include "network.hpp"

#include <autodiff/transforms/scalar_gradient.hpp>
#include <nlohmann/json.hpp>

#include <memory>

namespace {

using nlohmann::json;

const char* answer(const json& content)
{
    static std::string text;
    text = content.dump();
    return text.c_str();
}

/// The nodes of a graph, from the inputs to the result, each with the terms of its adjoint.
json nodes_of(const autodiff::ExplainedGraph& graph)
{
    json nodes = json::array();
    for (const auto& node : graph.nodes) {
        json terms = json::array();
        for (const auto& term : node.terms)
            terms.push_back({{"user", term.user},
                             {"partial", term.partial},
                             {"symbols", term.symbols},
                             {"numbers", term.numbers}});
        nodes.push_back({{"name", node.name},
                         {"op", node.op},
                         {"symbols", node.symbols},
                         {"numbers", node.numbers},
                         {"value", node.value},
                         {"adjoint", node.adjoint},
                         {"terms", std::move(terms)}});
    }
    return nodes;
}

/// A number, or where JSON has none, words.
json number(double value)
{
    if (std::isnan(value)) return "not a number";
    if (std::isinf(value)) return value > 0 ? "infinity" : "−infinity";
    return value;
}

/// The function at a point: its graph and derivation, and value and gradient once more from a tape of
/// scalars.
template <class F>
json explained(const F& f, const std::vector<std::string>& names, const std::vector<double>& values)
{
    std::vector<autodiff::NamedInput<double>> inputs;
    for (std::size_t i = 0; i < names.size(); ++i) inputs.push_back(autodiff::input(names[i], values[i]));
    const autodiff::ExplainedGraph graph = autodiff::explained_graph(f, inputs);
    const auto [value, gradient] = autodiff::value_and_gradient(f, values);
    json slopes = json::array();
    for (const double slope : gradient) slopes.push_back(number(slope));
    return {{"nodes", nodes_of(graph)},
            {"derivation", graph.text()},
            {"value", number(value)},
            {"gradient", std::move(slopes)}};
}

std::unique_ptr<live::Network> network;

}  // namespace

extern "C" {

/// The variables of a formula, or what is wrong with it and where.
const char* live_parse(const char* text)
{
    const auto parsed = live::parse(text);
    if (const auto* error = std::get_if<live::SyntaxError>(&parsed))
        return answer({{"error", error->message}, {"position", error->position}});
    return answer({{"variables", std::get<live::Formula>(parsed).variables()}});
}

/// A formula where its variables have these values, an array of numbers in JSON.
const char* live_explain(const char* text, const char* values)
{
    const auto parsed = live::parse(text);
    const auto* formula = std::get_if<live::Formula>(&parsed);
    const json numbers = json::parse(values, nullptr, false);
    if (!formula || !numbers.is_array() || numbers.size() != formula->variables().size())
        return answer(
            {{"error", "a formula and a number for each of its variables are needed"}, {"position", 0}});
    return answer(explained(*formula, formula->variables(), numbers.get<std::vector<double>>()));
}

/// A neuron with two inputs: its weighted sum z, its activation a and its loss L for the target t.
const char* live_neuron(double x1, double x2, double w1, double w2, double b, double t)
{
    const auto loss = [t](const auto& v) {
        const auto z = named("z", v[2] * v[0] + v[3] * v[1] + v[4]);
        const auto a = named("a", sigmoid(z));
        return named("L", square(a - t));
    };
    return answer(explained(loss, {"x1", "x2", "w1", "w2", "b"}, {x1, x2, w1, w2, b}));
}

/// A new network. What follows is about it.
void live_start(int width, int seed)
{
    network = std::make_unique<live::Network>(width, static_cast<std::uint64_t>(seed));
}

/// Steps of training. Returns the loss before the last one.
double live_train(int steps, double learning_rate)
{
    double loss = 0;
    for (int step = 0; step < steps; ++step) loss = network->step(learning_rate);
    return loss;
}

/// What the network says in the middle of each of size x size cells of the square from `low` to `high`, row
/// by row from the bottom.
const double* live_predictions(int size, double low, double high)
{
    static std::vector<double> predictions;
    std::vector<double> points;
    const auto middle = [&](int cell) { return low + (high - low) * (cell + 0.5) / size; };
    for (int row = 0; row < size; ++row)
        for (int column = 0; column < size; ++column) {
            points.push_back(middle(column));
            points.push_back(middle(row));
        }
    predictions = (*network)(autodiff::Tensor<>({autodiff::Index{size} * size, 2}, points)).to_vector();
    return predictions.data();
}

/// The loss, the predictions for the four samples, and each parameter with its gradient.
const char* live_state()
{
    const auto [loss, gradients] = network->loss_and_gradient();
    json parameters = json::array();
    std::size_t place = 0;
    for (const auto& parameter : network->parameters())
        parameters.push_back({{"name", parameter.name},
                              {"values", parameter.tensor->to_vector()},
                              {"gradient", gradients[place++].to_vector()}});
    return answer({{"loss", loss.item()},
                   {"predictions", (*network)(live::xor_inputs).to_vector()},
                   {"parameters", std::move(parameters)}});
}

}  // extern "C"
