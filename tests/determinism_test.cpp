// The same seed, the same bits: over threads, runs, recorded or replayed, resumed or not; and, with portable
// bits, over instruction sets.

#include <determinism/training.hpp>

#include <support/derivatives.hpp>
#include <support/threads.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

template <class Net>
void check_all_ways()
{
    std::uint64_t expected = 0;
    {
        const Threads one(1);
        expected = trained<Net>(Way::recorded);
    }
    for (const int threads : {1, 2, 3, 7})
        for (const Way way : {Way::recorded, Way::replayed, Way::resumed}) {
            const Threads several(threads);
            BOOST_TEST(trained<Net>(way) == expected,
                       "other bits with " << threads << " threads, way " << static_cast<int>(way));
        }
}

using Hashes = std::map<std::string, std::string>;

/// What `prints_its_hashes` prints in a process of its own with these variables in its environment.
Hashes hashes_with(const std::string& environment)
{
    const std::string program = std::filesystem::canonical("/proc/self/exe").string();
    const std::string command = fmt::format(
        "env {} {} --run_test=prints_its_hashes --log_level=nothing --report_level=no", environment, program);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> output(popen(command.c_str(), "r"), &pclose);
    BOOST_REQUIRE(output);
    Hashes hashes;
    char line[200];
    while (std::fgets(line, sizeof line, output.get())) {
        const std::string text = line;
        if (const std::size_t colon = text.find(": "); colon != std::string::npos)
            hashes[text.substr(0, colon)] = text.substr(colon + 2);
    }
    BOOST_REQUIRE(hashes.size() == 6u);
    return hashes;
}

void check_same(const Hashes& actual, const Hashes& expected, const std::string& where)
{
    for (const auto& [what, hash] : expected)
        BOOST_TEST(actual.at(what) == hash, where << ": other bits of " << what);
}

/// Processors as the libraries below see them: without AVX, with AVX2, and as this one is.
const std::string processors[] = {
    "ADJOINT_INSTRUCTION_SET=sse2 OPENBLAS_CORETYPE=Nehalem ONEDNN_MAX_CPU_ISA=SSE41 "
    "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-FMA,-FMA4,-AVX512F",
    "ADJOINT_INSTRUCTION_SET=avx2 OPENBLAS_CORETYPE=Haswell ONEDNN_MAX_CPU_ISA=AVX2 "
    "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F",
    "ADJOINT_INSTRUCTION_SET=avx512"};

}  // namespace

BOOST_AUTO_TEST_CASE(a_dense_network_of_doubles_has_the_same_bits_however_it_is_trained)
{
    check_all_ways<Dense<double>>();
}
BOOST_AUTO_TEST_CASE(a_dense_network_of_floats_has_the_same_bits_however_it_is_trained)
{
    check_all_ways<Dense<float>>();
}
BOOST_AUTO_TEST_CASE(a_convolutional_network_of_doubles_has_the_same_bits_however_it_is_trained)
{
    check_all_ways<Convolutional<double>>();
}
BOOST_AUTO_TEST_CASE(a_convolutional_network_of_floats_has_the_same_bits_however_it_is_trained)
{
    check_all_ways<Convolutional<float>>();
}

BOOST_AUTO_TEST_CASE(ops_have_the_same_bits_over_threads)
{
    for (const int threads : {1, 2, 3, 7}) {
        const Threads several(threads);
        static const std::uint64_t expected = bits_of_ops<double>(), expected_float = bits_of_ops<float>();
        BOOST_TEST(bits_of_ops<double>() == expected);
        BOOST_TEST(bits_of_ops<float>() == expected_float);
    }
}

// Another seed, other bits: the hashes do see the numbers.
BOOST_AUTO_TEST_CASE(other_networks_have_other_bits)
{
    Dense<double> a, b;
    b.first.weight = nn::Linear<double>(128, 256, Key(9)).weight;
    BOOST_TEST(bits_of(a.parameters()) != bits_of(b.parameters()));
}

#if defined(__x86_64__) && defined(__linux__)

// Not a test of its own, but what the next ones start in other processes.
BOOST_AUTO_TEST_CASE(prints_its_hashes, *boost::unit_test::disabled())
{
    for (const auto& [what, hash] : all_bits()) fmt::print("{}: {:016x}\n", what, hash);
}

BOOST_AUTO_TEST_CASE(each_run_of_the_program_has_the_same_bits)
{
    for (const std::string& processor : processors)
        check_same(hashes_with(processor), hashes_with(processor), processor);
}

BOOST_AUTO_TEST_CASE(portable_bits_are_the_same_for_every_instruction_set)
{
    const std::string portable = "ADJOINT_PORTABLE_BITS=1 ";
    const Hashes expected = hashes_with(portable + processors[0]);
    for (const std::string& processor : processors)
        check_same(hashes_with(portable + processor), expected, processor);
    // Without it they are not, where the processor has more than one: so these processes do compute
    // differently.
    if (instruction_set() != InstructionSet::sse2)
        for (const auto& [what, hash] : hashes_with(processors[0]))
            BOOST_TEST(hashes_with(processors[1]).at(what) != hash, what);
}

BOOST_AUTO_TEST_CASE(portable_bits_can_be_set_in_the_program)
{
    const auto with_portable_bits = [](bool portable) {
        set_portable_bits(portable);
        const std::uint64_t bits = bits_of_ops<double>();
        set_portable_bits(false);
        return fmt::format("{:016x}\n", bits);
    };
    BOOST_TEST(with_portable_bits(true) == hashes_with("ADJOINT_PORTABLE_BITS=1").at("ops, double"));
    BOOST_TEST(with_portable_bits(false) == hashes_with("ADJOINT_PORTABLE_BITS=0").at("ops, double"));
}

BOOST_AUTO_TEST_CASE(portable_products_and_factorisations_are_right)
{
    const Tensor<> a = uniform(Key(1), {70, 70}) + eye(70) * 30.0, b = uniform(Key(2), {70, 9});
    const auto results = [&] {
        const Tensor<> positive = matmul(a, transpose(a));
        return std::vector{matmul(a, b),
                           solve(a, b),
                           inverse(a),
                           cholesky(positive),
                           log_determinant(positive),
                           solve(positive, matmul(transpose(a), b))};
    };
    const auto expected = results();
    set_portable_bits(true);
    const auto portable = results();
    set_portable_bits(false);
    for (std::size_t i = 0; i < expected.size(); ++i)
        check_equal(portable[i], expected[i], 1e-13);  // 70 terms in another order
}

#endif
