#include <autodiff/matmul_precision.hpp>

#include <autodiff/error.hpp>

#include <atomic>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace autodiff {

namespace {

std::atomic<MatmulPrecision> precision_now = MatmulPrecision::f32;

/// AMX-BF16 or AVX-512-BF16, by CPUID's leaf 7; that a virtual machine hides the processor's model does not
/// matter.
bool machine_has_bf16()
{
#if defined(__x86_64__)
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
    const bool has_avx512 = (b >> 16 & 1U) != 0, has_amx_bf16 = (d >> 22 & 1U) != 0,
               has_amx = (d >> 24 & 1U) != 0;
    if (!has_avx512) return false;
    if (has_amx_bf16 && has_amx) return true;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a >> 5 & 1U) != 0;
#else
    return false;
#endif
}

#if defined(ADJOINT_HAS_ONEDNN)
constexpr bool has_onednn = true;
#else
constexpr bool has_onednn = false;
#endif

}  // namespace

bool has_bf16() { return has_onednn && machine_has_bf16(); }

MatmulPrecision matmul_precision() { return precision_now.load(std::memory_order_relaxed); }

void set_matmul_precision(MatmulPrecision precision)
{
    if (precision == MatmulPrecision::bf16 && !has_bf16())
        fail<Error>("set_matmul_precision: bf16 needs {}; products stay in f32",
                    has_onednn ? "a processor with AMX or AVX-512-BF16, which this one is not"
                               : "oneDNN, without which this library was built");
    precision_now.store(precision, std::memory_order_relaxed);
}

}  // namespace autodiff
