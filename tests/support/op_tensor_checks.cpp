// The checks of a row on tensors of given shapes.

#include <support/layouts.hpp>
#include <support/op_checks.hpp>

#include <fmt/ranges.h>

#include <algorithm>
#include <concepts>
#include <functional>
#include <limits>
#include <numeric>

namespace autodiff::tests {

namespace {

using Tensors = std::vector<Tensor<double>>;
using Function = std::function<Tensor<double>(std::span<const Tensor<double>>)>;
using Numbers = std::vector<double>;

/// One recording of f, to be swept.
class Traced {
public:
    Traced(const Function& f, const Tensors& x) : trace_(x)
    {
        Tensor<double> y;
        {
            const auto running = trace_.running();
            y = f(trace_.variables());
        }
        value_ = trace_.finish(y);
    }
    const Tensor<double>& value() const { return value_; }
    Tensors pull(const Tensor<double>& y_bar) const { return trace_.pull(y_bar); }
    Tensor<double> push(const Tensors& x_dot) const { return trace_.push(x_dot); }

private:
    Trace<double> trace_;
    Tensor<double> value_;
};

Numbers numbers(const Tensors& tensors)
{
    Numbers all;
    for (const Tensor<double>& tensor : tensors)
        for (double value : tensor.to_vector()) all.push_back(value);
    return all;
}

Numbers numbers(const Tensor<double>& tensor) { return tensor.to_vector(); }

double inner_product(const Numbers& a, const Numbers& b)
{
    if (a.size() != b.size()) return std::numeric_limits<double>::quiet_NaN();
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Σ ⟨aᵢ, bᵢ⟩ in ops, so that it can be differentiated.
Tensor<double> inner_product(const Tensors& a, const Tensors& b)
{
    Tensor<double> total(0.0);
    for (std::size_t i = 0; i < a.size(); ++i) total = total + sum(a[i] * b[i]);
    return total;
}

Tensor<double> random_tensor(const Shape& shape, Random& random)
{
    Numbers values(static_cast<std::size_t>(shape.element_count()));
    for (double& value : values) value = static_cast<float>(random.uniform(-1, 1));
    return Tensor<double>(shape, std::span<const double>(values));
}

struct TensorPoint {
    const Row& row;
    Subject subject;
    Function f;
    Tensors x, x_dot;
    std::vector<Numbers> steps;
    Tensor<double> y_bar;

    void compare(Check check, const Numbers& actual, const Numbers& expected, double tolerance) const
    {
        tests::compare(subject, check, actual, expected, tolerance);
    }

    /// ∂g/∂x for all elements of all arguments, by differences.
    Numbers differences(Check check, const std::function<double(const Tensors&)>& g, double tolerance) const
    {
        std::vector<Difference> result;
        for (std::size_t k = 0; k < x.size(); ++k) {
            Numbers moved = numbers(x[k]);
            for (std::size_t i = 0; i < moved.size(); ++i) {
                const double at = moved[i];
                result.push_back(central_difference(
                    [&](double step) {
                        moved[i] = at + step;
                        Tensors arguments = x;
                        arguments[k] = Tensor<double>(x[k].shape(), std::span<const double>(moved));
                        return g(arguments);
                    },
                    steps[k][i]));
                moved[i] = at;
            }
        }
        require_accuracy(subject, check, result, tolerance);
        return values_of(result);
    }
};

TensorPoint point(const Row& row, const Shapes& shapes, Random& random)
{
    TensorPoint p{row,
                  {row.op, row.variant, fmt::format("{}", fmt::join(shapes, " ")), ""},
                  std::get<FunctionOn<Tensor<double>>>(row.functions),
                  {},
                  {},
                  {},
                  {}};
    for (std::size_t k = 0; k < shapes.size(); ++k) {
        const Sample s = sample(row.domains[k], shapes[k], random);
        p.x.emplace_back(shapes[k], std::span<const double>(s.values));
        p.x_dot.push_back(random_tensor(shapes[k], random));
        p.steps.push_back(s.steps);
    }
    p.y_bar = random_tensor(p.f(p.x).shape(), random);
    p.subject.where = fmt::format("at {}", numbers(p.x));
    return p;
}

void check_first_order(const TensorPoint& p)
{
    const Traced traced(p.f, p.x);
    const Numbers y_bar = numbers(p.y_bar);
    const Numbers gradient = numbers(traced.pull(p.y_bar));
    const double tolerance = p.row.tolerances.differences;
    p.compare(Check::differences, gradient,
              p.differences(
                  Check::differences, [&](const Tensors& x) { return inner_product(y_bar, numbers(p.f(x))); },
                  tolerance),
              tolerance);
    p.compare(Check::forward, {inner_product(y_bar, numbers(traced.push(p.x_dot)))},
              {inner_product(gradient, numbers(p.x_dot))}, rounding);
}

/// ⟨Jᵀ ȳ, ẋ⟩ by reverse mode, as a function of (x…, ȳ) that can be differentiated again.
Function gradient_along(const Function& f, const Tensors& x_dot)
{
    return [=](std::span<const Tensor<double>> x_and_y_bar) {
        const Tensors x(x_and_y_bar.begin(), x_and_y_bar.end() - 1);
        return inner_product(Traced(f, x).pull(x_and_y_bar.back()), x_dot);
    };
}

/// The same number by forward mode: ⟨ȳ, J ẋ⟩.
Function tangent_along(const Function& f, const Tensors& x_dot)
{
    return [=](std::span<const Tensor<double>> x_and_y_bar) {
        const Tensors x(x_and_y_bar.begin(), x_and_y_bar.end() - 1);
        return sum(Traced(f, x).push(x_dot) * x_and_y_bar.back());
    };
}

Tensors appended(Tensors tensors, const Tensor<double>& last)
{
    tensors.push_back(last);
    return tensors;
}

void check_second_order(const TensorPoint& p)
{
    const Function reverse = gradient_along(p.f, p.x_dot);
    const Tensors x_and_y_bar = appended(p.x, p.y_bar);
    const Traced reverse_traced(reverse, x_and_y_bar);
    Tensors twice = reverse_traced.pull(Tensor<double>(1.0));
    const Numbers by_y_bar = numbers(twice.back());
    twice.pop_back();
    const double tolerance = p.row.tolerances.second_differences;
    p.compare(Check::second_differences, numbers(twice),
              p.differences(
                  Check::second_differences,
                  [&](const Tensors& x) { return reverse(appended(x, p.y_bar)).item(); }, tolerance),
              tolerance);

    // The gradient is linear in ȳ: its derivative by ȳ is forward mode.
    p.compare(Check::nested, by_y_bar, numbers(Traced(p.f, p.x).push(p.x_dot)), rounding);

    const Tensors direction = appended(p.x_dot, Tensor<double>::zeros(p.y_bar.shape()));
    const double curvature = inner_product(numbers(twice), numbers(p.x_dot));
    const Traced forward_traced(tangent_along(p.f, p.x_dot), x_and_y_bar);
    Tensors reverse_over_forward = forward_traced.pull(Tensor<double>(1.0));
    reverse_over_forward.pop_back();
    p.compare(Check::nested, numbers(reverse_over_forward), numbers(twice), rounding);
    p.compare(Check::nested, {reverse_traced.push(direction).item()}, {curvature}, rounding);
    p.compare(Check::nested, {forward_traced.push(direction).item()}, {curvature}, rounding);
}

Tensor<float> to_single(const Tensor<double>& tensor)
{
    const Numbers values = numbers(tensor);
    const std::vector<float> single(values.begin(), values.end());
    return Tensor<float>(tensor.shape(), std::span<const float>(single));
}

Numbers to_double(const Tensor<float>& tensor)
{
    const std::vector<float> values = tensor.to_vector();
    return Numbers(values.begin(), values.end());
}

/// Records the op in float.
void run_single(const TensorPoint& p, Trace<float>& trace)
{
    const auto running = trace.running();
    trace.finish(std::get<FunctionOn<Tensor<float>>>(p.row.functions)(trace.variables()));
}

void check_single(const TensorPoint& p)
{
    std::vector<Tensor<float>> x;
    for (const Tensor<double>& tensor : p.x) x.push_back(to_single(tensor));
    Trace<float> single(x);
    run_single(p, single);
    const Traced exact(p.f, p.x);
    const double tolerance = p.row.tolerances.single;
    p.compare(Check::single, to_double(single.result()), numbers(exact.value()), tolerance);
    const auto x_bar = single.pull(to_single(p.y_bar));
    const Tensors exact_x_bar = exact.pull(p.y_bar);
    for (std::size_t k = 0; k < x.size(); ++k)
        p.compare(Check::single, to_double(x_bar[k]), numbers(exact_x_bar[k]), tolerance);
}

/// f as a function of its k-th argument alone.
Function with_constants(const TensorPoint& p, std::size_t k)
{
    return [&p, k](std::span<const Tensor<double>> x) {
        Tensors arguments = p.x;
        arguments[k] = x[0];
        return p.f(arguments);
    };
}

void check_constants(const TensorPoint& p)
{
    const Tensors all = Traced(p.f, p.x).pull(p.y_bar);
    for (std::size_t k = 0; k < p.x.size(); ++k) {
        const Function alone = with_constants(p, k);
        p.compare(Check::constants, numbers(Traced(alone, {p.x[k]}).pull(p.y_bar)), numbers(all[k]),
                  rounding);

        Tensors only_k;
        for (std::size_t j = 0; j < p.x.size(); ++j)
            only_k.push_back(j == k ? p.x_dot[j] : Tensor<double>::zeros(p.x[j].shape()));
        const Traced twice(gradient_along(p.f, only_k), appended(p.x, p.y_bar));
        const Traced twice_alone(gradient_along(alone, {p.x_dot[k]}), {p.x[k], p.y_bar});
        p.compare(Check::constants, numbers(twice_alone.pull(Tensor<double>(1.0))[0]),
                  numbers(twice.pull(Tensor<double>(1.0))[k]), rounding);
    }
    // With constants only, nothing is recorded.
    Trace<double> trace(Tensors{});
    const auto running = trace.running();
    p.compare(Check::constants, {static_cast<double>(p.f(p.x).session())}, {0}, 0);
    p.compare(Check::constants, {static_cast<double>(trace.tape().size() - trace.first())}, {0}, 0);
}

/// One variable for all arguments: its gradient is the sum of theirs, to second order.
void check_repeated(const TensorPoint& p)
{
    const std::size_t count = p.x.size();
    for (std::size_t k = 0; k < count; ++k)
        if (p.x[k].shape() != p.x[0].shape() || p.row.domains[k].prepare) return;
    if (count < 2) return;

    const Function repeated = [&p, count](std::span<const Tensor<double>> x) {
        return p.f(Tensors(count, x[0]));
    };
    const Tensors one{p.x[0]}, all(count, p.x[0]);
    const auto total = [](Tensors parts, std::size_t parts_count) {
        Tensor<double> result = parts[0];
        for (std::size_t k = 1; k < parts_count; ++k) result = result + parts[k];
        return numbers(result);
    };
    p.compare(Check::repeated, numbers(Traced(repeated, one).pull(p.y_bar)[0]),
              total(Traced(p.f, all).pull(p.y_bar), count), rounding);
    const Traced once(gradient_along(repeated, {p.x_dot[0]}), appended(one, p.y_bar));
    const Traced each(gradient_along(p.f, Tensors(count, p.x_dot[0])), appended(all, p.y_bar));
    p.compare(Check::repeated, numbers(once.pull(Tensor<double>(1.0))[0]),
              total(each.pull(Tensor<double>(1.0)), count), rounding);
}

/// ∂⟨ȳ, y² + 3 y⟩ + Σ x, y used three times and x once more.
void check_fan_out(const TensorPoint& p)
{
    const Function used_often = [&p](std::span<const Tensor<double>> x) {
        const Tensor<double> y = p.f(x);
        Tensor<double> result = sum(p.y_bar * (y * y + 3 * p.f(x)));
        for (const Tensor<double>& argument : x) result = result + sum(argument);
        return result;
    };
    const Traced traced(p.f, p.x);
    Numbers expected = numbers(traced.pull(p.y_bar * (2 * traced.value() + 3)));
    for (double& g : expected) g += 1;
    p.compare(Check::fan_out, numbers(Traced(used_often, p.x).pull(Tensor<double>(1.0))), expected, rounding);
}

bool is_strided(const Tensor<double>& x) { return x.size() > 1 && !x.array().is_contiguous(); }

/// Whether one element stands for several.
bool is_stretched(const Tensor<double>& x)
{
    for (std::size_t axis = 0; axis < x.rank(); ++axis)
        if (x.shape()[axis] > 1 && x.array().strides()[axis] == 0) return true;
    return false;
}

/// Notes in which forms the arguments have come.
void add_forms(const TensorPoint& p, const Tensors& x)
{
    const auto any = [&](auto is) { return std::ranges::any_of(x, is); };
    const auto all = [&](auto is) { return std::ranges::all_of(x, is); };
    const auto add = [&](ArgumentForm form, bool holds) {
        if (holds) account().add_form(p.subject, form);
    };
    const auto is_different = [&](const Tensor<double>& t) { return t.shape() != x[0].shape(); };
    const auto is_several = [](const Tensor<double>& t) { return t.size() > 1; };
    add(ArgumentForm::contiguous,
        any(is_several) && all([](const auto& t) { return t.array().is_contiguous(); }));
    add(ArgumentForm::strided, any([](const auto& t) { return is_strided(t) && !is_stretched(t); }));
    add(ArgumentForm::broadcast, any(is_stretched) || (p.row.has_scalars() && any(is_different)));
    add(ArgumentForm::empty, any([](const auto& t) { return t.size() == 0; }));
    const bool has_axes = any([](const auto& t) { return t.rank() > 0; });
    add(ArgumentForm::size_one, has_axes && all([](const auto& t) { return t.size() == 1; }));
    add(ArgumentForm::rank_zero, any([](const auto& t) { return t.rank() == 0; }));
}

void compare_layouts(const TensorPoint& p, const Tensors& x, const Tensor<double>& y_bar)
{
    Tensors plain;
    for (const Tensor<double>& tensor : x) plain.emplace_back(tensor.array().contiguous());
    const Traced expected(p.f, plain), actual(p.f, x);
    p.compare(Check::layouts, numbers(actual.value()), numbers(expected.value()), rounding);
    const Tensor<double> plain_y_bar(y_bar.array().contiguous());
    p.compare(Check::layouts, numbers(actual.pull(y_bar)), numbers(expected.pull(plain_y_bar)), rounding);
    p.compare(Check::layouts, numbers(actual.push(p.x_dot)), numbers(expected.push(p.x_dot)), rounding);

    const Function gradient = gradient_along(p.f, p.x_dot);
    const Tensor<double> one(1.0);
    p.compare(Check::layouts, numbers(Traced(gradient, appended(x, y_bar)).pull(one)),
              numbers(Traced(gradient, appended(plain, plain_y_bar)).pull(one)), rounding);
}

/// The same in float, whose kernels are others.
void compare_layouts(const TensorPoint& p, const std::vector<Tensor<float>>& x, const Tensor<float>& y_bar)
{
    std::vector<Tensor<float>> plain;
    for (const Tensor<float>& tensor : x) plain.emplace_back(tensor.array().contiguous());
    Trace<float> expected(plain), actual(x);
    run_single(p, expected);
    run_single(p, actual);
    const double tolerance = p.row.tolerances.single;
    p.compare(Check::single, to_double(actual.result()), to_double(expected.result()), tolerance);
    const auto x_bar = actual.pull(y_bar),
               expected_x_bar = expected.pull(Tensor<float>(y_bar.array().contiguous()));
    for (std::size_t k = 0; k < x.size(); ++k)
        p.compare(Check::single, to_double(x_bar[k]), to_double(expected_x_bar[k]), tolerance);
}

/// Whether the argument may be stretched: not where its elements are more than independent numbers, unless
/// whole matrices are.
bool can_stretch(const Domain& domain, const Shape& shape)
{
    if (!domain.prepare) return true;
    for (std::size_t axis = 0; axis + 2 < shape.rank(); ++axis)
        if (shape[axis] > 1) return true;
    return false;
}

template <class T>
void check_layouts(const TensorPoint& p, const std::vector<Tensor<T>>& x, const Tensor<T>& y_bar)
{
    for (const LayoutOf<T> layout : layouts<T>) {
        std::vector<Tensor<T>> laid_out;
        for (std::size_t k = 0; k < x.size(); ++k) {
            const bool stays = layout == &stretched<T> && !can_stretch(p.row.domains[k], x[k].shape());
            laid_out.push_back(stays ? x[k] : layout(x[k]));
        }
        compare_layouts(p, laid_out, y_bar);
        compare_layouts(p, x, layout(y_bar));
        compare_layouts(p, laid_out, layout(y_bar));
        if constexpr (std::same_as<T, double>) add_forms(p, laid_out);
    }
}

void check_against_plain(const TensorPoint& p)
{
    const Traced actual(p.f, p.x), expected(std::get<FunctionOn<Tensor<double>>>(p.row.plain), p.x);
    const double tolerance = p.row.tolerances.plain;
    p.compare(Check::plain, numbers(actual.value()), numbers(expected.value()), tolerance);
    p.compare(Check::plain, numbers(actual.pull(p.y_bar)), numbers(expected.pull(p.y_bar)), tolerance);
}

}  // namespace

void check_tensors(const Row& row, const Shapes& shapes, Random& random)
{
    const TensorPoint p = point(row, shapes, random);
    check_first_order(p);
    check_second_order(p);
    check_single(p);
    check_constants(p);
    check_repeated(p);
    check_fan_out(p);
    std::vector<Tensor<float>> single;
    for (const Tensor<double>& tensor : p.x) single.push_back(to_single(tensor));
    check_layouts(p, single, to_single(p.y_bar));
    check_layouts(p, p.x, p.y_bar);
    add_forms(p, p.x);
    if (std::get<FunctionOn<Tensor<double>>>(row.plain)) check_against_plain(p);
}

}  // namespace autodiff::tests
