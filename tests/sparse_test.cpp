// Sparse Jacobians and Hessians: the entries of the dense ones, in as few sweeps as there are colours.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>
#include <support/random.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace autodiff;
using autodiff::tests::error_text;
using autodiff::tests::Random;

namespace {

using Numbers = std::vector<double>;
using Entries = std::vector<SparsityPattern::Entry>;

Numbers sample(std::size_t count, std::uint64_t seed = 1)
{
    Random random(seed);
    Numbers x(count);
    for (double& number : x) number = random.uniform(-1, 1);
    return x;
}

/// The sums are the same, but for their order: a few roundings.
void check_matrix(const auto& sparse, const auto& dense, double tolerance = 1e-13)
{
    BOOST_REQUIRE_EQUAL(sparse.pattern.rows(), dense.size());
    BOOST_REQUIRE_EQUAL(sparse.values.size(), sparse.pattern.entry_count());
    const auto rows = sparse.to_dense();
    for (std::size_t i = 0; i < dense.size(); ++i)
        for (std::size_t j = 0; j < dense[i].size(); ++j) {
            BOOST_TEST(std::abs(rows[i][j] - dense[i][j]) <=
                           tolerance * std::max(1.0, std::abs(double(dense[i][j]))),
                       "(" << i << ", " << j << ") is " << rows[i][j] << ", not " << dense[i][j]);
            BOOST_TEST(sparse(i, j) == rows[i][j]);
        }
}
/// One-off, and by rows and by columns with a plan.
template <class C>
void check_jacobian(const auto& f, const C& x, double tolerance = 1e-13)
{
    const auto dense = jacobian(f, x);
    check_matrix(sparse_jacobian(f, x), dense, tolerance);
    const SparsityPattern pattern = jacobian_pattern(f, x);
    for (const Coloured coloured : {Coloured::rows, Coloured::columns})
        check_matrix(sparse_jacobian(f, x, SparsePlan(pattern, coloured)), dense, tolerance);
}
template <class C>
void check_hessian(const auto& f, const C& x, double tolerance = 1e-13)
{
    const auto dense = hessian(f, x);
    check_matrix(sparse_hessian(f, x), dense, tolerance);
    const SparsityPattern pattern = hessian_pattern(f, x);
    BOOST_TEST((pattern == pattern.transposed()));
    check_matrix(sparse_hessian(f, x, SparsePlan(pattern)), dense, tolerance);
}

/// One step of Burgers' equation in one dimension.
const auto burgers = []<class X>(const std::vector<X>& u) {
    std::vector<X> next = u;
    for (std::size_t i = 1; i + 1 < u.size(); ++i)
        next[i] = u[i] - 0.1 * u[i] * (u[i + 1] - u[i - 1]) + 0.2 * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
    return next;
};
/// Its Hessian is a band of half the given width.
template <std::size_t Width>
const auto chain = []<class X>(const std::vector<X>& x) {
    X sum = 0;
    for (std::size_t i = 0; i + Width < x.size(); ++i)
        sum += sin(x[i]) * x[i + Width] + x[i] * x[i + 1] * x[i + 1];
    return sum;
};
template <std::size_t Width>
const auto band = []<class X>(const std::vector<X>& x) {
    std::vector<X> y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t j = i < Width ? 0 : i - Width; j <= std::min(i + Width, x.size() - 1); ++j)
            y[i] += x[i] * x[j];
    return y;
};

/// A program of random steps, each of a few earlier numbers, and some of the numbers as results.
struct RandomFunction {
    std::uint64_t seed;
    std::size_t steps, results;

    template <class X>
    std::vector<X> operator()(const std::vector<X>& x) const
    {
        Random random(seed);
        std::vector<X> all = x;
        const auto any = [&]() -> const X& { return all[random.below(all.size())]; };
        for (std::size_t k = 0; k < steps; ++k) {
            X next = 0;
            switch (random.below(5)) {
                case 0: next = any() * any(); break;
                case 1: next = sin(any()); break;
                case 2: next = any() + 0.5 * any() * any(); break;
                case 3: next = 0.25; break;
                default: next = any() / (2 + any() * any()); break;
            }
            all.push_back(next);
        }
        std::vector<X> y;
        for (std::size_t k = 0; k < results; ++k) y.push_back(any());
        return y;
    }
};

