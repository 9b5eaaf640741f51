// Prints, as the engine of the live pages computes them here, states of networks in training and gradients of
// formulas, each with what was asked. check_live.py asks the same engine in the browser.

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <array>
#include <string>

extern "C" {
const char* live_explain(const char* text, const char* values);
void live_start(int width, int seed);
double live_train(int steps, double learning_rate);
const char* live_state();
}

int main()
{
    using nlohmann::json;
    json networks = json::array(), formulas = json::array();
    for (const int width : {1, 2, 4, 16})
        for (const int seed : {1, 2, 3})
            for (const int steps : {0, 1, 300}) {
                constexpr double learning_rate = 10;
                live_start(width, seed);
                live_train(steps, learning_rate);
                networks.push_back({{"width", width},
                                    {"seed", seed},
                                    {"steps", steps},
                                    {"learning_rate", learning_rate},
                                    {"state", json::parse(live_state())}});
            }
    using Question = std::pair<std::string, json>;
    for (const auto& [text, values] : {Question{"z = w * x + b; (sigmoid(z) - 1)^2", {2.0, 0.5, -1.0}},
                                       Question{"exp(a) / (exp(a) + exp(b))", {1.0, 0.2}},
                                       Question{"sin(x) * y + tanh(x * y)^3", {0.5, 2.0}},
                                       Question{"log(x) - softplus(y) + erf(x / y) + atan(y)", {1.5, 0.7}}})
        formulas.push_back({{"text", text},
                            {"values", values},
                            {"answer", json::parse(live_explain(text.c_str(), values.dump().c_str()))}});
    fmt::print("{}\n", json{{"networks", networks}, {"formulas", formulas}}.dump());
}
