// Input that nobody meant: seeds, what has once failed, and some thousand mutations of them. What libFuzzer
// does for hours (./dev verify fuzz) in seconds, with the same numbers on every machine.

#include <memory/counted.hpp>
#include "fuzz/compressed.hpp"
#include "fuzz/mutation.hpp"
#include "fuzz/shape_draw.hpp"
#include "fuzz/target.hpp"

#include "nn_data_files/files.hpp"

#include <autodiff/storage.hpp>
#include <op_table.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// Inputs that libFuzzer found to fail.
std::vector<std::string> remembered(std::string_view target)
{
    std::vector<std::string> list;
    const auto directory = std::filesystem::path(__FILE__).parent_path() / "fuzz" / "seeds" / target;
    if (!std::filesystem::exists(directory)) return list;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        list.push_back(read_bytes(entry.path()));
    std::sort(list.begin(), list.end());
    return list;
}

/// What is wrong with the target's answer to an input; nothing if nothing is.
std::string fault(const Target& target, const std::string& input)
{
    try {
        target.run(input);
    } catch (const std::exception& error) {
        return fmt::format("{} at {}", error.what(),
                           nn::data::in_hexadecimal(std::as_bytes(std::span(input))));
    }
    return {};
}

/// How many mutations of a target's seeds are tried, or for how long: seconds, the program's argument after
/// --.
struct Effort {
    std::size_t mutations = 3000;
    std::optional<std::chrono::seconds> time;
};
Effort effort()
{
    Effort effort;
    const auto& suite = boost::unit_test::framework::master_test_suite();
    if (suite.argc > 1) effort.time = std::chrono::seconds(std::stoul(suite.argv[1]));
    return effort;
}

/// The first fault of seeds and mutations.
std::string first_fault(const Target& target, const Effort& effort = {})
{
    pool_limit(0);  // blocks that are kept would count as memory that is not given back
    std::vector<std::string> seeds = target.seeds();
    for (std::string& input : remembered(target.name)) seeds.push_back(std::move(input));
    for (const std::string& seed : seeds) try {
            target.run(seed);  // what is made once and kept is made now
        } catch (const std::exception&) {
        }
    std::string text;
    for (const std::string& seed : seeds)
        if (text = fault(target, seed); !text.empty()) return text;
    Random random(1);
    const auto start = std::chrono::steady_clock::now();
    const auto goes_on = [&](std::size_t tried) {
        return effort.time ? std::chrono::steady_clock::now() - start < *effort.time
                           : tried < effort.mutations;
    };
    std::size_t tried = 0;
    for (; goes_on(tried); ++tried)
        if (text = fault(target, mutated(seeds, random)); !text.empty()) return text;
    fmt::print("{}: {} mutations of {} seeds\n", target.name, tried, seeds.size());
    return text;
}

std::vector<std::string> four_bytes() { return {std::string("\0\0\0\1", 4)}; }

/// The first four bytes as a count of elements that one might believe.
std::size_t claimed(std::string_view input)
{
    std::size_t count = 0;
    for (const char byte : input.substr(0, 4)) count = count * 256 + static_cast<unsigned char>(byte);
    return count;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_reader_that_believes_its_header_is_found_out)
{
    const Target believing{
        "believing",
        [](std::string_view input) {
            const std::size_t before = live_bytes();
            start_peak();
            const std::vector<char> elements(std::min(claimed(input), std::size_t{1} << 27));
            demand(peak_bytes() - before <= 1'000'000, "too much");
        },
        four_bytes};
    BOOST_TEST(first_fault(believing).starts_with("too much at "));
}

BOOST_AUTO_TEST_CASE(a_reader_that_forgets_memory_is_found_out)
{
    static std::vector<std::string> forgotten;
    const Target forgetful{"forgetful",
                           [](std::string_view input) {
                               const std::size_t before = live_bytes();
                               if (claimed(input) == 0xffffffff) forgotten.emplace_back(100, 'x');
                               demand(live_bytes() == before, "forgotten");
                           },
                           four_bytes};
    BOOST_TEST(first_fault(forgetful).starts_with("forgotten at ff ff ff ff"));
}

BOOST_AUTO_TEST_CASE(idx_files_are_read_or_refused) { BOOST_TEST(first_fault(idx_target, effort()) == ""); }
BOOST_AUTO_TEST_CASE(csv_files_are_read_or_refused) { BOOST_TEST(first_fault(csv_target, effort()) == ""); }
BOOST_AUTO_TEST_CASE(npy_files_are_read_or_refused) { BOOST_TEST(first_fault(npy_target, effort()) == ""); }
BOOST_AUTO_TEST_CASE(npz_files_are_read_or_refused) { BOOST_TEST(first_fault(npz_target, effort()) == ""); }
BOOST_AUTO_TEST_CASE(safetensors_are_read_or_refused)
{
    BOOST_TEST(first_fault(safetensors_target, effort()) == "");
}
BOOST_AUTO_TEST_CASE(models_and_checkpoints_are_read_or_refused)
{
    BOOST_TEST(first_fault(model_target, effort()) == "");
}
BOOST_AUTO_TEST_CASE(command_lines_are_understood_or_refused)
{
    BOOST_TEST(first_fault(command_line_target, effort()) == "");
}
BOOST_AUTO_TEST_CASE(shapes_that_cannot_be_are_refused)
{
    BOOST_TEST(first_fault(shapes_target, effort()) == "");
    // Every op of the table that is more than the same function of each element is drawn, and differentiated.
    for (const Row& row : op_table())
        if (!row.has_scalars())
            BOOST_TEST(std::ranges::find(ops_of_shapes, row.op) != ops_of_shapes.end(),
                       "the target shapes does not draw " << row.op);
    for (std::size_t i = 0; i < ops_of_shapes.size(); ++i)
        BOOST_TEST(differentiated_ops[i], ops_of_shapes[i] << " was never differentiated");
}
