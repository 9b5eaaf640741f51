#include <random_programs/print.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace autodiff::tests {

namespace {

using Names = std::vector<std::string>;

std::string list(const Names& names) { return fmt::format("{}", fmt::join(names, ", ")); }
std::string numbers(const std::vector<double>& values) { return fmt::format("{}", fmt::join(values, ", ")); }
std::string shape_text(const Shape& shape)
{
    return fmt::format("Shape{{{}}}", fmt::join(shape.begin(), shape.end(), ", "));
}

class Printer {
public:
    Printer(const std::vector<Row>& rows, const RowSources& sources, bool of_tensors)
        : rows_(rows), sources_(sources), of_tensors_(of_tensors)
    {
    }

    /// const auto NAME = […](…) { … };
    std::string function(const std::string& name, const Program& program, const std::string& indent)
    {
        const std::string around = std::exchange(type_, of_tensors_ ? "Tensor<>" : type_inside());
        const std::string inside = indent + "    ", letter = indent == "" ? "x" : "a";
        Names values;
        for (std::size_t i = 0; i < program.inputs; ++i)
            values.push_back(fmt::format("{}{}", letter, next_++));
        std::string text = indent + heading(name, values, inside);
        for (const Statement& statement : program.statements) text += line(statement, values, inside);
        Names results;
        for (const std::size_t result : program.results)
            results.push_back(of_tensors_ ? fmt::format("sum(sin({}))", values[result])
                                          : fmt::format("sin({})", values[result]));
        type_ = around;
        return text + fmt::format("{}return {};\n{}}};\n", inside, fmt::join(results, " + "), indent);
    }

private:
    /// A body's numbers are of a kind of their own.
    std::string type_inside() const { return type_.empty() ? "X" : "X" + type_; }

    std::string heading(const std::string& name, const Names& values, const std::string& inside) const
    {
        if (of_tensors_) {
            Names parameters;
            for (const std::string& value : values) parameters.push_back("Tensor<> " + value);
            return fmt::format("const auto {} = []({}) {{\n", name, list(parameters));
        }
        std::string text = fmt::format("const auto {} = []<class {}>(const std::vector<{}>& x) -> {} {{\n",
                                       name, type_, type_, type_);
        for (std::size_t i = 0; i < values.size(); ++i)
            text += fmt::format("{}{} {} = x[{}];\n", inside, type_, values[i], i);
        return text;
    }

    std::string line(const Statement& statement, Names& values, const std::string& indent)
    {
        Names arguments;
        for (const Argument& how : statement.arguments)
            arguments.push_back(argument(how, statement, arguments.size(), values));
        Names bodies;
        std::string text;
        for (const Program& body : statement.bodies) {
            bodies.push_back(fmt::format("f{}", next_++));
            text += function(bodies.back(), body, indent);
        }
        values.push_back(fmt::format("v{}", next_++));
        const std::string& y = values.back();
        if (statement.form == Form::loop) return text + loop(statement, y, arguments, bodies[0], indent);
        return text + fmt::format("{}{} {} = {};\n", indent, type_, y, value(statement, arguments, bodies));
    }

    std::string argument(const Argument& how, const Statement& statement, std::size_t k,
                         const Names& values) const
    {
        std::string text = values[how.value];
        if (how.shape && of_tensors_) text = fmt::format("shaped({}, {})", text, shape_text(*how.shape));
        if (how.into) text = fmt::format("into({}, {}, {})", text, how.into->low, how.into->high);
        if (!how.prepared || !of_tensors_) return text;
        const Domain& domain = rows_[statement.row].domains[k];
        if (domain.separation > 0) return fmt::format("apart({})", text);
        const auto made_of = [&](double element) {
            std::vector<double> all(static_cast<std::size_t>(how.shape->element_count()), element);
            domain.prepare(all, *how.shape);
            return all;
        };
        const auto shifts = made_of(0);
        auto factors = made_of(1);
        for (std::size_t i = 0; i < shifts.size(); ++i) factors[i] -= shifts[i];
        return fmt::format("adjusted({}, {{{}}}, {{{}}})", text, numbers(factors), numbers(shifts));
    }

    std::string call(const std::string& f, const Names& arguments) const
    {
        return fmt::format("{}({})", f, of_tensors_ ? list(arguments) : vector(arguments));
    }

    std::string loop(const Statement& statement, const std::string& y, Names arguments, const std::string& f,
                     const std::string& indent) const
    {
        std::string text = fmt::format("{}{} {} = {};\n", indent, type_, y, arguments[0]);
        arguments[0] = y;
        return text + fmt::format("{}for (int i = 0; i < {}; ++i) {} = next_value({}, {});\n", indent,
                                  statement.count, y, y, call(f, arguments));
    }

