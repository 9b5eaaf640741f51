// The threads of the library: every chunk once, the same bits for any number, errors that arrive, and
// children.

#include <autodiff/error.hpp>
#include <autodiff/ops/creation.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/matmul.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/softmax.hpp>
#include <autodiff/random.hpp>
#include <autodiff/threads.hpp>
#include <autodiff/transforms/gradient.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/child.hpp"
#include "support/threads.hpp"

using namespace autodiff;
using autodiff::tests::start_child;
using autodiff::tests::Threads;

namespace {

/// Large enough for every kernel to divide its work, with sizes that no part fits exactly.
template <class T>
std::vector<T> gradient_of_a_network()
{
    const Tensor<T> x = normal<T>(Key(1), {203, 517}), w = normal<T>(Key(2), {301, 517}),
                    b = normal<T>(Key(3), {301});
    const auto loss = [&](const Tensor<T>& weight) {
        return mean(square(softmax(log_softmax(tanh(linear(x, weight, b)), {1}), {0})));
    };
    return gradient(loss, w).to_vector();
}

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(results_are_the_same_to_the_last_bit_for_any_number_of_threads, T,
                              decltype(std::tuple<double, float>()))
{
    std::vector<T> alone;
    {
        const Threads one(1);
        alone = gradient_of_a_network<T>();
    }
    for (const int count : {2, 3, 7}) {
        const Threads several(count);
        BOOST_TEST(gradient_of_a_network<T>() == alone, "with " << count << " threads");
    }
}

BOOST_AUTO_TEST_CASE(a_single_number_is_the_same_for_every_part_of_a_long_row)
{
    const Threads several(3);
    const std::vector<double> doubled = (2 * arange(200'000)).to_vector();
    std::size_t right = 0;
    for (std::size_t i = 0; i < doubled.size(); ++i)
        right += static_cast<std::size_t>(doubled[i] == 2 * static_cast<double>(i));
    BOOST_TEST(right == 200'000u);
}

BOOST_AUTO_TEST_CASE(every_chunk_is_worked_on_once)
{
    const Threads several(4);
    std::vector<std::atomic<int>> times(1000);
    for (int round = 0; round < 50; ++round)
        for_each_chunk(1000, [&](Index i) { ++times[static_cast<std::size_t>(i)]; });
    for (const auto& count : times) BOOST_TEST(count == 50);
    for_each_chunk(0, [](Index) { BOOST_FAIL("there is none"); });
}

BOOST_AUTO_TEST_CASE(helpers_do_help)
{
    const Threads two(2);
    // Two chunks that wait for each other. On a busy machine the helper may be late, or be left out for a
    // while.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    std::atomic<int> active{0};
    std::atomic<bool> met{false};
    while (!met && std::chrono::steady_clock::now() < end)
        for_each_chunk(2, [&](Index) {
            ++active;
            const auto patience = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
            while (!met && std::chrono::steady_clock::now() < patience) {
                if (active == 2) met = true;
                std::this_thread::yield();
            }
            --active;
        });
    BOOST_TEST(met);
}

BOOST_AUTO_TEST_CASE(what_a_chunk_throws_arrives)
{
    const Threads several(3);
    const auto work = [](Index i) {
        if (i == 37) throw std::runtime_error("chunk 37");
    };
    for (int round = 0; round < 20; ++round) BOOST_CHECK_THROW(for_each_chunk(100, work), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(what_a_chunk_throws_on_another_thread_arrives)
{
    using namespace std::chrono_literals;
    const Threads several(3);
    const auto caller = std::this_thread::get_id();
    std::atomic<bool> has_thrown{false};
    const auto work = [&](Index) {
        if (std::this_thread::get_id() != caller) {
            has_thrown = true;
            throw std::runtime_error("a helper");
        }
        const auto end = std::chrono::steady_clock::now() + 200ms;
        while (!has_thrown && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    };
    // Helpers that were held up by other programs rest for a while.
    for (int round = 0; round < 60 && !has_thrown; ++round) {
        bool has_arrived = false;
        try {
            for_each_chunk(2, work);
        } catch (const std::runtime_error&) {
            has_arrived = true;
        }
        BOOST_TEST(has_arrived == has_thrown);
    }
    BOOST_TEST(has_thrown);
}

BOOST_AUTO_TEST_CASE(chunks_within_chunks_and_callers_side_by_side)
{
    const Threads several(3);
    std::atomic<int> sum{0};
    const auto work = [&] { for_each_chunk(10, [&](Index) { for_each_chunk(10, [&](Index) { ++sum; }); }); };
    std::thread other(work);
    work();
    other.join();
    BOOST_TEST(sum == 200);
}

BOOST_AUTO_TEST_CASE(a_child_process_has_threads_of_its_own)
{
    const Threads several(4);
    const auto work = [] {
        std::atomic<Index> sum{0};
        for (int round = 0; round < 20; ++round) for_each_chunk(100, [&](Index i) { sum += i; });
        return sum == 20 * 4950;
    };
    for (int i = 0; i < 60; ++i) {
        BOOST_TEST(work());
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // until the helpers sleep
        const pid_t child = start_child([&] {
            alarm(20);  // ends it if it waits for its parent's
            return work() ? 0 : 1;
        });
        int status = 0;
        waitpid(child, &status, 0);
        BOOST_REQUIRE(status == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_number_of_threads_that_cannot_be)
{
    const int before = num_threads();
    BOOST_CHECK_EXCEPTION(set_num_threads(0), LimitError, [](const LimitError& error) {
        return std::string(error.what()) == "set_num_threads: 0 threads; choose 1 to 256";
    });
    BOOST_CHECK_THROW(set_num_threads(257), LimitError);
    BOOST_TEST(num_threads() == before);
}
