#include <autodiff/numbers/batch.hpp>
#include <autodiff/numbers/portable_bits.hpp>

#include <atomic>
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

bool is_one(const char* variable)
{
    const char* const value = std::getenv(variable);
    return value && std::string_view(value) == "1";
}

std::atomic<bool>& portable_bits_now()
{
    static std::atomic<bool> portable = is_one("ADJOINT_PORTABLE_BITS");
    return portable;
}

}  // namespace

bool portable_bits() { return portable_bits_now().load(std::memory_order_relaxed); }

void set_portable_bits(bool portable) { portable_bits_now().store(portable, std::memory_order_relaxed); }

InstructionSet instruction_set()
{
    static const InstructionSet best = best_instruction_set();
    return portable_bits() ? InstructionSet::sse2 : best;
}

}  // namespace autodiff
