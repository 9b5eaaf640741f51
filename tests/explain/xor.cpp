// What explain prints of the XOR network, line by line beside the derivation by hand.

#include <autodiff/autodiff.hpp>

#include "../../examples/support/xor_by_hand.hpp"

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <map>
#include <sstream>

using namespace autodiff;

namespace {

/// A line of the derivation: what it computes, as one writes it by hand, and its value, computed by hand.
struct Line {
    std::string name, formula;
    double value;
};

/// Seven digits, as explain prints them.
std::string number(double x) { return fmt::format("{:.7g}", x); }

/// The formula with the values of its names in their places, in parentheses if they are negative and not
/// alone.
std::string in_numbers(const std::string& formula, const std::map<std::string, double>& values)
{
    std::string text, word;
    const auto end_word = [&](char next) {
        const auto found = values.find(word);
        const bool is_alone = formula == word || (text.ends_with('(') && next == ')');
        if (found == values.end()) text += word;
        else if (found->second < 0 && !is_alone) text += fmt::format("({:.7g})", found->second);
        else text += number(found->second);
        word.clear();
    };
    for (const char c : formula)
        if (std::string_view(" ()+-").find(c) == std::string_view::npos) word += c;
        else {
            end_word(c);
            text += c;
        }
    end_word(' ');
    return text;
}

std::string trimmed(std::string text)
{
    text.erase(0, text.find_first_not_of(' '));
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

/// The columns of a printed line: name = formula = numbers = value, of which the middle ones may be missing.
std::vector<std::string> columns(const std::string& line)
{
    std::vector<std::string> cells;
    std::size_t start = 0;
    for (std::size_t end; (end = line.find(" = ", start)) != std::string::npos; start = end + 3)
        cells.push_back(trimmed(line.substr(start, end - start)));
    cells.push_back(trimmed(line.substr(start)));
    return cells;
}

/// A 2-2-1 network and its loss for one sample, with the names of xor_by_hand.hpp.
const std::vector<std::string> names{"w11", "w12", "w21", "w22", "b1", "b2", "v1", "v2", "c"};
auto explained_loss(const by_hand::Sample& sample)
{
    return [&sample](const auto& n) {
        const double x1 = sample.x[0], x2 = sample.x[1];
        const auto h1 = named("h1", sigmoid(named("z1", n[0] * x1 + n[1] * x2 + n[4])));
        const auto h2 = named("h2", sigmoid(named("z2", n[2] * x1 + n[3] * x2 + n[5])));
        const auto p = named("p", sigmoid(named("z", n[6] * h1 + n[7] * h2 + n[8])));
        return named("L", square(p - sample.target));
    };
}

std::vector<Line> by_hand_forwards(const by_hand::Network& net, const by_hand::Sample& sample)
{
    const auto& [x, t] = sample;
    std::vector<Line> lines;
    const std::vector<double> numbers = by_hand::flattened(net);
    for (std::size_t i = 0; i < names.size(); ++i) lines.push_back({names[i], "", numbers[i]});
    double h[2], z = net.c;
    for (std::size_t j = 0; j < 2; ++j) {
        const std::size_t k = j + 1;
        const double z_j = net.w[j][0] * x[0] + net.w[j][1] * x[1] + net.b[j];
        h[j] = by_hand::sigmoid(z_j);
        z += net.v[j] * h[j];
        lines.push_back(
            {fmt::format("z{}", k), fmt::format("w{0}1 · {1} + w{0}2 · {2} + b{0}", k, x[0], x[1]), z_j});
        lines.push_back({fmt::format("h{}", k), fmt::format("sigmoid(z{})", k), h[j]});
    }
    const double p = by_hand::sigmoid(z);
    lines.push_back({"z", "v1 · h1 + v2 · h2 + c", z});
    lines.push_back({"p", "sigmoid(z)", p});
    lines.push_back({"L", fmt::format("(p - {})²", t), (p - t) * (p - t)});
    return lines;
}

constexpr std::size_t last_first[] = {1, 0};

/// δ = z̄, δ_j = z̄j; the gradient is by_hand::backpropagate's.
std::vector<Line> by_hand_backwards(const by_hand::Network& net, const by_hand::Sample& sample)
{
    const auto [loss, gradient, predictions] = by_hand::backpropagate(net, {sample});
    const auto& [x, t] = sample;
    const double p = predictions[0], delta = gradient.c;
    std::vector<Line> lines{{"L̄", "", 1},
                            {"p̄", fmt::format("L̄ · 2 · (p - {})", t), 2 * (p - t)},
                            {"z̄", "p̄ · p · (1 - p)", delta}};
    for (const std::size_t j : last_first) {
        const std::size_t k = j + 1;
        lines.push_back({fmt::format("h̄{}", k), fmt::format("z̄ · v{}", k), delta * net.v[j]});
        lines.push_back({fmt::format("z̄{}", k), fmt::format("h̄{0} · h{0} · (1 - h{0})", k), gradient.b[j]});
    }
    lines.push_back({"c̄", "z̄", gradient.c});
    for (const std::size_t j : last_first)
        lines.push_back({fmt::format("v̄{}", j + 1), fmt::format("z̄ · h{}", j + 1), gradient.v[j]});
    for (const std::size_t j : last_first)
        lines.push_back({fmt::format("b̄{}", j + 1), fmt::format("z̄{}", j + 1), gradient.b[j]});
    for (const std::size_t j : last_first)
        for (const std::size_t i : last_first)
            lines.push_back(
                {fmt::format("w̄{}{}", j + 1, i + 1), fmt::format("z̄{} · {}", j + 1, x[i]), gradient.w[j][i]});
    return lines;
}

void check_line(const std::string& printed, const Line& line, const std::map<std::string, double>& values)
{
    std::vector<std::string> expected{line.name};
    if (!line.formula.empty()) expected.push_back(line.formula);
    const std::string numbers = in_numbers(line.formula, values);
    if (!numbers.empty() && numbers != number(line.value)) expected.push_back(numbers);
    expected.push_back(number(line.value));
    BOOST_TEST(columns(printed) == expected, printed << boost::test_tools::per_element());
}

void check_derivation(const by_hand::Network& net, const by_hand::Sample& sample)
{
    std::vector<NamedInput<double>> inputs;
    const std::vector<double> numbers = by_hand::flattened(net);
    for (std::size_t i = 0; i < names.size(); ++i) inputs.push_back(input(names[i], numbers[i]));
    std::istringstream text(explain(explained_loss(sample), inputs));

    const std::vector<Line> forwards = by_hand_forwards(net, sample),
                            backwards = by_hand_backwards(net, sample);
    std::map<std::string, double> values;
    for (const std::vector<Line>& part : {forwards, backwards})
        for (const Line& line : part) values[line.name] = line.value;
    std::string printed;
    const auto next = [&] {
        BOOST_TEST_REQUIRE(static_cast<bool>(std::getline(text, printed)));
        return printed;
    };
    BOOST_TEST(next() == "Values, forwards:");
    for (const Line& line : forwards) check_line(next(), line, values);
    BOOST_TEST(next() == "Adjoints, backwards (x̄ = ∂L/∂x):");
    for (const Line& line : backwards) check_line(next(), line, values);
    BOOST_TEST(!std::getline(text, printed), "and then: " << printed);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_xor_network_is_derived_line_by_line_as_by_hand)
{
    for (const by_hand::Sample& sample : by_hand::xor_samples)
        check_derivation(by_hand::unflattened({0.5, -1.25, 1.5, 0.25, 0.1, -0.2, 1.25, -0.75, 0.5}), sample);
}
