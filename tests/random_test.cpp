// Random numbers: known answers, the same bits everywhere, and the distributions they claim to follow.

#include <support/derivatives.hpp>
#include <support/errors.hpp>

#include <autodiff/autodiff.hpp>
#include <autodiff/kernels/normal_quantile.hpp>
#include <autodiff/kernels/philox.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <set>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

constexpr Index many = 100'000;

/// Fails where the mean of `values` is further from `expected` than five standard errors: once in two million
/// draws, and the draws are the same in every run.
void check_mean(const std::vector<double>& values, double expected, double deviation)
{
    double sum = 0;
    for (double value : values) sum += value;
    const double n = static_cast<double>(values.size());
    BOOST_TEST(std::abs(sum / n - expected) < 5 * deviation / std::sqrt(n));
}

std::vector<double> mapped(std::vector<double> values, auto f)
{
    for (double& value : values) value = f(value);
    return values;
}

/// The largest distance between the empirical distribution of `values` and F (Kolmogorov and Smirnov), times
/// √n.
double distance_to_distribution(std::vector<double> values, auto distribution)
{
    std::sort(values.begin(), values.end());
    const double n = static_cast<double>(values.size());
    double distance = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double expected = distribution(values[i]);
        distance = std::max(
            {distance, expected - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - expected});
    }
    return distance * std::sqrt(n);
}

double normal_distribution(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

std::uint64_t bits_of(double x) { return std::bit_cast<std::uint64_t>(x); }

}  // namespace

