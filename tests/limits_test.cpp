// Long recordings, many recordings, many threads: nothing recurses, grows or is shared that should not be.

#include <autodiff/autodiff.hpp>
#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <thread>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int fewer = 10;  // instrumented code is slow
#else
constexpr int fewer = 1;
#endif

}  // namespace

BOOST_AUTO_TEST_CASE(ten_million_scalar_statements_are_swept)
{
    constexpr int count = 10'000'000;
    const auto f = [](const auto& x) {
        auto y = x;
        for (int i = 0; i < count; ++i) y = y + 1e-7 * x;
        return y;
    };
    BOOST_TEST(recorded_gradient(f, 1.0) == 2.0, boost::test_tools::tolerance(1e-7));
}

BOOST_AUTO_TEST_CASE(two_hundred_thousand_tensor_statements_in_a_row_are_swept_and_released)
{
    constexpr int count = 200'000;
    const auto f = [](const Tensor<>& x) {
        Tensor<> y = x;
        for (int i = 0; i < count / 2; ++i) y = sin(y) + x;
        return sum(y);
    };
    const Tensor<> g = recorded_gradient(f, Tensor<>{0.1, 0.2});
    BOOST_TEST(std::isfinite(g(0)));
    BOOST_TEST(g(0) > 1);
    BOOST_TEST(std::isfinite(jvp(f, Tensor<>{0.1, 0.2}, Tensor<>{1, 1}).tangent.item()));
}

BOOST_AUTO_TEST_CASE(a_long_row_of_views_is_released_without_recursion)
{
    Tensor<> x = Tensor<>::ones(Shape{2, 3});
    for (int i = 0; i < 200'000; ++i) x = transpose(x);
    BOOST_TEST(sum(x).item() == 6);
}

BOOST_AUTO_TEST_CASE(a_million_recordings_of_scalars_allocate_nothing)
{
    using S = Scalar<double>;
    const auto f = [](const S& x, const S& y) { return sin(x) * y + x; };
    using Lent = autodiff::detail::Lent<Tape<ScalarSpace<double>>>;
    const Tape<ScalarSpace<double>>* const at_rest = &*Lent::take();
    double sum = 0;
    for (int i = 0; i < 1'000'000 / fewer; ++i) sum += recorded_gradient(f, 0.5, 2.0)[0];
    BOOST_TEST(sum / (1'000'000 / fewer) == 2 * std::cos(0.5) + 1, boost::test_tools::tolerance(1e-9));
    const Lent tape = Lent::take();
    BOOST_TEST(&*tape == at_rest);  // the same one each time
    BOOST_TEST(tape->size() == 0u);
    BOOST_TEST(tape->bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(many_recordings_of_tensors_take_no_memory_from_the_system)
{
    const std::size_t limit = std::size_t{1} << 20;
    pool_limit(limit);  // sanitized builds cache nothing of their own
    const Tensor<> x{1, 2, 3}, w = Tensor<>::ones(Shape{3, 3});
    const auto step = [&] {
        return recorded_gradient([&](const Tensor<>& v) { return sum(square(matmul(w, v)) + exp(v)); }, x);
    };
    for (int i = 0; i < 10; ++i) step();
    const PoolStatistics before = pool_statistics();
    for (int i = 0; i < 100'000 / fewer; ++i) step();
    const PoolStatistics after = pool_statistics();
    BOOST_TEST(after.requests > before.requests);
    BOOST_TEST(after.system_allocations == before.system_allocations);
    BOOST_TEST(after.cached_bytes == before.cached_bytes);
}

BOOST_AUTO_TEST_CASE(nested_recordings_of_tensors_take_no_memory_from_the_system)
{
    pool_limit(std::size_t{1} << 20);
    const Tensor<> x{1, 2, 3};
    const auto f = [](const Tensor<>& v) { return sum(v * v * v); };
    const auto step = [&] {
        return recorded_gradient([&](const Tensor<>& v) { return sum(square(recorded_gradient(f, v))); }, x);
    };
    for (int i = 0; i < 10; ++i) step();
    const PoolStatistics before = pool_statistics();
    for (int i = 0; i < 20'000 / fewer; ++i) step();
    BOOST_TEST(pool_statistics().system_allocations == before.system_allocations);
    BOOST_TEST(step()(1) == 2 * 3 * 4 * 6 * 2.0);
}

BOOST_AUTO_TEST_CASE(recordings_of_threads_are_independent)
{
    constexpr int threads = 8, steps = 300;
    std::vector<double> scalar_errors(threads), tensor_errors(threads);
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t)
        workers.emplace_back([&, t] {
            const auto place = static_cast<std::size_t>(t);
            for (int i = 0; i < steps; ++i) {
                const double x = 0.01 * i + t;
                const double scalar = recorded_gradient([&](const auto& v) { return sin(v) * v; }, x);
                const Tensor<> tensor =
                    recorded_gradient([](const Tensor<>& v) { return sum(sin(v) * v); }, Tensor<>{x, 2 * x});
                const double expected = std::cos(x) * x + std::sin(x);
                scalar_errors[place] = std::max(scalar_errors[place], std::abs(scalar - expected));
                tensor_errors[place] = std::max(tensor_errors[place], std::abs(tensor(0) - expected));
            }
        });
    for (std::thread& worker : workers) worker.join();
    for (double error : scalar_errors) BOOST_TEST(error < 1e-12);
    for (double error : tensor_errors) BOOST_TEST(error < 1e-12);
}

BOOST_AUTO_TEST_CASE(arrays_move_between_threads)
{
    Tensor<> made;
    std::thread([&] { made = Tensor<>::ones(Shape{1000}) * 2; }).join();
    BOOST_TEST(sum(made).item() == 2000);
    const Tensor<> shared = made;
    std::vector<std::thread> readers;
    std::vector<double> sums(4);
    for (double& result : sums)
        readers.emplace_back([&result, shared] { result = sum(shared + shared).item(); });
    for (std::thread& reader : readers) reader.join();
    for (double result : sums) BOOST_TEST(result == 4000);
}
