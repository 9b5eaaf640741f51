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

// Zero is what has not been asked for yet. Kernels ask often, so this is one number to read.
constinit std::atomic<int> portable_bits_now{0};    // 1: no, 2: yes
constinit std::atomic<int> instruction_set_now{0};  // 1 + the set

void choose(bool portable)
{
    static const InstructionSet best = best_instruction_set();
    const InstructionSet set = portable ? InstructionSet::sse2 : best;
    portable_bits_now.store(portable ? 2 : 1, std::memory_order_relaxed);
    instruction_set_now.store(1 + static_cast<int>(set), std::memory_order_relaxed);
}

/// What was chosen, or at first what the environment says.
int chosen(const std::atomic<int>& now)
{
    const int value = now.load(std::memory_order_relaxed);
    if (value != 0) [[likely]]
        return value;
    choose(is_one("ADJOINT_PORTABLE_BITS"));
    return now.load(std::memory_order_relaxed);
}

}  // namespace

bool portable_bits() { return chosen(portable_bits_now) == 2; }

void set_portable_bits(bool portable) { choose(portable); }

InstructionSet instruction_set() { return static_cast<InstructionSet>(chosen(instruction_set_now) - 1); }

}  // namespace autodiff