    std::string value(const Statement& statement, const Names& x, const Names& f) const
    {
        switch (statement.form) {
            case Form::op: return sources_.call(rows_[statement.row], x);
            case Form::add: return fmt::format("{} += {}", x[0], x[1]);
            case Form::subtract: return fmt::format("{} -= {}", x[0], x[1]);
            case Form::multiply: return fmt::format("{} *= {}", x[0], x[1]);
            case Form::branch:
                return fmt::format("{} > {} ? {} : {}",
                                   of_tensors_ ? fmt::format("sum({}).item()", x[0]) : x[0], statement.number,
                                   call(f[0], x), call(f[1], x));
            case Form::map: return fmt::format("sum_of_pairs({}, {})", vector(x), statement.count);
            default: return of_tensors_ ? of_tensors(statement, x, f[0]) : of_numbers(statement, x, f[0]);
        }
    }

    static std::string of_tensors(const Statement& statement, Names x, const std::string& f)
    {
        const std::string first = std::exchange(x[0], "y");
        const std::string g = fmt::format("[=](const Tensor<>& y) {{ return {}({}); }}", f, list(x));
        switch (statement.form) {
            case Form::gradient: return fmt::format("gradient({}, {})", g, first);
            case Form::directional: return fmt::format("jvp({}, {}, cos({})).tangent", g, first, first);
            case Form::hessian: return fmt::format("hvp({}, {}, cos({}))", g, first, first);
            default: return fmt::format("checkpoint({}, {})", g, first);
        }
    }

    std::string of_numbers(const Statement& statement, Names x, const std::string& f) const
    {
        const std::string all = vector(x);
        Names differentiated = x;
        std::string g = f;
        if (x.size() > 1) {
            g = fmt::format("captured({}, {})", f, x.back());
            differentiated.pop_back();
        }
        const std::string at = vector(differentiated), first = vector({x[0]});
        x.erase(x.begin());
        switch (statement.form) {
            case Form::gradient: return fmt::format("total(gradient({}, {}))", g, at);
            case Form::directional: return fmt::format("jvp({}, {}, cosines({})).tangent", g, at, at);
            case Form::preaccumulate: return fmt::format("preaccumulate({}, {})", f, all);
            case Form::sum_over: return fmt::format("sum_over({}, counted({}), {})", statement.count, f, all);
            default:
                return fmt::format("iterate(Steps({}, 2), {}, stepped({}), {})[0]", statement.count, first, f,
                                   vector(x));
        }
    }
    std::string vector(const Names& x) const { return fmt::format("std::vector<{}>{{{}}}", type_, list(x)); }

    const std::vector<Row>& rows_;
    const RowSources& sources_;
    bool of_tensors_;
    std::string type_;
    int next_ = 0;
};

std::string tensor_text(const Input& input, const std::vector<double>& values)
{
    return fmt::format("Tensor<>({}, {{{}}})", shape_text(input.shape), numbers(values));
}

std::string layout_text(const Input& input)
{
    const std::string contiguous = tensor_text(input, input.values);
    switch (input.layout) {
        case Layout::column_major: return fmt::format("column_major({})", contiguous);
        case Layout::spaced: return fmt::format("spaced({})", contiguous);
        case Layout::backwards: return fmt::format("backwards({})", contiguous);
        default: return contiguous;
    }
}

std::string inputs_text(const Case& of)
{
    Names x, v;
    for (const Input& input : of.inputs) {
        x.push_back(of.of_tensors ? layout_text(input) : numbers(input.values));
        v.push_back(of.of_tensors ? tensor_text(input, input.direction) : numbers(input.direction));
    }
    const std::string type =
        of.of_tensors ? fmt::format("std::array<Tensor<>, {}>", x.size()) : "std::vector<double>";
    return fmt::format("    const {} x{{{}}}, v{{{}}};\n", type, list(x), list(v));
}

}  // namespace

std::string printed_function(const std::vector<Row>& rows, const RowSources& sources, const Case& of)
{
    return Printer(rows, sources, of.of_tensors).function("f", of.program, "");
}

std::string printed_file(const std::vector<Row>& rows, const RowSources& sources, const Case& of)
{
    const bool has_views =
        std::ranges::any_of(of.inputs, [](const Input& input) { return input.layout != Layout::contiguous; });
    return std::string("#include <random_programs/adapt.hpp>\n#include <random_programs/reproduce.hpp>\n") +
           (has_views ? "#include <support/layouts.hpp>\n" : "") +
           "\nusing namespace autodiff;\nusing namespace autodiff::tests;\n\n" +
           printed_function(rows, sources, of) + "\nint main()\n{\n" + inputs_text(of) +
           "    report(f, x, v);\n}\n";
}

}  // namespace autodiff::tests
