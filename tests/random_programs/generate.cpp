#include <random_programs/generate.hpp>

#include <support/layouts.hpp>

#include <cmath>

namespace autodiff::tests {

Tensor<double> tensor_of(const Input& input)
{
    const Tensor<double> contiguous(input.shape, std::span<const double>(input.values));
    switch (input.layout) {
        case Layout::column_major: return column_major(contiguous);
        case Layout::spaced: return spaced(contiguous);
        case Layout::backwards: return backwards(contiguous);
        default: return contiguous;
    }
}

namespace {

constexpr double largest_value = 30;
constexpr int largest_size = 64, attempts = 30;

template <class X>
std::vector<double> elements(const X& x)
{
    if constexpr (is_tensor<X>) return x.to_vector();
    else return {x};
}

template <class X>
bool is_tame(const X& x)
{
    if constexpr (is_tensor<X>)
        if (x.size() > largest_size || x.rank() > 4) return false;
    return std::ranges::all_of(elements(x), [](double value) { return std::abs(value) < largest_value; });
}

/// Whether all elements are inside the interval and not near its ends.
template <class X>
bool is_inside(const X& x, const Interval& interval)
{
    const double margin = 0.1 * (interval.high - interval.low);
    return std::ranges::all_of(elements(x), [&](double value) {
        return interval.low + margin < value && value < interval.high - margin;
    });
}

/// Where a statement stands: what it may be.
struct Place {
    int depth = 0;             ///< bodies around it
    bool is_repeated = false;  ///< it is run on other values, too
    bool has_transforms = true, has_scopes = true;
};

/// X is double or Tensor<double>.
template <class X>
class Generator {
public:
    Generator(const std::vector<Row>& rows, const Options& options, Random& random)
        : mode_{rows}, options_(options), random_(random)
    {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (is_tensor<X> || rows[i].has_scalars()) choices_.push_back(i);
    }

    Program program(std::vector<X> values, std::size_t most, const Place& place)
    {
        Program program{values.size(), {}, {}};
        const std::size_t length = 1 + random_.below(most);
        while (program.statements.size() < length) add_statement(program, values, place);
        name_results(program, values.size());
        return program;
    }

private:
    void add_statement(Program& program, std::vector<X>& values, const Place& place)
    {
        const auto is_added = [&](std::optional<Statement> statement) {
            if (!statement || !try_statement(*statement, values)) return false;
            program.statements.push_back(*std::move(statement));
            return true;
        };
        for (int attempt = 0; attempt < attempts; ++attempt) {
            const Form form = random_form(place);
            if (form != Form::op) {
                if (is_added(other(form, values, place))) return;
                continue;
            }
            const std::size_t row = choices_[random_.below(choices_.size())];
            if (is_added(op(row, values, place, false)) || is_added(op(row, values, place, true))) return;
        }
        throw std::logic_error("no statement fits");
    }

    bool try_statement(const Statement& statement, std::vector<X>& values) const
    {
        std::vector<X> after = values;
        try {
            X y = evaluate(mode_, statement, after);
            if (!is_tame(y)) return false;
            after.push_back(std::move(y));
        } catch (const ShapeError&) {
            return false;
        } catch (const AxisError&) {
            return false;
        } catch (const IndexError&) {
            return false;
        } catch (const DomainError&) {
            return false;
        }
        values = std::move(after);
        return true;
    }

    Form random_form(const Place& place)
    {
        if (options_.only_ops || random_.below(4) > 0) return Form::op;
        constexpr Form updates[]{Form::add, Form::subtract, Form::multiply};
        constexpr Form transforms[]{Form::gradient, Form::directional, Form::hessian};
        constexpr Form scopes[]{Form::preaccumulate, Form::sum_over, Form::iterate, Form::map};
        const std::size_t kind = random_.below(5);
        if (kind == 0 || place.depth > 1) return updates[random_.below(3)];
        if (kind == 1) return Form::branch;
        if (kind == 2) return Form::loop;
        if (kind == 3 && place.has_transforms) return transforms[random_.below(is_tensor<X> ? 3 : 2)];
        if (kind == 4 && place.has_scopes) return is_tensor<X> ? Form::checkpoint : scopes[random_.below(4)];
        return Form::op;
    }

    Argument random_argument(const std::vector<X>& values)
    {
        // Later values more often, so that programs become deep as well as wide.
        return {std::max(random_.below(values.size()), random_.below(values.size()))};
    }

    /// A row on values as they are, or in shapes that it is known to take.
    std::optional<Statement> op(std::size_t index, const std::vector<X>& values, const Place& place,
                                bool with_known_shapes)
    {
        Statement statement{.row = index};
        const Row& row = mode_.rows[statement.row];
        const Shapes& known = row.shapes[random_.below(row.shapes.size())];
        for (std::size_t k = 0; k < row.domains.size(); ++k) {
            const Domain& domain = row.domains[k];
            Argument argument = random_argument(values);
            argument.prepared = domain.separation > 0 || domain.prepare;
            if (is_tensor<X> && (with_known_shapes || domain.prepare)) argument.shape = known[k];
            const Interval& interval = domain.intervals[random_.below(domain.intervals.size())];
            if (place.is_repeated || !is_inside(values[argument.value], interval)) argument.into = interval;
            statement.arguments.push_back(std::move(argument));
        }
        return statement;
    }

