#pragma once

// A formula as a reader types it, evaluated on any kind of number:
//
//     z = w * x + b            lines, or parts between semicolons, name results;
//     (sigmoid(z) - 1)^2       the last one is the formula's
//
// A name that no line has defined is a variable. There are numbers, pi, + - * / ^, parentheses and the
// functions of `functions` below.

#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/transforms/explain.hpp>

#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace live {

class Formula;

/// Why a text is no formula, and the byte at which that shows.
struct SyntaxError {
    std::string message;
    std::size_t position = 0;
};

/// The formula, or what is wrong with the text.
std::variant<Formula, SyntaxError> parse(std::string_view text);

/// A function that a formula may call: of one argument, or of two.
template <class X>
struct Function {
    std::string_view name;
    std::size_t arguments;
    X (*evaluate)(const X& a, const X& b);
};

/// The same list for every kind of number X.
template <class X>
inline constexpr auto functions = std::to_array<Function<X>>({
    {"exp", 1, [](const X& x, const X&) -> X { return exp(x); }},
    {"log", 1, [](const X& x, const X&) -> X { return log(x); }},
    {"sqrt", 1, [](const X& x, const X&) -> X { return sqrt(x); }},
    {"square", 1, [](const X& x, const X&) -> X { return square(x); }},
    {"abs", 1, [](const X& x, const X&) -> X { return abs(x); }},
    {"sin", 1, [](const X& x, const X&) -> X { return sin(x); }},
    {"cos", 1, [](const X& x, const X&) -> X { return cos(x); }},
    {"tan", 1, [](const X& x, const X&) -> X { return tan(x); }},
    {"atan", 1, [](const X& x, const X&) -> X { return atan(x); }},
    {"tanh", 1, [](const X& x, const X&) -> X { return tanh(x); }},
    {"sigmoid", 1, [](const X& x, const X&) -> X { return sigmoid(x); }},
    {"softplus", 1, [](const X& x, const X&) -> X { return softplus(x); }},
    {"relu", 1, [](const X& x, const X&) -> X { return relu(x); }},
    {"erf", 1, [](const X& x, const X&) -> X { return erf(x); }},
    {"max", 2, [](const X& a, const X& b) -> X { return max(a, b); }},
    {"min", 2, [](const X& a, const X& b) -> X { return min(a, b); }},
});

class Formula {
public:
    /// In the order in which they first appear.
    const std::vector<std::string>& variables() const { return variables_; }

    /// Its value where the variables have these.
    template <class X>
    X operator()(const std::vector<X>& values) const
    {
        std::vector<X> results;
        results.reserve(steps_.size());
        for (const Step& step : steps_) {
            results.push_back(evaluate(step, values, results));
            if (!step.name.empty()) named(step.name, results.back());
        }
        return results[result_];
    }

private:
    friend class Parser;

    enum class Op { constant, variable, add, subtract, multiply, divide, negate, square, power, call };
    /// One op. Its arguments are steps before it.
    struct Step {
        Op op;
        std::size_t a = 0, b = 0;  ///< its arguments
        std::size_t place = 0;     ///< of the variable, or of the function called, in its list
        double number = 0;         ///< the constant
        std::string name{};        ///< where a line gave it one
    };

    template <class X>
    static X evaluate(const Step& step, const std::vector<X>& values, const std::vector<X>& results)
    {
        const auto a = [&]() -> const X& { return results[step.a]; };
        const auto b = [&]() -> const X& { return results[step.b]; };
        switch (step.op) {
            case Op::variable: return values[step.place];
            case Op::add: return a() + b();
            case Op::subtract: return a() - b();
            case Op::multiply: return a() * b();
            case Op::divide: return a() / b();
            case Op::negate: return -a();
            case Op::square: return square(a());
            case Op::power: return pow(a(), b());
            case Op::call: return functions<X>[step.place].evaluate(a(), b());
            case Op::constant: break;
        }
        return autodiff::lift<X>(step.number);
    }

    std::vector<Step> steps_;
    std::vector<std::string> variables_;
    std::size_t result_ = 0;
};

}  // namespace live
