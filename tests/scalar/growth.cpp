// What is recorded does not depend on whether the tape had room for it. In a file of its own, where the
// compiler sees which links have the same argument and merges them.

#include <autodiff/autodiff.hpp>

#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <thread>

namespace autodiff::tests {

namespace {

[[gnu::noinline]] double slope(double at)
{
    return recorded_gradient([](const auto& x) { return sin(x) * exp(x) / x; }, at);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_gradient_has_the_same_bits_whether_or_not_the_tape_has_to_grow)
{
    for (int i = 0; i < 100; ++i) {
        const double at = 1 + 0.01 * i;
        double first = 0, second = 0;
        std::thread([&] {  // whose tape has no room to begin with
            first = slope(at);
            second = slope(at);
        })
            .join();
        BOOST_TEST(first == second);
    }
}

}  // namespace autodiff::tests