    std::optional<Statement> other(Form form, const std::vector<X>& values, const Place& place)
    {
        Statement statement{.form = form, .count = 1 + random_.below(4)};
        const std::size_t arguments = 1 + random_.below(3);
        for (std::size_t k = 0; k < arguments; ++k) statement.arguments.push_back(random_argument(values));
        switch (form) {
            case Form::add:
            case Form::subtract:
            case Form::multiply: return update(std::move(statement), values);
            case Form::branch: return branch(std::move(statement), values, place);
            case Form::map: statement.count *= 17; return statement;  // fewer and more than make a block
            default: return with_body(std::move(statement), values, place);
        }
    }

    std::optional<Statement> update(Statement statement, const std::vector<X>& values)
    {
        statement.arguments.resize(1);
        statement.arguments.push_back(random_argument(values));
        statement.arguments[1].into = Interval{0.4, 1.2};
        if constexpr (is_tensor<X>)
            if (random_.below(2) == 0)
                statement.arguments[1].shape = values[statement.arguments[0].value].shape();
        return statement;
    }

    /// A threshold to one side of the value, both out of reach of a step.
    std::optional<Statement> branch(Statement statement, const std::vector<X>& values, const Place& place)
    {
        const auto all = elements(values[statement.arguments[0].value]);
        double level = 0;
        for (const double value : all) level += value;
        statement.number =
            std::round(16 * (level + (random_.below(2) == 0 ? 1 : -1) * random_.uniform(0.5, 2))) / 16;
        Place inside = place;
        ++inside.depth;
        const auto inputs = body_values(statement, values);
        for (int k = 0; k < 2; ++k) statement.bodies.push_back(program(inputs, 2, inside));
        return statement;
    }

    std::optional<Statement> with_body(Statement statement, const std::vector<X>& values, const Place& place)
    {
        Place inside = place;
        ++inside.depth;
        const bool is_transform = statement.form == Form::gradient || statement.form == Form::directional ||
                                  statement.form == Form::hessian;
        // Nested numbers are of kinds that the table has; the derivatives of tensors' transforms stay of
        // order 3.
        if (is_transform || (!is_tensor<X> && statement.form != Form::loop)) inside.has_transforms = false;
        if (statement.form == Form::loop || statement.form == Form::sum_over ||
            statement.form == Form::iterate)
            inside.is_repeated = true;
        statement.bodies.push_back(program(body_values(statement, values), 3, inside));
        return statement;
    }

    std::vector<X> body_values(const Statement& statement, const std::vector<X>& values) const
    {
        std::vector<X> inputs;
        for (const Argument& argument : statement.arguments) inputs.push_back(values[argument.value]);
        while (inputs.size() < body_inputs(statement)) inputs.push_back(lift<X>(0));
        return inputs;
    }

    /// Every value that no statement takes is a result, up to four, the last ones.
    void name_results(Program& program, std::size_t count) const
    {
        std::vector<bool> taken(count, false);
        for (const Statement& statement : program.statements)
            for (const Argument& argument : statement.arguments) taken[argument.value] = true;
        taken.back() = false;
        for (std::size_t k = count; k-- > program.inputs && program.results.size() < 4;)
            if (!taken[k]) program.results.push_back(k);
    }

    Mode mode_;
    const Options& options_;
    Random& random_;
    std::vector<std::size_t> choices_;
};

/// Numbers that float has, too.
double random_number(Random& random, double reach)
{
    return static_cast<float>(random.uniform(-reach, reach));
}

Shape random_shape(Random& random)
{
    constexpr Index sizes[]{0, 1, 1, 2, 2, 3, 3, 3, 4, 5};
    Dims dims;
    const std::size_t rank = random.below(4);
    for (std::size_t axis = 0; axis < rank; ++axis) dims.push_back(sizes[random.below(std::size(sizes))]);
    return Shape(dims);
}

Input random_input(bool is_tensor, Random& random)
{
    Input input;
    input.shape = is_tensor ? random_shape(random) : Shape{};
    for (Index i = 0; i < input.shape.element_count(); ++i) {
        input.values.push_back(random_number(random, 2));
        input.direction.push_back(random_number(random, 1));
    }
    if (is_tensor && input.shape.rank() > 0)
        input.layout = static_cast<Layout>(random.below(2) * random.below(4));
    return input;
}

}  // namespace

Case random_case(const std::vector<Row>& rows, const Options& options, Random& random)
{
    Case made{.of_tensors = options.of_tensors};
    const std::size_t inputs = 1 + random.below(4);
    for (std::size_t i = 0; i < inputs; ++i) made.inputs.push_back(random_input(options.of_tensors, random));
    if (options.of_tensors) {
        std::vector<Tensor<double>> values;
        for (const Input& input : made.inputs) values.push_back(tensor_of(input));
        made.program =
            Generator<Tensor<double>>(rows, options, random).program(values, options.most_statements, {});
    } else {
        std::vector<double> values;
        for (const Input& input : made.inputs) values.push_back(input.values[0]);
        made.program = Generator<double>(rows, options, random).program(values, options.most_statements, {});
    }
    return made;
}

}  // namespace autodiff::tests
