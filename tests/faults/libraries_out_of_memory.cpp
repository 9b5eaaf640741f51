// Memory that runs out within the libraries below: within zlib and libzip at each of their requests, within
// OpenBLAS and oneDNN when they are first used.

#include "right.hpp"
#include "writers.hpp"

#include <memory/failing_malloc.hpp>
#include <support/threads.hpp>

#include <fmt/ranges.h>

#include <cstdlib>
#include <set>

#include <sys/resource.h>
#include <sys/wait.h>

namespace autodiff::tests {

namespace {

using Numbers = std::vector<double>;

/// Lets the first request of C libraries fail, then the second, …, until there are not so many. It has to
/// throw std::bad_alloc, or to do without; no file stays open, but those that a library loses; and the next
/// time it is right.
template <class F>
void check_each_malloc_failing(F compute, std::ptrdiff_t lost_by_library = 0)
{
    const Numbers expected = compute();
    const std::ptrdiff_t open_before = open_files();
    std::size_t n = 0, threw = 0;
    constexpr std::size_t most = 20'000;
    for (bool happened = true; happened && n < most;) {
        const FailingMalloc failing(++n);
        try {
            if (compute() != expected) BOOST_FAIL("wrong numbers after request " << n);
        } catch (const std::bad_alloc&) {
            ++threw;
        }
        happened = failing.happened();
    }
    BOOST_TEST(n < most);
    BOOST_TEST(threw > 0u);
    BOOST_TEST(open_files() <= open_before + lost_by_library);
    BOOST_TEST((compute() == expected));
    BOOST_TEST_MESSAGE(n - 1 << " requests of C libraries failed in turn");
}

}  // namespace

BOOST_AUTO_TEST_CASE(files_survive_each_failing_request_of_the_libraries_that_compress)
{
    if (!malloc_can_fail()) return;
    // libzip 1.7 loses the file that it has opened if it then gets no memory for the archive.
    constexpr std::ptrdiff_t lost_by_libzip = 1;
    const TemporaryDirectory directory;
    for (const Writer& writer : writers()) {
        if (writer.name != "write_npz") continue;
        check_each_malloc_failing(
            [&] {
                const std::string path = directory.write("file", "as it was");
                try {
                    writer.write(path);
                } catch (const std::bad_alloc&) {
                    if (read_bytes(path) != "as it was" || directory.file_count() != 1) return Numbers{-1};
                    throw;
                }
                return Numbers{static_cast<double>(std::filesystem::file_size(path))};
            },
            lost_by_libzip);
    }
    if (nn::data::npz_is_available())
        for (const std::string name : {"stored.npz", "compressed.npz"})
            check_each_malloc_failing(
                [&] {
                    const nn::data::NpzFile file((data_directory / name).string());
                    const std::vector<std::string> names = file.names();
                    return file.read<double>(names.at(0)).to_vector();
                },
                lost_by_libzip);
    const std::string images = (data_directory / "images.idx.gz").string();
    check_each_malloc_failing([&] { return nn::data::read_idx<double>(images).to_vector(); });
}

// Sanitizers need far more address space than they use.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

/// What uses a library that takes memory of its own, each with a result that is known.
struct FirstUse {
    std::string library;
    std::function<bool()> is_right;
};

template <class T>
bool product_is_right()
{
    const Tensor<T> x = uniform<T>(Key(1), {50, 70}), ones = Tensor<T>::ones({70, 60});
    const Tensor<T> error = matmul(x, ones) - sum(x, {1}, KeepDims::yes);
    return max(abs(error)).item() < (sizeof(T) == 8 ? 1e-12 : 1e-4);  // 70 terms below 1 in another order
}

bool convolution_is_right()
{
    const Tensor<float> x = Tensor<float>::ones({2, 16, 12, 12}), w = Tensor<float>::ones({16, 16, 3, 3});
    const auto f = [&](const Tensor<float>& v) { return sum(conv2d(x, v)); };
    const auto [value, slope] = value_and_gradient(f, w);  // whole numbers that float holds
    return value.item() == 2 * 16 * 100 * 144 && slope(3, 5, 1, 1) == 200;
}

const std::vector<FirstUse>& first_uses()
{
    const auto identity = [](const Tensor<>& x) { return max(abs(x - eye(20))).item() < 1e-14; };
    static const std::vector<FirstUse> all{
        {"BLAS", product_is_right<double>},
        {"LAPACK's LU", [=] { return identity(solve(eye(20) * 3.0, eye(20) * 3.0)); }},
        {"LAPACK's Cholesky", [=] { return identity(cholesky(eye(20) * 4.0) / 2.0); }},
        {"oneDNN's product", product_is_right<float>},
        {"oneDNN's convolution", convolution_is_right}};
    return all;
}

enum Outcome { right = 10, ran_out = 11, wrong = 12, not_right_later = 13 };

/// The first use of a library with so much room, and a second one with all of it.
Outcome outcome_with_room(const FirstUse& use, std::size_t room)
{
    std::ifstream sizes("/proc/self/statm");
    std::size_t pages = 0;
    sizes >> pages;
    rlimit limit{};
    getrlimit(RLIMIT_AS, &limit);
    const rlim_t all = limit.rlim_cur;
    limit.rlim_cur = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + room;
    setrlimit(RLIMIT_AS, &limit);
    Outcome outcome = right;
    try {
        if (!use.is_right()) outcome = wrong;
    } catch (const std::bad_alloc&) {
        outcome = ran_out;
    }
    limit.rlim_cur = all;
    setrlimit(RLIMIT_AS, &limit);
    return use.is_right() && gradients_are_right() ? outcome : not_right_later;
}

/// The same in a program of its own, as a library that was not used yet is only there. OpenBLAS's threads,
/// which wait for their memory from the start of a program on, are left out: docs/guide/errors.md says so.
int outcome_in_new_program(std::size_t use, std::size_t room)
{
    const std::string program = std::filesystem::canonical("/proc/self/exe").string();
    const std::string command = fmt::format(
        "OPENBLAS_NUM_THREADS=1 ADJOINT_FIRST_USE={} ADJOINT_ROOM={} '{}' "
        "--run_test=first_use_of_a_library --log_level=nothing --report_level=no",
        use, room, program);
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::size_t number_in(const char* variable)
{
    const char* const text = std::getenv(variable);
    BOOST_REQUIRE(text);
    return std::stoul(text);
}

}  // namespace

// Not a test of its own, but what the next one starts in other processes.
BOOST_AUTO_TEST_CASE(first_use_of_a_library, *boost::unit_test::disabled())
{
    const std::size_t use = number_in("ADJOINT_FIRST_USE"), room = number_in("ADJOINT_ROOM");
    const Threads alone(1);
    alarm(10);  // one that waits for memory waits for ever
    _exit(outcome_with_room(first_uses().at(use), room));
}

BOOST_AUTO_TEST_CASE(libraries_that_run_out_of_memory_when_first_used_are_no_end_of_the_program)
{
    constexpr std::size_t kib = 1024, mib = 1024 * kib;
    for (std::size_t use = 0; use < first_uses().size(); ++use) BOOST_TEST_CONTEXT(first_uses()[use].library)
        {
            std::set<int> outcomes;
            for (const std::size_t room : {std::size_t{0}, 64 * kib, 256 * kib, 512 * kib, 1 * mib, 2 * mib,
                                           4 * mib, 8 * mib, 20 * mib, 64 * mib, 128 * mib, 300 * mib})
                outcomes.insert(outcome_in_new_program(use, room));
            BOOST_TEST((outcomes == std::set<int>{right, ran_out}),
                       fmt::format("{}", fmt::join(outcomes, " ")));
        }
}

#endif

}  // namespace autodiff::tests
