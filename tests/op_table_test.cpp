// Every op, through every check: see op_table.hpp. The worst errors go to op_errors.md in the working
// directory.

#include <autodiff/ops/elementwise_rules.hpp>
#include <support/op_checks.hpp>

#include <fmt/format.h>
#include <fmt/os.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

std::size_t wrong_signs = 0;

struct PrintAccount {
    ~PrintAccount()
    {
        fmt::print("op_table: {} {} derivatives of a wrong sign, all noticed.\n",
                   account().summary("op", op_table().size()), wrong_signs);
        fmt::output_file("op_errors.md").print("{}", account().markdown("op"));
        fmt::output_file("op_forms.md").print("{}", account().markdown_of_forms(op_table()));
    }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(PrintAccount);

BOOST_AUTO_TEST_CASE(every_elementwise_rule_has_a_row)
{
    const auto require_row = [](const auto& rule) {
        const auto is_of_rule = [&](const Row& row) { return row.op == rule.name && row.has_scalars(); };
        BOOST_TEST(std::ranges::any_of(op_table(), is_of_rule), "the op table has no row for " << rule.name);
    };
    std::apply([&](const auto&... rule) { (require_row(rule), ...); }, elementwise_rules);
}

BOOST_AUTO_TEST_CASE(scalars_have_right_derivatives)
{
    Random random(1);
    for (const Row& row : op_table())
        if (row.has_scalars()) check_scalars(row, random);
    account().report();
}

BOOST_AUTO_TEST_CASE(tensors_have_right_derivatives)
{
    Random random(2);
    for (const Row& row : op_table())
        for (const Shapes& shapes : row.shapes) check_tensors(row, shapes, random);
    account().report();
}

namespace {

constexpr const char* form_names[form_count] = {"contiguous", "strided",  "broadcast",
                                                "empty",      "size one", "rank 0"};

/// Shapes of every rank up to `rank` whose sizes are below `sizes`.
std::vector<Shape> all_shapes(std::size_t rank, Index sizes)
{
    std::vector<Shape> all{Shape{}};
    for (std::size_t begin = 0, of_rank = 1; of_rank <= rank; ++of_rank) {
        const std::size_t end = all.size();
        for (; begin < end; ++begin)
            for (Index size = 0; size < sizes; ++size) {
                Shape longer = all[begin];
                longer.push_back(size);
                all.push_back(longer);
            }
    }
    return all;
}

/// Lists of shapes that a row might take: small ones, and the row's own with each size set to 0 or 1.
std::vector<Shapes> candidates(const Row& row)
{
    const std::size_t count = row.domains.size();
    std::vector<Shapes> all{Shapes{}};
    const std::vector<Shape> small = count == 1   ? all_shapes(4, 3)
                                     : count == 2 ? all_shapes(3, 3)
                                                  : all_shapes(2, 2);
    for (std::size_t k = 0; k < count; ++k) {
        std::vector<Shapes> longer;
        for (const Shapes& shapes : all)
            for (const Shape& shape : small) {
                longer.push_back(shapes);
                longer.back().push_back(shape);
            }
        all = std::move(longer);
    }
    for (const Shapes& own : row.shapes)
        for (std::size_t k = 0; k < count; ++k) {
            all.push_back(own);
            all.back()[k] = Shape{};
            for (std::size_t axis = 0; axis < own[k].rank(); ++axis)
                for (const Index size : {0, 1}) {
                    all.push_back(own);
                    all.back()[k][axis] = size;
                }
        }
    return all;
}

bool is_of_form(const Shapes& shapes, ArgumentForm form)
{
    const auto size = [](const Shape& shape) { return shape.element_count(); };
    switch (form) {
        case ArgumentForm::empty: return std::ranges::count(shapes, 0, size) > 0;
        case ArgumentForm::size_one:
            return std::ranges::count(shapes, 1, size) == std::ssize(shapes) &&
                   std::ranges::count(shapes, 0U, &Shape::rank) < std::ssize(shapes);
        case ArgumentForm::rank_zero: return std::ranges::count(shapes, 0U, &Shape::rank) > 0;
        // Elements can only lie in several ways where there are several.
        default: return std::ranges::any_of(shapes, [&](const Shape& shape) { return size(shape) > 1; });
    }
}

/// Whether the row's op gives a result for these shapes, one that is finite.
bool is_taken(const Row& row, const Shapes& shapes)
{
    Random random(3);
    std::vector<Tensor<double>> x;
    for (std::size_t k = 0; k < shapes.size(); ++k)
        x.emplace_back(shapes[k], std::span<const double>(sample(row.domains[k], shapes[k], random).values));
    try {
        const Tensor<double> y = std::get<FunctionOn<Tensor<double>>>(row.functions)(x);
        return std::ranges::all_of(y.to_vector(), [](double element) { return std::isfinite(element); });
    } catch (const Error&) {
        return false;
    }
}

std::string missing_form(const Row& row, ArgumentForm form)
{
    const std::string name =
        fmt::format("{} {}: {}", row.op, row.variant, form_names[static_cast<std::size_t>(form)]);
    const bool is_checked = account().lists(row, form) > 0;
    if (!row.refused.contains(form))
        return is_checked ? "" : name + " is never checked; add shapes, or a reason";
    if (is_checked) return name + " is checked in spite of the reason why it cannot be";
    for (const Shapes& shapes : candidates(row))
        if (is_of_form(shapes, form) && is_taken(row, shapes))
            return fmt::format("{} is said to be impossible, but shapes {} are taken", name,
                               fmt::join(shapes, " "));
    return "";
}

}  // namespace

// Runs after the checks of tensors, whose account it reads.
BOOST_AUTO_TEST_CASE(every_row_is_checked_in_every_form_that_its_op_takes)
{
    for (const Row& row : op_table())
        for (std::size_t form = 0; form < form_count; ++form) {
            const std::string missing = missing_form(row, static_cast<ArgumentForm>(form));
            BOOST_TEST(missing == "");
        }
}

namespace {

/// x with a derivative of -1.
constexpr auto wrong_sign =
    elementwise("wrong_sign", [](auto x) { return x; }, [](auto, auto x) { return constant_like(x, -1); });

/// The row that is made wrong, and the argument whose derivative is.
const Row* original = nullptr;
std::size_t wrong_argument = 0;

template <class X>
X with_wrong_sign(std::span<const X> x)
{
    std::vector<X> arguments(x.begin(), x.end());
    arguments[wrong_argument] = lift<X>(wrong_sign(arguments[wrong_argument]));
    return std::get<FunctionOn<X>>(original->functions)(arguments);
}

Row with_wrong_sign(const Row& row)
{
    Row wrong = row;
    std::apply(
        []<class... X>(FunctionOn<X>&... function) {
            ((function = function ? &with_wrong_sign<X> : nullptr), ...);
        },
        wrong.functions);
    return wrong;
}

/// Whether the checks find a failure in the wrong row and none in the right one, at the same points.
bool only_wrong_is_noticed(const Row& right, const Row& wrong, auto check)
{
    for (std::uint64_t seed = 1; seed < 10; ++seed) {
        Random random(seed), again(seed);
        const bool is_right = failures_of([&] { check(right, random); }).empty();
        if (!is_right) continue;  // a difference is too inaccurate there
        return !failures_of([&] { check(wrong, again); }).empty();
    }
    return false;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_wrong_sign_in_any_derivative_is_noticed)
{
    const auto size = [](const Shapes& shapes) {
        Index elements = 1;
        for (const Shape& shape : shapes) elements *= shape.element_count();
        return elements;
    };
    for (const Row& row : op_table()) {
        original = &row;
        const Row wrong = with_wrong_sign(row);
        const Shapes& shapes = *std::ranges::max_element(row.shapes, {}, size);
        for (wrong_argument = 0; wrong_argument < row.domains.size(); ++wrong_argument) {
            const bool is_condition = row.op == "where" && wrong_argument == 0;
            if (is_condition || row.variant == "nothing") continue;  // which have no derivative
            ++wrong_signs;
            const auto name = row.op + " " + row.variant + ", argument " + std::to_string(wrong_argument);
            if (row.has_scalars())
                BOOST_TEST(only_wrong_is_noticed(
                               row, wrong, [](const Row& r, Random& random) { check_scalars(r, random); }),
                           name);
            BOOST_TEST(
                only_wrong_is_noticed(
                    row, wrong, [&](const Row& r, Random& random) { check_tensors(r, shapes, random); }),
                name << " of tensors");
        }
    }
}
