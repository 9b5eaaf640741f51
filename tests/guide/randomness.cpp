// Keys instead of hidden state, and threads that change no bits.

#include <guide/checks.hpp>

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <thread>
#include <vector>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(random_numbers_are_functions_of_a_key)
{
    //! [keys]
    const auto [for_weights, for_noise] = split(Key(2026));  // two keys of one
    const Tensor<> w = normal(for_weights, {3, 2});
    const Tensor<> same = normal(for_weights, {3, 2});  // the same numbers: a key is a value
    std::vector<Tensor<>> noise;
    for (std::uint64_t step = 0; step < 3; ++step)
        noise.push_back(uniform(fold_in(for_noise, step), {3, 2}));  // others for each step
    //! [keys]
    BOOST_TEST(w.to_vector() == same.to_vector());
    BOOST_TEST(noise[0].to_vector() != noise[1].to_vector());
    BOOST_TEST(noise[1].to_vector() == uniform(fold_in(for_noise, 1), {3, 2}).to_vector());
}

BOOST_AUTO_TEST_CASE(what_is_computed_from_random_numbers_has_a_gradient)
{
    //! [noise]
    // The mean of x² over x = μ + s ε, which is near μ² + s².
    const Tensor<> epsilon = normal(Key(1), {100000});
    const auto mean_square = [&](const Tensor<>& mu, const Tensor<>& s) {
        return mean(square(mu + s * epsilon));
    };
    const auto [value, slope] = value_and_gradient(mean_square, Tensor<>(3), Tensor<>(2));
    //! [noise]
    // The standard error of the mean of ε is 1/√n, of ε² √2/√n: four times these, on derivatives 2 (μ + s ε)
    // …
    const double mean_error = 4 / std::sqrt(100000.0), square_error = std::sqrt(2.0) * mean_error;
    BOOST_TEST(std::abs(slope[0].item() - 2 * 3) < 2 * 2 * mean_error);
    BOOST_TEST(std::abs(slope[1].item() - 2 * 2) < 2 * 3 * mean_error + 2 * 2 * square_error);
    BOOST_TEST(value.item() > 0);
}

BOOST_AUTO_TEST_CASE(threads_change_no_bits)
{
    const int before = num_threads();
    //! [threads]
    const Tensor<> a = normal(Key(1), {300, 300}), b = normal(Key(2), {300, 300});
    const auto loss = [&](const Tensor<>& x) { return sum(tanh(matmul(x, b))); };

    set_num_threads(1);
    const Tensor<> alone = gradient(loss, a);
    set_num_threads(4);
    const Tensor<> together = gradient(loss, a);  // the same bits
    //! [threads]
    set_num_threads(before);
    BOOST_TEST(alone.to_vector() == together.to_vector());
}

BOOST_AUTO_TEST_CASE(threads_of_ones_own_record_independently)
{
    //! [own threads]
    std::array<double, 4> slopes{};
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < slopes.size(); ++i)
            workers.emplace_back([&, i] {
                slopes[i] = gradient([](const auto& x) { return x * x * x; }, static_cast<double>(i));
            });
    }
    //! [own threads]
    for (std::size_t i = 0; i < slopes.size(); ++i)
        require_near(slopes[i], 3.0 * static_cast<double>(i) * static_cast<double>(i));
}
