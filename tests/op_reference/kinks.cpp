// Where the slope of an op jumps, and which slope it has there.

#include <op_reference/reference.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace autodiff::tests {

namespace {

struct Answer {
    double value, slope;
};

Answer answer(const Along& f, std::int64_t place)
{
    return {f.value(at_place(place)), f.slope(at_place(place))};
}

bool is_far(double a, double b) { return std::abs(a - b) > 0.01 * std::max({1.0, std::abs(a), std::abs(b)}); }

/// Neither near a pole nor outside of the domain.
bool is_ordinary(Answer a) { return std::abs(a.value) < 1e3 && std::abs(a.slope) < 1e3; }

bool jumps(Answer a, Answer b)
{
    return is_ordinary(a) && is_ordinary(b) && (is_far(a.value, b.value) || is_far(a.slope, b.slope));
}

/// Adds the places within (low, high] at which value or slope is far from that of the number before: halves,
/// until there is no number in between, every interval at whose ends they are far apart.
void add_jumps(std::set<std::int64_t>& jumping, const Along& f, std::int64_t low, Answer at_low,
               std::int64_t high, Answer at_high)
{
    if (!jumps(at_low, at_high)) return;
    if (high - low == 1) {
        jumping.insert(high);
        return;
    }
    const std::int64_t middle = std::midpoint(low, high);
    const Answer at_middle = answer(f, middle);
    add_jumps(jumping, f, low, at_low, middle, at_middle);
    add_jumps(jumping, f, middle, at_middle, high, at_high);
}

std::set<std::int64_t> jumps_of(const Along& f)
{
    std::set<std::int64_t> jumping;
    const double step = 0.17;
    for (double x = -2.5; x < 2.5; x += step)
        add_jumps(jumping, f, place_of(x), answer(f, place_of(x)), place_of(x + step),
                  answer(f, place_of(x + step)));
    return jumping;
}

/// Of two neighbours with different slopes the kink is the rounder one.
std::int64_t kink_at(const Along& f, std::int64_t jump)
{
    const auto roundness = [&](std::int64_t place) {
        const double x = at_place(place);
        return f.named(x) != short_number(x) ? 0 : fmt::format("{}", std::abs(x)).size();
    };
    return roundness(jump - 1) <= roundness(jump) ? jump - 1 : jump;
}

/// What happens at a kink, by the place where it is: "a = b".
using Kinks = std::map<std::string, std::string>;

std::string kink_text(const Along& f, std::int64_t kink)
{
    const Answer before = answer(f, kink - 1), after = answer(f, kink + 1);
    std::vector<std::string> partials;
    for (const double partial : f.gradient(at_place(kink))) partials.push_back(f.named(partial));
    const bool is_unary = f.arguments() == 1, value_jumps = is_far(before.value, after.value);
    const auto number = [&](const Answer& a) { return f.named(value_jumps ? a.value : a.slope); };
    return fmt::format("∂ = {0}{1}{2}, {3} jumps from {4} to {5}", is_unary ? "" : "(",
                       fmt::join(partials, ", "), is_unary ? "" : ")",
                       value_jumps ? "y"
                       : is_unary  ? "∂"
                                   : "∂" + f.name(),
                       number(before), number(after));
}

void add_kinks(Kinks& kinks, const Along& f, const std::string& condition)
{
    for (const std::int64_t jump : jumps_of(f)) {
        const std::int64_t kink = kink_at(f, jump);
        std::string x = f.name(), at = f.named(at_place(kink));
        if (std::isalpha(at[0]) && at < x) std::swap(x, at);
        kinks.try_emplace(fmt::format("{} = {}{}", x, at, condition), kink_text(f, kink));
    }
}

/// Along each argument, with the others at ordinary values, and, if nothing is found there, with one of them
/// at 0.
Kinks kinks_of_numbers(const Row& row)
{
    Kinks kinks;
    const std::vector<double> x = ordinary_points(row).back();
    for (std::size_t i = 0; i < x.size(); ++i) add_kinks(kinks, Along(row, {}, x, i), "");
    for (std::size_t i = 0; i < x.size() && kinks.empty(); ++i)
        for (std::size_t j = 0; j < x.size(); ++j) {
            std::vector<double> with_zero = x;
            with_zero[j] = 0;
            if (j != i)
                add_kinks(kinks, Along(row, {}, with_zero, i),
                          fmt::format(", {} = 0", argument_name(row, j)));
        }
    return kinks;
}

// ---------------------------------------- tensors -----------------------------------------------------

std::string numbers(const std::vector<double>& all)
{
    std::vector<std::string> texts;
    for (const double x : all) texts.push_back(short_number(x));
    return fmt::format("({})", fmt::join(texts, ", "));
}

/// Of a tensor whose elements are all equal: its pullback there, if one-sided differences disagree.
std::string kink_of_equal_elements(const Row& row, const Shape& shape, double element)
{
    const auto op = std::get<FunctionOn<Tensor<double>>>(row.functions);
    const auto value = [op](const Tensor<double>& x) { return op(std::span(&x, 1)); };
    std::vector<double> y_bar;
    // Σ k yₖ
    const auto f = [&](const Tensor<double>& x) {
        const Tensor<double> y = value(x);
        y_bar.resize(static_cast<std::size_t>(y.size()));
        std::iota(y_bar.begin(), y_bar.end(), 1.0);
        return sum(y * Tensor<double>(y.shape(), y_bar));
    };
    const Tensor<double> x = Tensor<double>::filled(shape, element);
    const double at_x = f(x).item(), step = 0x1p-20;
    if (!std::isfinite(at_x)) return "";
    bool is_kink = false;
    for (std::size_t i = 0; i < static_cast<std::size_t>(x.size()); ++i) {
        const auto slope = [&](double by) {
            std::vector<double> moved = x.to_vector();
            moved[i] += by;
            return (f(Tensor<double>(shape, moved)).item() - at_x) / by;
        };
        is_kink = is_kink || is_far(slope(step), slope(-step));
    }
    if (!is_kink) return "";
    const std::string adjoint = numbers(gradient(f, x).to_vector());
    return y_bar.size() == 1 ? fmt::format("x̄ = {} ȳ", adjoint)
                             : fmt::format("x̄ = {} of ȳ = {}", adjoint, numbers(y_bar));
}

Kinks kinks_of_tensors(const Row& row)
{
    for (const double element : {1.0, 0.0})
        for (const Shapes& shapes : row.shapes) {
            const Index size = shapes[0].element_count();
            if (shapes.size() > 1 || size < 2 || size > 5) continue;
            try {
                const std::string text = kink_of_equal_elements(row, shapes[0], element);
                if (!text.empty()) return {{element == 0 ? "all 0" : "all equal", text}};
            } catch (const Error&) {  // a singular matrix
            }
        }
    return {};
}

}  // namespace

std::string kinks_of(const Row& row)
{
    std::vector<std::string> texts;
    for (const auto& [where, what] : row.has_scalars() ? kinks_of_numbers(row) : kinks_of_tensors(row))
        texts.push_back(fmt::format("{}: {}", where, what));
    return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace autodiff::tests
