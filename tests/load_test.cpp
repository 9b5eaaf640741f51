// Much at once: tapes of millions of statements on a small stack, millions of recordings, many threads. The
// sizes are those of a quick run; with ADJOINT_LOAD=full, of ./dev verify load, they are ten times as large.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <memory/counted.hpp>
#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <exception>
#include <fstream>
#include <functional>
#include <thread>

#include <pthread.h>
#include <unistd.h>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// A count, in a quick run and in builds that are slow a part of it.
int count_of(int full)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr int part = 10;
#else
    constexpr int part = 1;
#endif
    const char* const load = std::getenv("ADJOINT_LOAD");
    return full / (load && std::string_view(load) == "full" ? part : 10 * part);
}

constexpr std::size_t small_stack = std::size_t{256} << 10;

/// f() on a thread with a stack of 256 KiB. Where each of a million statements took but one word of it, it
/// would be too small.
template <class F>
void on_small_stack(F f)
{
    struct Work {
        F f;
        std::exception_ptr thrown;
    } work{std::move(f), nullptr};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    BOOST_REQUIRE(pthread_attr_setstacksize(&attributes, small_stack) == 0);
    pthread_t thread{};
    BOOST_REQUIRE(pthread_create(
                      &thread, &attributes,
                      [](void* of) -> void* {
                          Work& mine = *static_cast<Work*>(of);
                          try {
                              mine.f();
                          } catch (...) {
                              mine.thrown = std::current_exception();
                          }
                          return nullptr;
                      },
                      &work) == 0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
    if (work.thrown) std::rethrow_exception(work.thrown);
}

/// Bytes of this process that are in memory.
std::size_t resident_bytes()
{
    std::size_t total = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> total >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

double seconds_of(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Lets `step` run `count` times, after some that take what is then kept, and demands that memory does not
/// grow.
void check_constant_memory(const char* what, int count, const std::function<void()>& step)
{
    for (int i = 0; i < count / 10; ++i) step();
    const std::size_t live = live_bytes(), resident = resident_bytes();
    const double seconds = seconds_of([&] {
        for (int i = 0; i < count; ++i) step();
    });
    const auto growth = static_cast<std::ptrdiff_t>(resident_bytes()) - static_cast<std::ptrdiff_t>(resident);
    BOOST_TEST(live_bytes() == live);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which keep what is freed for a while
    BOOST_TEST(growth <= 1 << 20);
#endif
    BOOST_TEST_MESSAGE(fmt::format("{} recordings of {}: {:.2f} s, resident memory grows by {} KiB", count,
                                   what, seconds, growth / 1024));
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_tape_of_millions_of_scalar_statements_is_swept_and_released_on_a_small_stack)
{
    const int count = count_of(10'000'000);
    double derivative = 0;
    const double seconds = seconds_of([&] {
        on_small_stack([&] {
            const auto f = [count](const auto& x) {
                auto y = x;
                for (int i = 0; i < count; ++i) y = y * 1 + 0 * sin(x);
                return y;
            };
            derivative = recorded_gradient(f, 1.0);
        });
    });
    BOOST_TEST(derivative == 1);
    BOOST_TEST_MESSAGE(fmt::format("{} scalar statements on a stack of 256 KiB: {:.1f} s", count, seconds));
}

BOOST_AUTO_TEST_CASE(a_tape_of_a_million_tensor_statements_is_swept_and_released_on_a_small_stack)
{
    const int count = count_of(1'000'000);
    std::vector<double> derivatives;
    const double seconds = seconds_of([&] {
        on_small_stack([&] {
            const auto f = [count](const Tensor<>& x) {
                Tensor<> y = x;
                for (int i = 0; i < count; ++i) y = i % 2 == 0 ? y * 2 : y / 2;
                return sum(y);
            };
            derivatives = recorded_gradient(f, Tensor<>{1, 2}).to_vector();
        });
    });
    BOOST_TEST(derivatives == (std::vector<double>{1, 1}), boost::test_tools::per_element());
    BOOST_TEST_MESSAGE(fmt::format("{} tensor statements on a stack of 256 KiB: {:.1f} s", count, seconds));
}

BOOST_AUTO_TEST_CASE(a_value_that_a_million_views_lead_to_is_released_on_a_small_stack)
{
    const int count = count_of(1'000'000);
    on_small_stack([&] {
        Tensor<> x = Tensor<>::ones(Shape{2, 3});
        const auto f = [count](const Tensor<>& v) {
            Tensor<> y = v;
            for (int i = 0; i < count; ++i) y = transpose(y);
            return sum(y);
        };
        if (sum(recorded_gradient(f, x)).item() != 6) throw std::logic_error("a wrong gradient");
    });
}

BOOST_AUTO_TEST_CASE(a_million_recordings_take_constant_memory)
{
    double sum_of_derivatives = 0;
    check_constant_memory("scalars", count_of(1'000'000), [&] {
        sum_of_derivatives +=
            recorded_gradient([](const auto& x, const auto& y) { return sin(x) * y; }, 0.0, 2.0)[0];
    });
    BOOST_TEST(std::fmod(sum_of_derivatives, 2) == 0);  // each is 2
    const Tensor<> x{1, 2, 3}, w = Tensor<>::ones({3, 3});
    check_constant_memory("tensors", count_of(1'000'000), [&] {
        gradient([&](const Tensor<>& v) { return sum(square(matmul(w, v)) + exp(v)); }, x);
    });
    check_constant_memory("gradients of gradients", count_of(200'000), [&] {
        gradient(
            [&](const Tensor<>& v) {
                return sum(gradient([](const Tensor<>& a) { return sum(a * a * a); }, v));
            },
            x);
    });
}

namespace {

/// Numbers, tensors, derivatives of derivatives and a network that learns, which depend on the seed.
std::vector<double> recordings(int seed, int steps)
{
    std::vector<double> results;
    const auto add = [&](const Tensor<>& t) {
        for (const double number : t.to_vector()) results.push_back(number);
    };
    nn::Sequential model{nn::Linear<>{3, 4, Key(1)}, nn::Tanh{}, nn::Linear<>{4, 1, Key(2)}};
    nn::Adam<> adam;
    // Not a number that the compiler knows: it would compute sines of its own, to other bits.
    const double start = uniform(Key(static_cast<std::uint64_t>(seed)), {}).item();
    for (int i = 0; i < steps; ++i) {
        const double at = start + 0.001 * i;
        results.push_back(recorded_gradient([](const auto& v) { return sin(v) * exp(v) / v; }, 1 + at));
        const Tensor<> x = normal(Key(static_cast<std::uint64_t>(seed)), {5, 3}) + at;
        add(gradient([](const Tensor<>& v) { return logsumexp(v * v); }, x));
        add(hessian([](const Tensor<>& v) { return sum(v) * sum(exp(v)); }, slice(x, Slice{0, 1}, 0)));
        auto [loss, gradients] =
            value_and_gradient([&] { return mean(square(model(x))); }, model.parameters());
        adam.step(model.parameters(), gradients);
        add(loss);
    }
    return results;
}

}  // namespace

BOOST_AUTO_TEST_CASE(eight_threads_that_record_at_once_get_the_bits_of_one)
{
    constexpr std::size_t threads = 8;
    const int steps = count_of(2000);
    std::vector<std::vector<double>> expected(threads), got(threads);
    for (std::size_t t = 0; t < threads; ++t) expected[t] = recordings(static_cast<int>(t), steps);
    const double seconds = seconds_of([&] {
        std::vector<std::thread> workers;
        for (std::size_t t = 0; t < threads; ++t)
            workers.emplace_back([&, t] { got[t] = recordings(static_cast<int>(t), steps); });
        for (std::thread& worker : workers) worker.join();
    });
    for (std::size_t t = 0; t < threads; ++t) BOOST_TEST((got[t] == expected[t]), "thread " << t);
    BOOST_TEST((expected[0] != expected[1]));
    BOOST_TEST_MESSAGE(
        fmt::format("{} steps on each of 8 threads at once: {:.1f} s, with the bits of one", steps, seconds));
}
