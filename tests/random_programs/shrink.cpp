#include <random_programs/shrink.hpp>

#include <autodiff/error.hpp>

#include <cmath>
#include <set>

namespace autodiff::tests {

namespace {

template <class T>
std::vector<T> without(std::vector<T> all, std::size_t k)
{
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(k));
    return all;
}

/// Calls g with the number of every value that the program uses, not those within bodies.
void for_values(Program& program, const std::function<void(std::size_t&)>& g)
{
    for (Statement& statement : program.statements)
        for (Argument& argument : statement.arguments) g(argument.value);
    for (std::size_t& result : program.results) g(result);
}

/// Value `gone` no longer exists; whoever used it uses an earlier one.
void rename(Program& program, std::size_t gone, std::size_t instead)
{
    for_values(program, [=](std::size_t& value) {
        if (value == gone) value = instead;
        else if (value > gone) --value;
    });
}

Program without_statement(Program program, std::size_t k, std::size_t instead)
{
    program.statements = without(std::move(program.statements), k);
    rename(program, program.inputs + k, instead);
    return program;
}

Program without_input(Program program, std::size_t i)
{
    --program.inputs;
    rename(program, i, i == 0 ? 0 : i - 1);
    return program;
}

/// Up to the value that is its only result.
Program up_to(Program program, std::size_t value)
{
    program.results = {value};
    program.statements.resize(value < program.inputs ? 0 : value - program.inputs + 1);
    return program;
}

/// Statement k's body in its place.
Program inlined(const Program& program, std::size_t k, const Program& body)
{
    const Statement& statement = program.statements[k];
    const std::size_t begin = program.inputs + k, added = body.statements.size();
    Program inside = body, after = program;
    for_values(inside, [&](std::size_t& value) {
        if (value >= body.inputs) value += begin - body.inputs;
        else value = statement.arguments[value < statement.arguments.size() ? value : 0].value;
    });
    for_values(after, [&](std::size_t& value) {
        if (value == begin) value = inside.results[0];
        else if (value > begin) value += added - 1;
    });
    Program result{program.inputs, {}, after.results};
    const auto at = after.statements.begin() + static_cast<std::ptrdiff_t>(k);
    result.statements.assign(after.statements.begin(), at);
    result.statements.insert(result.statements.end(), inside.statements.begin(), inside.statements.end());
    result.statements.insert(result.statements.end(), at + 1, after.statements.end());
    return result;
}

using Programs = std::vector<Program>;
Programs simpler(const Program& program);

std::vector<Shape> smaller(const Shape& shape)
{
    std::vector<Shape> all;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
        Shape less = shape;
        less.erase(axis);
        all.push_back(less);
        for (const Index size : {Index{1}, shape[axis] - 1}) {
            less = shape;
            less[axis] = size;
            if (0 < size && size < shape[axis]) all.push_back(less);
        }
    }
    return all;
}

std::vector<Argument> simpler(const Argument& argument)
{
    std::vector<Argument> all;
    Argument plain = argument;
    if (argument.into) plain.into.reset(), all.push_back(plain);
    plain = argument;
    if (argument.shape) {
        if (!argument.prepared) plain.shape.reset(), all.push_back(plain);
        for (const Shape& shape : smaller(*argument.shape)) plain.shape = shape, all.push_back(plain);
    }
    return all;
}

/// Without an argument of a form that takes any number of them.
std::vector<Statement> with_fewer_arguments(const Statement& statement)
{
    std::vector<Statement> all;
    if (statement.bodies.empty()) return all;
    for (std::size_t k = statement.arguments.size(); k-- > 1;) {
        Statement fewer = statement;
        fewer.arguments = without(std::move(fewer.arguments), k);
        for (Program& body : fewer.bodies) body = without_input(std::move(body), k);
        all.push_back(std::move(fewer));
    }
    return all;
}

std::vector<Statement> simpler(const Statement& statement)
{
    std::vector<Statement> all = with_fewer_arguments(statement);
    if (statement.count > 1) {
        all.push_back(statement);
        all.back().count = 1;
    }
    for (std::size_t k = 0; k < statement.arguments.size(); ++k)
        for (const Argument& argument : simpler(statement.arguments[k])) {
            all.push_back(statement);
            all.back().arguments[k] = argument;
        }
    for (std::size_t k = 0; k < statement.bodies.size(); ++k)
        for (Program& body : simpler(statement.bodies[k])) {
            all.push_back(statement);
            all.back().bodies[k] = std::move(body);
        }
    return all;
}

