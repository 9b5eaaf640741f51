// Where an op has a value and a derivative: found by computing both at numbers of every size, and
// by bisection between them.

#include <op_reference/reference.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

namespace autodiff::tests {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest = std::numeric_limits<double>::min();

enum class Kind { finite, infinite, not_a_number };

Kind kind_of(double x)
{
    return std::isnan(x) ? Kind::not_a_number : std::isinf(x) ? Kind::infinite : Kind::finite;
}

struct Kinds {
    Kind value, slope;
    bool operator==(const Kinds&) const = default;
};

/// Numbers in a row, the ends included, with values and derivatives of the same kinds.
struct Stretch {
    std::int64_t first, last;
    Kinds kinds;
};

/// What is smaller than the smallest normal number counts as zero.
double normal(std::int64_t place)
{
    const double x = at_place(place);
    return std::abs(x) < smallest ? 0 : x;
}

Kinds kinds_of(const Along& f, double x)
try {
    return {kind_of(f.value(x)), kind_of(f.slope(x))};
} catch (const Error&) {  // a matrix that has no inverse
    return {Kind::not_a_number, Kind::not_a_number};
}

Kinds kinds_at(const Along& f, std::int64_t place)
{
    const double x = normal(place);
    const Kinds kinds = kinds_of(f, x), of_other_zero = x == 0 ? kinds_of(f, -0.0) : kinds;
    return {std::max(kinds.value, of_other_zero.value), std::max(kinds.slope, of_other_zero.slope)};
}

/// Numbers of every size, two to each power of two, in order.
std::vector<std::int64_t> probes()
{
    std::vector<std::int64_t> places{0, place_of(infinity), place_of(-infinity)};
    for (double power = smallest; power < infinity; power *= 2)
        for (const double x : {power, -power, 1.5 * power, -1.5 * power}) places.push_back(place_of(x));
    std::ranges::sort(places);
    return places;
}

std::vector<Stretch> stretches(const Along& f)
{
    static const std::vector<std::int64_t> places = probes();
    std::vector<Stretch> all{{places[0], places[0], kinds_at(f, places[0])}};
    for (const std::int64_t probe : places) {
        while (kinds_at(f, probe) != all.back().kinds) {
            std::int64_t before = all.back().last, after = probe;
            while (after - before > 1) {
                const std::int64_t middle = std::midpoint(before, after);
                (kinds_at(f, middle) == all.back().kinds ? before : after) = middle;
            }
            all.back().last = before;
            all.push_back({after, after, kinds_at(f, after)});
        }
        all.back().last = probe;
    }
    return all;
}

using Places = std::pair<std::int64_t, std::int64_t>;

/// The stretches of which something holds, those that touch as one.
template <class Condition>
std::vector<Places> places_where(const std::vector<Stretch>& stretches, Condition holds)
{
    std::vector<Places> all;
    for (const Stretch& s : stretches) {
        if (!holds(s)) continue;
        if (!all.empty() && all.back().second + 1 == s.first) all.back().second = s.last;
        else all.push_back({s.first, s.last});
    }
    return all;
}

struct Bound {
    std::string number;
    bool is_included;
};

/// The end of an interval, or the number beyond it where that is rounder: x > 0 rather than x ≥ 2.2e-308.
Bound bound(std::int64_t end, int outwards)
{
    const auto digits = [](double x) { return fmt::format("{}", std::abs(x)).size(); };
    const double inside = normal(end), outside = normal(end + outwards);
    const bool is_included = inside == 0 || digits(inside) <= digits(outside);
    return {short_number(is_included ? inside : outside), is_included};
}

/// "0 ≤ x ≤ 1", with shorter words for a ray, a point and everything.
std::string interval_text(const std::string& x, Places places)
{
    const auto [low, high] = std::pair{normal(places.first), normal(places.second)};
    const bool reaches_down = low <= -largest, reaches_up = high >= largest;
    const char* finite =
        (reaches_down && low > -infinity) || (reaches_up && high < infinity) ? "finite " : "";
    if (low == high) return fmt::format("{} = {}", x, short_number(low));
    if (reaches_down && reaches_up) return fmt::format("every {}{}", finite, x);
    const Bound from = bound(places.first, -1), to = bound(places.second, 1);
    if (reaches_down) return fmt::format("{}{} {} {}", finite, x, to.is_included ? "≤" : "<", to.number);
    if (reaches_up) return fmt::format("{}{} {} {}", finite, x, from.is_included ? "≥" : ">", from.number);
    if (low == -high) return fmt::format("|{}| {} {}", x, to.is_included ? "≤" : "<", to.number);
    return fmt::format("{} {} {} {} {}", from.number, from.is_included ? "≤" : "<", x,
                       to.is_included ? "≤" : "<", to.number);
}

std::string intervals_text(const std::string& x, const std::vector<Places>& all)
{
    if (all.size() == 2 && all[0].first == -all[1].second && all[0].second == -all[1].first) {
        if (normal(all[0].second) == -smallest && normal(all[0].first) <= -largest)
            return fmt::format("{} ≠ 0", x);
        if (all[0].first != all[0].second) return interval_text("|" + x + "|", all[1]);
        return fmt::format("{} = ±{}", x, short_number(normal(all[1].first)));
    }
    std::vector<std::string> texts;
    for (const Places& places : all) texts.push_back(interval_text(x, places));
    return fmt::format("{}", fmt::join(texts, " or "));
}

/// "x ≥ 0; ∂ infinite for x = 0". Where an op of several arguments overflows depends on all of them: of what
/// is told there only whether it holds for 0.
std::string words(const Along& f)
{
    const std::vector<Stretch> all = stretches(f);
    const auto text = [&](const char* before, auto holds) {
        std::vector<Places> places = places_where(all, [&](const Stretch& s) {
            const bool is_told = f.arguments() == 1 ? s.first < s.last || std::isfinite(normal(s.first))
                                                    : s.first <= 0 && s.last >= 0;
            return is_told && holds(s.kinds);
        });
        if (f.arguments() > 1 && !places.empty()) places = {{0, 0}};
        return places.empty() ? "" : fmt::format("; {} {}", before, intervals_text(f.name(), places));
    };
    const auto has_value = [](const Stretch& s) { return s.kinds.value != Kind::not_a_number; };
    return intervals_text(f.name(), places_where(all, has_value)) +
           text("infinite for", [](Kinds k) { return k.value == Kind::infinite; }) +
           text("∂ infinite for",
                [](Kinds k) { return k.value == Kind::finite && k.slope == Kind::infinite; }) +
           text("∂ not a number for",
                [](Kinds k) { return k.value != Kind::not_a_number && k.slope == Kind::not_a_number; });
}

/// By one argument: in each case that it comes to, with what the others are then.
std::vector<std::string> domain_along(const Row& row, const Shapes& shapes, std::size_t argument)
{
    std::set<std::vector<double>> points;
    for (std::vector<double> x : ordinary_points(row)) {
        x[argument] = 0;
        points.insert(x);
    }
    std::map<std::string, std::vector<std::string>> cases;
    for (const std::vector<double>& x : points) {
        std::vector<std::string> others;
        for (std::size_t j = 0; j < x.size(); ++j)
            if (j != argument)
                others.push_back(fmt::format("{} = {}", argument_name(row, j), short_number(x[j])));
        cases[words(Along(row, shapes, x, argument))].push_back(fmt::format("{}", fmt::join(others, ", ")));
    }
    std::vector<std::string> texts;
    for (const auto& [text, conditions] : cases)
        texts.push_back(cases.size() == 1 ? text
                                          : fmt::format("{} ({})", text, fmt::join(conditions, " or ")));
    return texts;
}

}  // namespace

std::string domain_of(const Row& row)
{
    const auto of_one = [](const Shapes& shapes) {
        return std::ranges::all_of(shapes, [](const Shape& s) { return s.element_count() == 1; });
    };
    std::vector<std::string> texts;
    const auto shapes = std::ranges::find_if(row.shapes, of_one);
    for (std::size_t i = 0; i < row.domains.size() && shapes != row.shapes.end(); ++i)
        std::ranges::move(domain_along(row, *shapes, i), std::back_inserter(texts));
    return fmt::format("{}", fmt::join(texts, "; "));
}

}  // namespace autodiff::tests
