// The entry of libFuzzer: ADJOINT_FUZZ_TARGET names the target, and the seeds are written to the directory
// ADJOINT_FUZZ_SEEDS.

#include "../target.hpp"

#include <autodiff/storage.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

using namespace autodiff::tests;

const Target& target()
{
    static const Target chosen = [] {
        const char* const name = std::getenv("ADJOINT_FUZZ_TARGET");
        for (const Target& candidate : all_targets())
            if (name && candidate.name == name) return candidate;
        fmt::print(stderr, "ADJOINT_FUZZ_TARGET names no target; choose one of");
        for (const Target& candidate : all_targets()) fmt::print(stderr, " {}", candidate.name);
        fmt::print(stderr, "\n");
        std::exit(2);
    }();
    return chosen;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***)
{
    autodiff::pool_limit(0);
    const std::vector<std::string> seeds = target().seeds();
    if (const char* const directory = std::getenv("ADJOINT_FUZZ_SEEDS"))
        for (std::size_t i = 0; i < seeds.size(); ++i)
            std::ofstream(fmt::format("{}/seed_{}", directory, i), std::ios::binary) << seeds[i];
    for (const std::string& seed : seeds) try {
            target().run(seed);  // what is made once and kept is made now
        } catch (const std::exception&) {
        }
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    target().run({reinterpret_cast<const char*>(data), size});
    return 0;
}
