#include <autodiff/numbers/batch.hpp>

#include <cstdlib>
#include <string_view>

namespace autodiff {

namespace {

InstructionSet best_instruction_set()
{
#if defined(__x86_64__)
    const char* chosen = std::getenv("ADJOINT_INSTRUCTION_SET");
    const std::string_view limit = chosen ? chosen : "";
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (avx512 && limit != "avx2" && limit != "sse2") return InstructionSet::avx512;
    if (avx2 && limit != "sse2") return InstructionSet::avx2;
#endif
    return InstructionSet::sse2;
}

}  // namespace

InstructionSet instruction_set()
{
    static const InstructionSet best = best_instruction_set();
    return best;
}

}  // namespace autodiff