/// What a statement's value could be replaced with: its arguments, and the inputs.
std::set<std::size_t> replacements(const Program& program, const Statement& statement)
{
    std::set<std::size_t> all;
    for (std::size_t i = 0; i < program.inputs; ++i) all.insert(i);
    for (const Argument& argument : statement.arguments) all.insert(argument.value);
    return all;
}

Programs simpler(const Program& program)
{
    Programs all;
    const std::size_t values = program.inputs + program.statements.size();
    if (program.results.size() > 1 || program.results[0] + 1 < values)
        for (std::size_t value = 0; value < values; ++value) all.push_back(up_to(program, value));
    if (program.results.size() > 1)
        for (std::size_t k = 0; k < program.results.size(); ++k) {
            all.push_back(program);
            all.back().results = without(program.results, k);
        }
    for (std::size_t k = program.statements.size(); k-- > 0;)
        for (const std::size_t instead : replacements(program, program.statements[k]))
            all.push_back(without_statement(program, k, instead));
    for (std::size_t k = 0; k < program.statements.size(); ++k)
        for (const Program& body : program.statements[k].bodies) all.push_back(inlined(program, k, body));
    for (std::size_t k = 0; k < program.statements.size(); ++k)
        for (Statement& statement : simpler(program.statements[k])) {
            all.push_back(program);
            all.back().statements[k] = std::move(statement);
        }
    return all;
}

/// Statements that take computed values, on inputs instead.
Programs on_inputs(const Program& program)
{
    Programs all;
    for (std::size_t k = 0; k < program.statements.size(); ++k)
        for (std::size_t a = 0; a < program.statements[k].arguments.size(); ++a)
            for (std::size_t i = 0; i < program.inputs; ++i) {
                if (program.statements[k].arguments[a].value < program.inputs) break;
                all.push_back(program);
                all.back().statements[k].arguments[a].value = i;
            }
    return all;
}

bool uses(Program program, std::size_t value)
{
    bool found = false;
    for_values(program, [&](std::size_t& used) { found = found || used == value; });
    return found;
}

std::vector<Input> simpler(const Input& input)
{
    std::vector<Input> all;
    for (const Shape& shape : smaller(input.shape)) {
        Input less = input;
        less.shape = shape;
        less.values.resize(static_cast<std::size_t>(shape.element_count()));
        less.direction.resize(less.values.size());
        all.push_back(less);
    }
    Input plain = input;
    plain.layout = Layout::contiguous;
    if (input.layout != Layout::contiguous) all.push_back(plain);
    plain = input;
    plain.direction.assign(input.values.size(), 1);
    if (plain.direction != input.direction) all.push_back(plain);
    for (const double grid : {1.0, 4.0}) {
        plain = input;
        for (double& value : plain.values) value = std::round(grid * value) / grid;
        if (plain.values != input.values) all.push_back(plain);
        if (plain.values == input.values) break;
    }
    return all;
}

std::vector<Case> simpler(const Case& of)
{
    std::vector<Case> all;
    for (Programs programs : {simpler(of.program), on_inputs(of.program)})
        for (Program& program : programs) all.push_back({of.of_tensors, std::move(program), of.inputs});
    for (std::size_t i = 0; i < of.inputs.size(); ++i)
        if (of.inputs.size() > 1 && !uses(of.program, i))
            all.push_back({of.of_tensors, without_input(of.program, i), without(of.inputs, i)});
    for (std::size_t i = 0; i < of.inputs.size(); ++i)
        for (Input& input : simpler(of.inputs[i])) {
            all.push_back(of);
            all.back().inputs[i] = std::move(input);
        }
    return all;
}

}  // namespace

Case shrunk(Case failing, const std::function<bool(const Case&)>& fails)
{
    const auto still_fails = [&](const Case& candidate) {
        try {
            return fails(candidate);
        } catch (const std::exception&) {
            return false;
        }
    };
    while (true) {
        std::vector<Case> candidates = simpler(failing);
        const auto found = std::ranges::find_if(candidates, still_fails);
        if (found == candidates.end()) return failing;
        failing = std::move(*found);
    }
}

}  // namespace autodiff::tests
