#include <autodiff/error.hpp>
#include <autodiff/kernels/onednn.hpp>

#if defined(ADJOINT_HAS_ONEDNN)

#include <autodiff/kernels/room.hpp>

#include <dnnl.h>

// Of the OpenMP runtime that oneDNN is linked to. Its header belongs to a compiler, and not every one has it.
extern "C" int omp_get_max_threads();
extern "C" void omp_set_num_threads(int);

namespace autodiff::kernels {

OneOpenMpThread::OneOpenMpThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }

OneOpenMpThread::~OneOpenMpThread() { omp_set_num_threads(before_); }

void onednn_gemm(Index m, Index n, Index k, float alpha, const OneDnnOperand& a, const OneDnnOperand& b,
                 float beta, float* c, Index c_row_length)
{
    static const bool had_room = (require_room_for_onednn(), true);  // it compiles at the first product
    static_cast<void>(had_room);
    const OneOpenMpThread alone;
    const auto status = dnnl_sgemm(a.transpose, b.transpose, m, n, k, alpha, a.data, a.row_length, b.data,
                                   b.row_length, beta, c, c_row_length);
    if (status == dnnl_out_of_memory) throw std::bad_alloc();
    if (status != dnnl_success)
        fail<Error>("matmul: oneDNN refused a product of ({}, {}) and ({}, {}) with status {}", m, k, k, n,
                    static_cast<int>(status));
}

}  // namespace autodiff::kernels

#else

namespace autodiff::kernels {

void onednn_gemm(Index, Index, Index, float, const OneDnnOperand&, const OneDnnOperand&, float, float*, Index)
{
    fail<Error>("matmul: this library was built without oneDNN");
}

}  // namespace autodiff::kernels

#endif