std::size_t colours_of(const SparsityPattern& pattern) { return SparsePlan(pattern).colour_count(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(jacobians)

BOOST_AUTO_TEST_CASE(of_a_step_of_burgers_equation_are_the_dense_ones)
{
    for (const std::size_t n : {1u, 2u, 3u, 10u, 100u}) check_jacobian(burgers, sample(n));
}
BOOST_AUTO_TEST_CASE(of_bands_are_the_dense_ones)
{
    check_jacobian(band<1>, sample(30));
    check_jacobian(band<6>, sample(40));  // 13 colours: more than a sweep has
}
BOOST_AUTO_TEST_CASE(of_an_arrow_are_the_dense_ones)
{
    const auto arrow = []<class X>(const std::vector<X>& x) {
        std::vector<X> y;
        for (const X& number : x) y.push_back(x[0] * exp(number));
        for (const X& number : x) y[0] += number * number;
        return y;
    };
    check_jacobian(arrow, sample(20));
    BOOST_TEST(colours_of(jacobian_pattern(arrow, sample(20))) == 20u);
}
BOOST_AUTO_TEST_CASE(of_random_functions_are_the_dense_ones)
{
    Random random(7);
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const std::size_t variables = 1 + random.below(20), results = random.below(25);
        check_jacobian(RandomFunction{seed, random.below(60), results}, sample(variables, seed));
    }
}
BOOST_AUTO_TEST_CASE(of_more_results_than_a_set_holds_are_the_dense_ones)
{
    const auto f = []<class X>(const std::vector<X>& x) {
        std::vector<X> y;
        for (std::size_t i = 0; i < 1200; ++i) y.push_back(x[i % 600] * x[i * 7 % 600]);
        return y;
    };
    check_jacobian(f, sample(600));
    check_jacobian(
        [&](const auto& x) {
            auto y = f(x);
            y.resize(550);
            return y;
        },
        sample(600));
}
BOOST_AUTO_TEST_CASE(of_nothing_have_no_entries)
{
    const auto none = []<class X>(const std::vector<X>&) { return std::vector<X>(); };
    const auto constants = []<class X>(const std::vector<X>&) { return std::vector<X>{1.0, 2.0}; };
    check_jacobian(none, sample(3));
    check_jacobian(constants, sample(3));
    check_jacobian(constants, Numbers{});
    check_jacobian(none, Numbers{});
    BOOST_TEST(sparse_jacobian(constants, sample(3)).values.empty());
}
BOOST_AUTO_TEST_CASE(of_some_constant_results_are_the_dense_ones)
{
    check_jacobian(
        []<class X>(const std::vector<X>& x) { return std::vector<X>{1.0, x[1] * x[1], 2.0, x[0], x[0]}; },
        sample(3));
}
BOOST_AUTO_TEST_CASE(that_are_full_are_the_dense_ones)
{
    const auto full = []<class X>(const std::vector<X>& x) {
        std::vector<X> y(x.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            for (std::size_t j = 0; j < x.size(); ++j) y[i] += sin(static_cast<double>(i + 1) * x[j]);
        return y;
    };
    check_jacobian(full, sample(17));
}
BOOST_AUTO_TEST_CASE(of_arrays_and_of_float_are_the_dense_ones)
{
    const auto f = []<class X>(const std::array<X, 3>& x) {
        return std::array<X, 2>{x[0] * x[1], sin(x[2])};
    };
    check_jacobian(f, std::array{0.5, 2.0, 3.0});
    check_jacobian(f, std::array{0.5f, 2.0f, 3.0f}, 1e-6);  // of float, a few roundings
    static_assert(
        std::same_as<decltype(sparse_jacobian(f, std::array{0.5f, 2.0f, 3.0f})), SparseMatrix<float>>);
}
BOOST_AUTO_TEST_CASE(have_entries_where_a_derivative_is_zero_at_this_x)
{
    const auto square = []<class X>(const std::vector<X>& x) { return std::vector<X>{x[0] * x[0]}; };
    const auto j = sparse_jacobian(square, Numbers{0});
    BOOST_TEST(j.pattern.entry_count() == 1u);
    BOOST_TEST(j(0, 0) == 0);
}
BOOST_AUTO_TEST_CASE(keep_infinities_apart)
{
    const auto roots = []<class X>(const std::vector<X>& x) {
        return std::vector<X>{sqrt(x[0]), sqrt(x[1]), x[2]};
    };
    for (const Coloured coloured : {Coloured::rows, Coloured::columns}) {
        const SparsePlan plan(jacobian_pattern(roots, Numbers{0, 4, 1}), coloured);
        const auto j = sparse_jacobian(roots, Numbers{0, 4, 1}, plan);
        BOOST_TEST(std::isinf(j(0, 0)));
        BOOST_TEST(j(1, 1) == 0.25);
        BOOST_TEST(j(2, 2) == 1);
        BOOST_TEST(j(0, 1) == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(blocks)

const auto of_each = []<class X>(const std::vector<X>& x) {
    std::vector<X> y = map_over(
        3, [](std::size_t i, const auto& a, const auto& b) { return sin(a) * b + double(i) * a; }, x[0],
        x[4]);
    y.push_back(dot(std::span(x).first(40), std::span(x).last(40)));  // many links
    y.push_back(sum_over(
        5, [](std::size_t i, const auto& a, const auto& b) { return pow(a, double(i)) * b; }, x[2], x[3]));
    y.push_back(x[5] * x[5]);
    const std::array<X, 2> state = iterate(
        4, std::array<X, 2>{x[1] * x[6], 0.5},
        []<class S, class P>(std::size_t, const std::array<S, 2>& s, const P& p) {
            return std::array<S, 2>{s[1] * p, sin(s[0])};
        },
        x[7]);
    y.insert(y.end(), state.begin(), state.end());
    y.push_back(preaccumulate([](const auto& a, const auto& b) { return exp(a * b) * sin(a); }, x[8], x[9]));
    const std::vector<X> product =
        matmul(as_matrix(std::span(x).subspan(10, 6), 2, 3), std::span(x).subspan(16, 3));
    y.insert(y.end(), product.begin(), product.end());
    const std::vector<X> solution =
        solve(as_matrix(std::vector<X>{2 + x[20], 0.5, x[21], 3.0}, 2, 2), std::vector<X>{x[22], 1.0});
    y.insert(y.end(), solution.begin(), solution.end());
    y.push_back(sum(x) + y[0] * y[3]);
    return y;
};

BOOST_AUTO_TEST_CASE(have_the_dense_jacobian) { check_jacobian(of_each, sample(50)); }
BOOST_AUTO_TEST_CASE(with_more_results_than_lanes_have_the_dense_jacobian)
{
    const auto f = []<class X>(const std::vector<X>& x) {
        return map_over(20, [](std::size_t i, const auto& a) { return sin(double(i) * a[0]) * a[1]; }, x);
    };
    check_jacobian(f, sample(2));
    check_jacobian(f, std::vector<float>{0.5f, 0.25f}, 1e-5);
}
BOOST_AUTO_TEST_CASE(have_the_dense_hessian)
{
    check_hessian(
        [](const auto& x) {
            const auto y = of_each(x);
            return dot(y, y);
        },
        sample(50), 1e-11);  // large terms
}
BOOST_AUTO_TEST_CASE(count_as_full)
{
    const auto products = []<class X>(const std::vector<X>& x) {
        return matmul(as_matrix(Numbers{1, 0, 0, 1}, 2, 2), std::span(x).first(2));
    };
    BOOST_TEST(
        (jacobian_pattern(products, sample(3)) == SparsityPattern(2, 3, {{0, 0}, {0, 1}, {1, 0}, {1, 1}})));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(hessians)

BOOST_AUTO_TEST_CASE(of_chains_are_the_dense_ones)
{
    check_hessian(chain<1>, sample(40));
    check_hessian(chain<5>, sample(30));
    check_hessian(chain<1>, std::vector<float>{0.5f, 0.25f, 2.0f}, 1e-6);
}
BOOST_AUTO_TEST_CASE(of_random_functions_are_the_dense_ones)
{
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const RandomFunction f{seed, 25, 6};
        check_hessian(
            [&](const auto& x) {
                auto y = f(x);
                for (std::size_t i = 1; i < y.size(); ++i) y[0] += y[i];
                return y[0];
            },
            sample(1 + seed % 15, seed), 1e-12);  // longer sums than a Jacobian's
    }
}
BOOST_AUTO_TEST_CASE(of_separable_functions_have_one_colour)
{
    const auto squares = []<class X>(const std::vector<X>& x) {
        X total = 0;
        for (const X& number : x) total += number * number * number;
        return total;
    };
    check_hessian(squares, sample(9));
    BOOST_TEST(colours_of(hessian_pattern(squares, sample(9))) == 1u);
}
BOOST_AUTO_TEST_CASE(have_entries_where_a_derivative_is_zero_at_this_x)
{
    const auto f = [](const auto& x) { return x[0] * x[0] * x[1]; };
    BOOST_TEST((hessian_pattern(f, Numbers{0, 0}) == SparsityPattern(2, 2, {{0, 0}, {0, 1}, {1, 0}})));
}
BOOST_AUTO_TEST_CASE(of_linear_functions_have_no_entries)
{
    const auto linear = [](const auto& x) { return 2.0 * x[0] - x[1]; };
    check_hessian(linear, sample(3));
    BOOST_TEST(hessian_pattern(linear, sample(3)).entry_count() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(colours)

BOOST_AUTO_TEST_CASE(are_as_few_as_a_band_is_wide)
{
    BOOST_TEST(colours_of(jacobian_pattern(burgers, sample(100))) == 3u);
    BOOST_TEST(colours_of(jacobian_pattern(band<1>, sample(50))) == 3u);
    BOOST_TEST(colours_of(jacobian_pattern(band<2>, sample(50))) == 5u);
    BOOST_TEST(colours_of(jacobian_pattern(band<6>, sample(51))) == 13u);
    BOOST_TEST(colours_of(hessian_pattern(chain<1>, sample(40))) == 3u);
}
BOOST_AUTO_TEST_CASE(are_of_whichever_need_fewer)
{
    Entries full_row, full_column;
    for (std::size_t i = 0; i < 10; ++i) {
        full_row.insert(full_row.end(), {{0, i}, {i, i}});
        full_column.insert(full_column.end(), {{i, 0}, {i, i}});
    }
    const SparsePlan rows(SparsityPattern(10, 10, full_row)), columns(SparsityPattern(10, 10, full_column));
    BOOST_TEST((rows.coloured() == Coloured::rows && rows.colour_count() == 2));
    BOOST_TEST((columns.coloured() == Coloured::columns && columns.colour_count() == 2));
}
BOOST_AUTO_TEST_CASE(never_meet)
{
    Random random(3);
    for (int k = 0; k < 100; ++k) {
        const std::size_t rows = 1 + random.below(30), columns = 1 + random.below(30);
        Entries entries;
        for (std::size_t e = 0; e < random.below(120); ++e)
            entries.push_back({random.below(rows), random.below(columns)});
        const SparsityPattern pattern(rows, columns, entries);
        const SparsePlan plan(pattern, Coloured::rows);
        const SparsityPattern transposed = pattern.transposed();
        for (std::size_t j = 0; j < columns; ++j) {
            std::vector<bool> seen(plan.colour_count());
            for (const std::size_t i : transposed.row(j)) {
                BOOST_TEST(!seen[plan.colours()[i]]);
                seen[plan.colours()[i]] = true;
            }
        }
        BOOST_TEST(SparsePlan(pattern).colour_count() <= plan.colour_count());
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(plans)

/// x₂ comes into it from 1 on.
const auto branching = []<class X>(const std::vector<X>& x) {
    std::vector<X> y{x[0] * x[0], x[1] * x[1], x[2] * 3.0};
    if (x[2] > 1) y[1] += x[2] * x[2];
    return y;
};

BOOST_AUTO_TEST_CASE(serve_many_x)
{
    const SparsePlan plan(jacobian_pattern(burgers, sample(50)));
    for (std::uint64_t seed = 2; seed < 7; ++seed)
        check_matrix(sparse_jacobian(burgers, sample(50, seed), plan), jacobian(burgers, sample(50, seed)));
    const SparsePlan of_hessian(hessian_pattern(chain<2>, sample(20)));
    for (std::uint64_t seed = 2; seed < 7; ++seed)
        check_matrix(sparse_hessian(chain<2>, sample(20, seed), of_hessian),
                     hessian(chain<2>, sample(20, seed)));
}
BOOST_AUTO_TEST_CASE(may_have_more_entries_than_there_are)
{
    const SparsePlan plan(jacobian_pattern(branching, Numbers{1, 2, 3}));
    const auto j = sparse_jacobian(branching, Numbers{1, 2, 0}, plan);
    check_matrix(j, jacobian(branching, Numbers{1, 2, 0}));
    BOOST_TEST(j.pattern.entry_count() == 4u);
    check_matrix(sparse_jacobian(branching, Numbers{1, 2, 0},
                                 SparsePlan(SparsityPattern(3, 3, {{0, 0}, {1, 1}, {2, 2}, {0, 2}, {0, 2}}))),
                 jacobian(branching, Numbers{1, 2, 0}));
}
BOOST_AUTO_TEST_CASE(of_another_pattern_are_found_out)
{
    for (const Coloured coloured : {Coloured::rows, Coloured::columns}) {
        const SparsePlan plan(jacobian_pattern(branching, Numbers{1, 2, 0}), coloured);
        BOOST_TEST(plan.colour_count() == 1u);
        const std::string text =
            error_text<DomainError>([&] { sparse_jacobian(branching, Numbers{1, 2, 3}, plan); });
        BOOST_TEST(text ==
                   (coloured == Coloured::rows
                        ? "sparse_jacobian: at this x column 2 has an entry that the plan's pattern has not; "
                          "make a plan of the pattern at this x, or leave the plan out"
                        : "sparse_jacobian: at this x row 1 has an entry that the plan's pattern has not; "
                          "make a plan of the pattern at this x, or leave the plan out"));
    }
}
BOOST_AUTO_TEST_CASE(that_lack_any_one_entry_are_found_out)
{
    const auto f = [](const auto& x) { return RandomFunction{5, 40, 12}(x); };
    const Numbers x = sample(12);
    const Entries all = jacobian_pattern(f, x).entries();
    BOOST_TEST(all.size() > 15u);
    for (std::size_t k = 0; k < all.size(); ++k) {
        Entries others = all;
        others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
        for (const Coloured coloured : {Coloured::rows, Coloured::columns})
            BOOST_CHECK_THROW(sparse_jacobian(f, x, SparsePlan(SparsityPattern(12, 12, others), coloured)),
                              DomainError);
    }
}
BOOST_AUTO_TEST_CASE(made_where_a_reduction_has_zero_partials_are_found_out)
{
    const auto f = []<class X>(const std::vector<X>& x) { return std::vector<X>{dot(x, x)}; };
    const SparsePlan plan(jacobian_pattern(f, Numbers{0, 1}));
    BOOST_CHECK_THROW(sparse_jacobian(f, Numbers{1, 1}, plan), DomainError);
    check_matrix(sparse_jacobian(f, Numbers{0, 2}, plan), jacobian(f, Numbers{0, 2}));
}
BOOST_AUTO_TEST_CASE(of_a_hessian_of_another_pattern_are_found_out)
{
    const SparsePlan plan(hessian_pattern(chain<1>, sample(10)));
    BOOST_TEST(error_text<DomainError>([&] {
                   sparse_hessian(chain<2>, sample(10), plan);
               }).starts_with("sparse_hessian:"));
}
BOOST_AUTO_TEST_CASE(of_another_size_are_found_out)
{
    const SparsePlan plan(jacobian_pattern(burgers, sample(5)));
    BOOST_TEST(error_text<ShapeError>([&] { sparse_jacobian(burgers, sample(6), plan); }) ==
               "sparse_jacobian: a plan for a matrix (5, 5), and a function of 6 numbers with 6 results; "
               "make the plan "
               "with this function");
}
BOOST_AUTO_TEST_CASE(of_columns_are_swept_by_rows_where_there_are_blocks)
{
    const auto f = []<class X>(const std::vector<X>& x) {
        return matmul(as_matrix(Numbers{1, 2, 3, 4}, 2, 2), x);
    };
    const SparsePlan plan(jacobian_pattern(f, sample(2)), Coloured::columns);
    check_matrix(sparse_jacobian(f, sample(2), plan), jacobian(f, sample(2)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(patterns)

BOOST_AUTO_TEST_CASE(are_compressed_rows)
{
    const SparsityPattern pattern(3, 4, {{2, 3}, {0, 1}, {2, 0}, {0, 1}});
    BOOST_TEST(pattern.rows() == 3u);
    BOOST_TEST(pattern.columns() == 4u);
    BOOST_TEST(pattern.row_start() == (std::vector<std::size_t>{0, 1, 1, 3}),
               boost::test_tools::per_element());
    BOOST_TEST(pattern.column_index() == (std::vector<std::size_t>{1, 0, 3}),
               boost::test_tools::per_element());
    BOOST_TEST((pattern.transposed().transposed() == pattern));
    BOOST_TEST(pattern.find(2, 3) == 2u);
    BOOST_TEST(pattern.find(1, 1) == 3u);
}
BOOST_AUTO_TEST_CASE(a_map_is_as_sparse_as_its_elements)
{
    const auto neighbours = [](const auto& x) {
        const auto op = elementwise("op", [](auto a, auto b) { return a * exp(b); });
        const std::span all(x);
        return map(op, all.first(all.size() - 1), all.last(all.size() - 1));
    };
    for (const std::size_t n : {2, 33, 100}) {
        BOOST_TEST(jacobian_pattern(neighbours, sample(n)).entry_count() == 2 * (n - 1));
        check_jacobian(neighbours, sample(n));
    }
}

BOOST_AUTO_TEST_CASE(have_no_entries_outside)
{
    BOOST_TEST(error_text<IndexError>([] { SparsityPattern(2, 2, {{0, 2}}); }) ==
               "SparsityPattern: entry (0, 2) is outside a matrix (2, 2)");
    const auto j = sparse_jacobian(burgers, sample(3));
    BOOST_TEST(error_text<IndexError>([&] { j(3, 0); }) ==
               "SparsityPattern: entry (3, 0) is outside a matrix (3, 3)");
}

BOOST_AUTO_TEST_SUITE_END()
