// The engine of the live pages: what is a formula, and what it says of one.

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <autodiff/transforms/scalar_gradient.hpp>

#include <docs/live/engine/formula.hpp>

extern "C" {
const char* live_parse(const char* text);
const char* live_explain(const char* text, const char* values);
void live_start(int width, int seed);
double live_train(int steps, double learning_rate);
const double* live_predictions(int size, double low, double high);
const char* live_state();
}

using nlohmann::json;

namespace {

live::Formula formula(std::string_view text) { return std::get<live::Formula>(live::parse(text)); }

double value(std::string_view text, const std::vector<double>& variables = {})
{
    using autodiff::Dual;
    std::vector<Dual<double>> lifted;
    for (const double variable : variables) lifted.emplace_back(variable);
    return formula(text)(lifted).value;
}

std::string error(std::string_view text)
{
    const auto parsed = live::parse(text);
    const auto* error = std::get_if<live::SyntaxError>(&parsed);
    return error ? fmt::format("{}: {}", error->position, error->message) : "none";
}

}  // namespace

BOOST_AUTO_TEST_CASE(operators_bind_as_in_mathematics)
{
    BOOST_TEST(value("1 + 2 * 3 ^ 2") == 19);
    BOOST_TEST(value("(1 + 2) * 3") == 9);
    BOOST_TEST(value("8 - 4 - 2") == 2);
    BOOST_TEST(value("8 / 4 / 2") == 1);
    BOOST_TEST(value("2 ^ 3 ^ 2") == 512);
    BOOST_TEST(value("-2 ^ 2") == -4);
    BOOST_TEST(value("2 ^ -1") == 0.5);
    BOOST_TEST(value("2 * -3 - -1") == -5);
    BOOST_TEST(value("1.5e1 + .5") == 15.5);
    BOOST_TEST(value("max(1, min(4, 3))") == 3);
}

BOOST_AUTO_TEST_CASE(lines_name_results_and_the_last_is_the_formulas)
{
    BOOST_TEST(value("a = 2; b = a * a\n\n b + a;") == 6);
    BOOST_TEST(value("a = x\n3 * a", {5}) == 15);
    BOOST_TEST(value("L = x ^ 2 + pi - pi", {3}) == 9);
}

BOOST_AUTO_TEST_CASE(variables_are_listed_as_they_appear)
{
    const std::vector<std::string> expected{"w", "x1", "b_0"};
    BOOST_TEST(formula("z = w * x1 + b_0; w * z + x1").variables() == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_formula_is_refused_with_the_place)
{
    BOOST_TEST(error("") == "0: there is nothing to compute");
    BOOST_TEST(error("2 *") == "3: something is missing at the end");
    BOOST_TEST(error("2 * * 3") == "4: a number, a name or ( is expected");
    BOOST_TEST(error("(1 + 2") == "6: ')' is missing");
    BOOST_TEST(error("max(1)") == "5: ',' is missing");
    BOOST_TEST(error("1 2") == "2: '2' is not expected here");
    BOOST_TEST(error("1 $") == "2: '$' is not expected here");
    BOOST_TEST(error("a = 1; a = 2") == "7: a has a value already");
    BOOST_TEST(error("x + 1; x = 2") == "7: x has a value already");
    BOOST_TEST(error("1; pi = 3") == "3: pi has a value already");
    BOOST_TEST(error("1; sine(x)") == "3: there is no function sine");
    BOOST_TEST(error(std::string(3000, '(')) == "2000: the text is too long");
    BOOST_TEST(error(std::string(1500, '(')).ends_with(": too many levels"));
    BOOST_TEST(error(std::string(1500, '-')).ends_with(": too many levels"));
}

BOOST_AUTO_TEST_CASE(the_gradient_of_the_tape_is_that_of_the_explanation)
{
    for (const auto& each : live::functions<autodiff::Explained>) {
        const std::string text =
            fmt::format("y = {}({})\ny * y + x * a", each.name, each.arguments == 2 ? "x, a" : "x");
        const json answer =
            json::parse(live_explain(text.c_str(), each.arguments == 2 ? "[0.6, 0.4]" : "[0.6, 0.4]"));
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST_REQUIRE(answer.contains("nodes"));
            for (std::size_t i = 0; i < 2; ++i)  // the inputs come first; seven digits are printed
                BOOST_TEST(std::stod(answer["nodes"][i]["adjoint"].get<std::string>()) ==
                               answer["gradient"][i].get<double>(),
                           boost::test_tools::tolerance(1e-6));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_explained_is_answered_with_an_error)
{
    BOOST_TEST(json::parse(live_parse("1 +")).contains("error"));
    for (const char* values : {"", "[]", "[1, 2]", "{", "7"})
        BOOST_TEST(json::parse(live_explain("x * x", values)).contains("error"));
    BOOST_TEST(json::parse(live_explain("log(x)", "[-1]"))["value"] == "not a number");
}

BOOST_AUTO_TEST_CASE(the_network_learns_and_its_map_agrees_with_its_predictions)
{
    live_start(4, 1);
    live_train(3000, 10);
    const json state = json::parse(live_state());
    BOOST_TEST(state["loss"].get<double>() < 0.001);
    const double* map = live_predictions(2, -0.5, 1.5);  // the middles of four cells are the four samples
    const std::vector<double> samples = state["predictions"];
    BOOST_TEST(map[0] == samples[0]);
    BOOST_TEST(map[1] == samples[2]);
    BOOST_TEST(map[2] == samples[1]);
    BOOST_TEST(map[3] == samples[3]);
}
