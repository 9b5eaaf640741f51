// Memory that runs out: at each request for it in turn, and for good.

#include "right.hpp"
#include "writers.hpp"

#include "../nn_fit/circle.hpp"

#include <memory/counted.hpp>
#include <support/child.hpp>
#include <support/threads.hpp>

#include <atomic>
#include <exception>
#include <thread>

#include <sys/resource.h>

namespace autodiff::tests {

namespace {

using Numbers = std::vector<double>;

/// f() on a thread of its own, which begins with no memory at rest and ends with none.
template <class F>
Numbers on_new_thread(F f)
{
    Numbers result = {};
    std::exception_ptr thrown;
    std::thread([&] {
        try {
            result = f();
        } catch (...) {
            thrown = std::current_exception();
        }
    }).join();
    if (thrown) std::rethrow_exception(thrown);
    return result;
}

/// What a computation gave when one of its requests for memory failed.
struct Trial {
    bool happened = false;  ///< or it had no need of so many
    bool threw = false;
    Numbers result = {};
};

template <class F>
Trial with_failing_request(std::size_t n, F compute)
{
    Trial trial;
    try {
        trial.result = on_new_thread([&] {
            const FailingRequest failing(n);
            try {
                Numbers numbers = compute();
                trial.happened = failing.happened();
                return numbers;
            } catch (...) {
                trial.happened = failing.happened();
                throw;
            }
        });
    } catch (const std::bad_alloc&) {
        trial.threw = true;
    } catch (const LimitError&) {  // of a tape that cannot grow
        trial.threw = true;
    }
    return trial;
}

/// Lets the first request for memory of a computation fail, then the second, …, until it has no need of so
/// many. It has to throw std::bad_alloc or a LimitError, or to do without; all memory comes back, no file
/// stays open, and the next time it is right.
template <class F>
void check_each_request_failing(F compute)
{
    const Threads alone(1);
    pool_limit(0);
    const Numbers expected = on_new_thread(compute);
    on_new_thread(compute);
    const std::size_t before = live_bytes();
    const std::ptrdiff_t open_before = open_files();
    std::size_t n = 0;
    for (Trial trial{.happened = true}; trial.happened && n < 20'000;) {
        trial = with_failing_request(++n, compute);
        if (!trial.threw && trial.result != expected) BOOST_FAIL("wrong numbers after request " << n);
        trial.result = Numbers();  // = {} would keep the memory
        if (live_bytes() != before)
            BOOST_FAIL(static_cast<std::ptrdiff_t>(live_bytes() - before) << " bytes lost by request " << n);
    }
    BOOST_TEST(n > 5u);  // or nothing was shown
    BOOST_TEST(open_files() == open_before);
    BOOST_TEST((on_new_thread(compute) == expected));
    BOOST_TEST((on_new_thread([] { return Numbers{gradients_are_right() ? 1.0 : 0.0}; }) == Numbers{1}));
    BOOST_TEST_MESSAGE(n - 1 << " requests failed in turn");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_scalar_recording_survives_each_failing_request)
{
    check_each_request_failing([] {
        const auto f = [](const auto& x, const auto& y) {
            auto z = x;
            for (int i = 0; i < 2000; ++i) z = sin(z) * y + x;
            return z;
        };
        const auto g = recorded_gradient(f, 0.5, 0.25);
        return Numbers(g.begin(), g.end());
    });
}

BOOST_AUTO_TEST_CASE(a_tensor_recording_survives_each_failing_request)
{
    check_each_request_failing([] {
        const Tensor<> x = normal(Key(1), {4, 3}), w = normal(Key(2), {3, 5});
        const auto f = [&](const Tensor<>& v) {
            const Tensor<> z = tanh(matmul(x, v));
            return sum(square(log_softmax(concatenate({z, slice(z, {Slice{0, 2}})}, 0), {1}))) +
                   logsumexp(cumsum(transpose(v), 0)) + sum(max(v, {0}));
        };
        return gradient(f, w).to_vector();
    });
}

BOOST_AUTO_TEST_CASE(a_convolution_survives_each_failing_request)
{
    check_each_request_failing([] {
        const Tensor<> x = normal(Key(1), {2, 2, 6, 6}), w = normal(Key(2), {4, 2, 3, 3});
        const auto f = [&](const Tensor<>& v) {
            return sum(square(max_pool2d(conv2d(x, v, {.padding = 1}), 2)));
        };
        return gradient(f, w).to_vector();
    });
}

BOOST_AUTO_TEST_CASE(derivatives_of_derivatives_survive_each_failing_request)
{
    check_each_request_failing([] {
        const Tensor<> x{0.5, -1, 2};
        const auto f = [](const Tensor<>& v) { return sum(exp(v) * v) * mean(square(v)); };
        Numbers numbers = hessian(f, x).to_vector();
        for (const double number : hvp(f, x, Tensor<>{1, 2, 3}).to_vector()) numbers.push_back(number);
        for (const double number : jacobian([](const Tensor<>& v) { return sin(v) * sum(v); }, x).to_vector())
            numbers.push_back(number);
        return numbers;
    });
}

BOOST_AUTO_TEST_CASE(a_replayed_step_survives_each_failing_request)
{
    check_each_request_failing([] {
        Tensor<> w = normal(Key(2), {3, 2});
        const auto loss = [&](const Tensor<>& x) { return sum(square(tanh(matmul(x, w)))); };
        Replay step(loss, Parameters<>{{"w", &w}});
        Numbers numbers;
        for (std::uint64_t i = 0; i < 4; ++i)
            for (const double number : step(normal(Key(i), {4, 3})).gradient[0].to_vector())
                numbers.push_back(number);
        return numbers;
    });
}

BOOST_AUTO_TEST_CASE(training_survives_each_failing_request)
{
    for (const Index prefetch : {0, 2})
        check_each_request_failing([prefetch] {
            Net net;
            Options options{.epochs = 1, .batch_size = 25, .prefetch = prefetch};
            run(net, options);
            return numbers(net);
        });
}

BOOST_AUTO_TEST_CASE(files_survive_each_failing_request)
{
    const TemporaryDirectory directory;
    for (const Writer& writer : writers()) BOOST_TEST_CONTEXT(writer.name)
    check_each_request_failing([&] {
        const std::string path = directory.path("file");
        try {
            writer.write(path);
        } catch (const std::bad_alloc&) {
            if (std::distance(std::filesystem::directory_iterator(directory.path("")), {}) > 1)
                return Numbers{-1};
            throw;
        }
        return Numbers{static_cast<double>(std::filesystem::file_size(path))};
    });
    for (const std::string name : {"f8.npy", "version_3.npy"})
        check_each_request_failing(
            [&] { return nn::data::read_npy((data_directory / name).string()).to_vector(); });
    const std::string table = directory.write("table.csv", "a,b\n1,2\n\"3\",4\n");
    check_each_request_failing(
        [&] { return nn::data::read_csv(table, {.header = true}).values.to_vector(); });
    const std::string tensors = directory.path("tensors");
    nn::io::write_safetensors(tensors, {.tensors = {{"x", Tensor<>{1, 2}}}, .metadata = {{"k", "v"}}});
    check_each_request_failing([&] {
        const nn::io::Safetensors read = nn::io::read_safetensors(tensors);
        return Numbers(read.tensors.size() + read.metadata.size());
    });
}

// Sanitizers need far more address space than they use.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

/// f() in a process that may take so many bytes more than it has.
template <class F>
int with_little_memory(std::size_t more, F f)
{
    const Threads alone(1);
    gradients_are_right();  // what BLAS takes once is taken
    return exit_code_in_child([&] {
        std::ifstream sizes("/proc/self/statm");
        std::size_t pages = 0;
        sizes >> pages;
        const std::size_t limit = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + more;
        const rlimit both{limit, limit};
        return setrlimit(RLIMIT_AS, &both) == 0 ? f() : 1;
    });
}

template <class F>
bool runs_out(F f)
{
    try {
        f();
    } catch (const std::bad_alloc&) {
        return nothing_is_recorded();
    } catch (const LimitError&) {
        return nothing_is_recorded();
    }
    return false;
}

constexpr std::size_t little = std::size_t{256} << 20;

}  // namespace

BOOST_AUTO_TEST_CASE(a_tensor_too_large_for_memory_leaves_the_library_usable)
{
    BOOST_TEST(with_little_memory(little, [] {
                   const Tensor<> x = Tensor<>::ones({1 << 20});
                   const bool ran_out =
                       runs_out([] { Tensor<>::zeros({1L << 30}); }) &&
                       runs_out([] { Tensor<>::zeros({1L << 50}); }) &&
                       runs_out([&] { gradient([](const Tensor<>& v) { return sum(outer(v, v)); }, x); });
                   return ran_out && gradients_are_right() ? 0 : 1;
               }) == 0);
}

BOOST_AUTO_TEST_CASE(a_recording_too_long_for_memory_leaves_the_library_usable)
{
    const auto endless = [](const auto& x) {
        auto y = x;
        while (true) y = sin(y) * x;
        return y;
    };
    BOOST_TEST(with_little_memory(little, [&] {
                   const bool ran_out = runs_out([&] { recorded_gradient(endless, 1.0); }) &&
                                        runs_out([&] { recorded_gradient(endless, Tensor<>::ones({100})); });
                   return ran_out && gradients_are_right() ? 0 : 1;
               }) == 0);
}

BOOST_AUTO_TEST_CASE(threads_that_the_system_does_not_grant_are_done_without)
{
    BOOST_TEST(with_little_memory(std::size_t{64} << 20, [] {  // a stack has 8 MiB
                   const Threads many(200);
                   std::atomic<Index> sum = 0;
                   for (int round = 0; round < 20; ++round) for_each_chunk(1000, [&](Index i) { sum += i; });
                   return sum == 20 * 499'500 ? 0 : 1;
               }) == 0);
}

#endif

}  // namespace autodiff::tests
