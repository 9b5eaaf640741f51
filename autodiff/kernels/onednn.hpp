#pragma once

// oneDNN's matrix product, where the library was built with it. It comes with OpenMP's threads; here it
// computes in the calling thread alone, so that the library's own threads are the only ones.

#include <autodiff/shape.hpp>

namespace autodiff::kernels {

#if defined(ADJOINT_HAS_ONEDNN)
/// Whether the library was built with oneDNN.
inline constexpr bool has_onednn = true;
#else
/// Whether the library was built with oneDNN.
inline constexpr bool has_onednn = false;
#endif

/// What the calling thread starts through OpenMP while this lives stays in that thread. Only where
/// has_onednn.
class OneOpenMpThread {
public:
    OneOpenMpThread();
    OneOpenMpThread(const OneOpenMpThread&) = delete;
    OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;
    ~OneOpenMpThread();

private:
    int before_;
};

/// An operand as BLAS takes it: 'N' for row-major, 'T' for the transpose of a row-major matrix.
struct OneDnnOperand {
    char transpose;     ///< 'N' or 'T'
    const float* data;  ///< its first element
    Index row_length;   ///< in elements, of what lies at `data`: from one row to the next
};

/// C = α A B + β C, of (m, k) (k, n), row-major. Only where has_onednn.
void onednn_gemm(Index m, Index n, Index k, float alpha, const OneDnnOperand& a, const OneDnnOperand& b,
                 float beta, float* c, Index c_row_length);

/// C = A B with the elements of A and B rounded to bfloat16 and the sums in float.
void onednn_gemm_bf16(Index m, Index n, Index k, const OneDnnOperand& a, const OneDnnOperand& b, float* c,
                      Index c_row_length);

}  // namespace autodiff::kernels