BOOST_AUTO_TEST_CASE(philox_gives_the_published_known_answers)
{
    using kernels::philox;
    using kernels::PhiloxCounter;
    // kat_vectors of Random123, philox4x32 with 10 rounds.
    constexpr std::uint32_t ones = 0xffffffff;
    BOOST_TEST(
        (philox({0, 0, 0, 0}, {0, 0}) == PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    BOOST_TEST((philox({ones, ones, ones, ones}, {ones, ones}) ==
                PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    BOOST_TEST((philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
                PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

BOOST_AUTO_TEST_CASE(a_key_gives_the_same_bits_on_every_machine)
{
    // Computed a second time in Python: equal but for one last bit of the normal numbers.
    check_equal(uniform(Key(42), Shape{3}), Shape{3},
                {0x1.dfd524ee73abcp-2, 0x1.5d0acf5c4afd4p-2, 0x1.4ee9b3f7f36c8p-2});
    check_equal(normal(Key(42), Shape{5}), Shape{5},
                {-0x1.42dc65ce0ff81p-4, -0x1.a3f4a5b3e5025p-2, -0x1.caca1d20ed483p-2, -0x1.d61412d6e26acp-4,
                 0x1.a1a8bc2f2eb53p-2});
    BOOST_TEST((uniform<float>(Key(42), Shape{3}).to_vector() ==
                std::vector{0x1.39d5ep-1f, 0x1.dfd524p-2f, 0x1.2bf5p-4f}));
    BOOST_TEST((normal<float>(Key(42), Shape{3}).to_vector() ==
                std::vector{0x1.25ee5p-2f, -0x1.42dc66p-4f, -0x1.73bf42p+0f}));
    check_equal(randint(Key(42), Shape{5}, 0, 100), Shape{5}, {46, 32, 65, 67, 83});
    check_equal(permutation(Key(42), 8), Shape{8}, {7, 0, 6, 2, 4, 1, 5, 3});
    BOOST_TEST(fold_in(Key(42), 7).bits() == 0xd53e8e3dd9c2c303u);
    BOOST_TEST(split(Key(42))[1].bits() == 0xd58ce9be606212cfu);
    // The tail's own logarithm.
    BOOST_TEST(bits_of(kernels::normal_quantile(0x1p-5)) == 0xbffdcdbfee3cb020u);
    BOOST_TEST(bits_of(kernels::normal_quantile(0x1p-50)) == 0xc01fd2fba88ab075u);
}

BOOST_AUTO_TEST_CASE(numbers_do_not_depend_on_what_is_drawn_with_them)
{
    const Tensor<> long_one = normal(Key(5), Shape{1001}), short_one = normal(Key(5), Shape{7});
    check_equal(slice(long_one, Slice{.stop = 7}, 0), short_one);
    check_equal(normal(Key(5), Shape{7, 11, 13}), reshape(long_one, Shape{7, 11, 13}));
    check_equal(normal(Key(5), Shape{7}, 10.0, 2.0), 10 + 2 * short_one);
}

BOOST_AUTO_TEST_CASE(keys_made_from_a_key_differ_from_each_other_and_from_it)
{
    std::set<std::uint64_t> seen{Key(1).bits()};
    for (Key key : split(Key(1), 1000)) seen.insert(key.bits());
    for (std::uint64_t data = 0; data < 1000; ++data) seen.insert(fold_in(Key(1), data).bits());
    BOOST_TEST(seen.size() == 2001u);

    const auto [a, b, c] = split<3>(Key(2));
    BOOST_TEST((a == split(Key(2), 3)[0] && b == split(Key(2))[1] && a != b && b != c));
    check_mean((uniform(a, Shape{many}) * uniform(b, Shape{many})).to_vector(), 0.25, 0.25);  // uncorrelated
}

BOOST_AUTO_TEST_CASE(uniform_numbers_fill_their_interval)
{
    // √n times the distance exceeds 2 once in 1,500 samples.
    BOOST_TEST(
        distance_to_distribution(uniform(Key(1), Shape{many}).to_vector(), [](double x) { return x; }) < 2);
    const std::vector<double> values = uniform(Key(2), Shape{many}, -3.0, 5.0).to_vector();
    BOOST_TEST(*std::min_element(values.begin(), values.end()) >= -3);
    BOOST_TEST(*std::max_element(values.begin(), values.end()) < 5);
    check_mean(values, 1, 8 / std::sqrt(12.0));

    const float low = 1, high = std::nextafter(1.0f, 2.0f);  // an interval that holds one number
    for (float value : uniform<float>(Key(3), Shape{100}, low, high).to_vector()) BOOST_TEST(value == low);
    const std::vector<float> floats = uniform<float>(Key(4), Shape{many}).to_vector();
    BOOST_TEST(distance_to_distribution(std::vector<double>(floats.begin(), floats.end()),
                                        [](double x) { return x; }) < 2);
}

BOOST_AUTO_TEST_CASE(normal_numbers_are_normal)
{
    const std::vector<double> z = normal(Key(1), Shape{many}).to_vector();
    BOOST_TEST(distance_to_distribution(z, normal_distribution) < 2);
    check_mean(z, 0, 1);
    check_mean(mapped(z, [](double x) { return x * x; }), 1, std::sqrt(2.0));
    check_mean(mapped(z, [](double x) { return x * x * x; }), 0, std::sqrt(15.0));
    check_mean(mapped(z, [](double x) { return x * x * x * x; }), 3, std::sqrt(96.0));
    const std::vector<float> floats = normal<float>(Key(2), Shape{many}).to_vector();
    BOOST_TEST(
        distance_to_distribution(std::vector<double>(floats.begin(), floats.end()), normal_distribution) < 2);
}

BOOST_AUTO_TEST_CASE(the_portable_logarithm_and_normal_quantile_are_precise)
{
    for (double x : uniform(Key(1), Shape{20000}, 0.0, 3.0).to_vector())
        for (double scale : {1.0, 0x1p-50, 0x1p100}) {
            const double expected = std::log(x * scale);
            BOOST_REQUIRE(std::abs(kernels::portable_log(x * scale) - expected) <=
                          4 * std::numeric_limits<double>::epsilon() * std::abs(expected));
        }
    for (double z = -8; z <= 8; z += 1.0 / 64) {
        // Φ(-|z|) keeps its relative precision; its own error moves the quantile by error / (density ratio).
        const double p = normal_distribution(-std::abs(z));
        const double recovered = -kernels::normal_quantile(p);
        BOOST_REQUIRE(std::abs(recovered - std::abs(z)) <= 2e-15 * std::max(1.0, std::abs(z)));
    }
    BOOST_TEST(kernels::normal_quantile(0.5) == 0);
    BOOST_TEST(kernels::normal_quantile(0.25) == -kernels::normal_quantile(0.75));
}

// Of 2^64 equally likely words, 3 2^62 integers cannot have the same number each; a third of them would have
// twice that of the others.
BOOST_AUTO_TEST_CASE(randint_is_not_biased_where_its_range_is_large)
{
    const Index most = Index{3} << 61;
    std::array<int, 3> counts{};
    for (const Index value : randint(Key(3), Shape{30'000}, -most, most).to_vector())
        ++counts[static_cast<std::size_t>(
            (static_cast<std::uint64_t>(value) + static_cast<std::uint64_t>(most)) % 3)];
    for (const int count : counts) BOOST_TEST(std::abs(count - 10'000) < 400);  // five standard deviations
}

BOOST_AUTO_TEST_CASE(randint_takes_every_integer_equally_often)
{
    const std::vector<Index> values = randint(Key(1), Shape{60'000}, -2, 4).to_vector();
    std::array<int, 6> count{};
    for (Index value : values) ++count.at(static_cast<std::size_t>(value + 2));
    for (int c : count) BOOST_TEST(std::abs(c - 10'000) < 5 * std::sqrt(10'000 * 5.0 / 6));

    const Index least = std::numeric_limits<Index>::min(), most = std::numeric_limits<Index>::max();
    double positive = 0;
    for (Index value : randint(Key(2), Shape{many}, least, most).to_vector()) positive += value > 0;
    BOOST_TEST(std::abs(positive / many - 0.5) < 5 * 0.5 / std::sqrt(many));
}

BOOST_AUTO_TEST_CASE(permutations_hold_every_index_once_and_are_all_equally_likely)
{
    std::vector<Index> order = permutation(Key(1), 1000).to_vector();
    BOOST_TEST(!std::is_sorted(order.begin(), order.end()));
    std::sort(order.begin(), order.end());
    for (Index i = 0; i < 1000; ++i) BOOST_TEST(order[static_cast<std::size_t>(i)] == i);
    BOOST_TEST(permutation(Key(1), 0).size() == 0);

    std::map<std::vector<Index>, int> count;
    for (std::uint64_t i = 0; i < 24'000; ++i) ++count[permutation(fold_in(Key(2), i), 4).to_vector()];
    BOOST_TEST(count.size() == 24u);
    for (const auto& [_, c] : count) BOOST_TEST(std::abs(c - 1000) < 5 * std::sqrt(1000.0));

    std::vector<std::string> words{"a", "b", "c", "d"};
    shuffle(Key(3), words);
    const std::vector<Index> places = permutation(Key(3), 4).to_vector();
    for (std::size_t i = 0; i < 4; ++i)
        BOOST_TEST(words[i] == std::string(1, static_cast<char>('a' + places[i])));
}

BOOST_AUTO_TEST_CASE(bernoulli_is_true_as_often_as_asked)
{
    double count = 0;
    for (bool value : bernoulli(Key(1), Shape{many}, 0.3).to_vector()) count += value;
    BOOST_TEST(std::abs(count / many - 0.3) < 5 * std::sqrt(0.21 / many));
    for (bool value : bernoulli(Key(2), Shape{100}, 0).to_vector()) BOOST_TEST(!value);
    for (bool value : bernoulli(Key(2), Shape{100}, 1).to_vector()) BOOST_TEST(value);
}

BOOST_AUTO_TEST_CASE(a_sample_has_derivatives_with_respect_to_the_parameters_of_its_distribution)
{
    const Tensor<> noise = normal(Key(1), Shape{3});
    const auto loss = [&](const Tensor<>& mean, const Tensor<>& deviation) {
        return sum(square(mean + deviation * noise));
    };
    const Tensor<> mean{1, 2, 3}, deviation{0.5, 1, 2};
    const auto [by_mean, by_deviation] = gradient(loss, mean, deviation);
    check_equal(by_mean, 2 * (mean + deviation * noise), 1e-15);
    check_equal(by_deviation, 2 * (mean + deviation * noise) * noise, 1e-15);
}

BOOST_AUTO_TEST_CASE(impossible_distributions_are_errors)
{
    BOOST_TEST(error_text<DomainError>([] { uniform(Key(1), Shape{2}, 2.0, 1.0); }) ==
               "uniform: [2, 1) is not an interval; low must be less than high, both finite");
    BOOST_TEST(error_text<DomainError>([] {
                   uniform(Key(1), Shape{2}, 0.0, std::numeric_limits<double>::infinity());
               }) == "uniform: [0, inf) is not an interval; low must be less than high, both finite");
    BOOST_TEST(error_text<DomainError>([] { normal(Key(1), Shape{2}, 0.0, -1.0); }) ==
               "normal: the standard deviation -1 is negative");
    BOOST_TEST(error_text<DomainError>([] { randint(Key(1), Shape{2}, 3, 3); }) ==
               "randint: [3, 3) has no integer; low must be less than high");
    BOOST_TEST(error_text<DomainError>([] { bernoulli(Key(1), Shape{2}, 1.5); }) ==
               "bernoulli: the probability 1.5 is not in [0, 1]");
    BOOST_TEST(error_text<ShapeError>([] { permutation(Key(1), -1); }) == "shape: negative size in (-1,)");
}

BOOST_AUTO_TEST_CASE(a_scope_hands_out_the_same_keys_for_the_same_key)
{
    const auto two = [] { return std::array{next_key(), next_key()}; };
    std::array<Key, 2> first{Key(0), Key(0)};
    {
        const KeyScope scope(Key(7));
        first = two();
        BOOST_TEST((first[0] != first[1]));
        {
            const KeyScope inner(Key(7));
            BOOST_TEST((two() == first));
        }
        BOOST_TEST((next_key() != first[0]));  // the outer one goes on
    }
    BOOST_TEST(error_text<Error>([] { next_key(); }) ==
               "next_key: there is no KeyScope in this thread; open one with a key");
}
