#pragma once

// A random program is data: what it computes can be run on every kind of number, shrunk, and printed as C++.
//
// A program has numbered values: its inputs first, then one for each statement. Its result is one number,
// Σ sin v over the values named as results (summed over the elements of tensors), so that every result has an
// adjoint of its own.

#include <op_table.hpp>

#include <optional>

namespace autodiff::tests {

/// A value as a statement takes it: brought into an interval and a shape where the statement asks for that.
struct Argument {
    std::size_t value = 0;
    std::optional<Interval> into = {};
    std::optional<Shape> shape = {};
    /// Made into what the domain of the row asks for: elements that are apart, a matrix that can be inverted.
    bool prepared = false;
};

enum class Form {
    op,           ///< a row of the op table
    add,          ///< a += b in place: whoever reads a afterwards sees it
    subtract,     ///< a -= b
    multiply,     ///< a *= b
    branch,       ///< a > number ? first body : second body
    loop,         ///< count times: a = next_value(a, body(a, …))
    gradient,     ///< the gradient of a body, whose last argument is captured
    directional,  ///< the body's derivative along cos a: jvp
    hessian,      ///< of tensors: the body's gradient's derivative along cos a: hvp
    preaccumulate,
    sum_over,
    iterate,
    map,  ///< of numbers: sum_of_pairs of count numbers
    checkpoint,
};

struct Program;
struct Statement {
    Form form = Form::op;
    std::size_t row = 0;
    std::vector<Argument> arguments = {};
    double number = 0;
    std::size_t count = 0;
    std::vector<Program> bodies = {};
};

struct Program {
    std::size_t inputs = 0;
    std::vector<Statement> statements = {};
    std::vector<std::size_t> results = {};
};

/// How an input's elements lie in memory.
enum class Layout { contiguous, column_major, spaced, backwards };

struct Input {
    Shape shape = {};
    std::vector<double> values = {};
    std::vector<double> direction = {};
    Layout layout = Layout::contiguous;
};

/// A program and where it is differentiated, in which direction.
struct Case {
    bool of_tensors = false;
    Program program = {};
    std::vector<Input> inputs = {};
};

/// The inputs of a statement's bodies: its arguments, and the step's number where there is one.
inline std::size_t body_inputs(const Statement& statement)
{
    const bool is_counted = statement.form == Form::sum_over || statement.form == Form::iterate;
    return statement.arguments.size() + (is_counted ? 1 : 0);
}

/// How many derivatives the program itself takes.
inline int order(const Program& program)
{
    int most = 0;
    for (const Statement& statement : program.statements)
        for (const Program& body : statement.bodies) {
            int own = order(body);
            if (statement.form == Form::gradient || statement.form == Form::directional) own += 1;
            if (statement.form == Form::hessian) own += 2;
            most = std::max(most, own);
        }
    return most;
}

}  // namespace autodiff::tests
