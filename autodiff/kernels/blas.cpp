#include <autodiff/error.hpp>
#include <autodiff/kernels/blas.hpp>
#include <autodiff/kernels/room.hpp>

#if defined(ADJOINT_HAS_CBLAS)
#include <cblas.h>
#endif

#include <algorithm>
#include <concepts>
#include <limits>

namespace autodiff::kernels {

#if defined(ADJOINT_HAS_CBLAS)

namespace {

int blas_size(Index size)
{
    if (size > std::numeric_limits<int>::max())
        fail<LimitError>("matmul: a size or stride of {} exceeds what BLAS can count ({})", size,
                         std::numeric_limits<int>::max());
    return static_cast<int>(size);
}

}  // namespace

template <class T>
void blas_gemm(Index m, Index n, Index k, T alpha, const BlasOperand<T>& a, const BlasOperand<T>& b, T beta,
               T* c, Index c_row_length)
{
    const auto transpose = [](bool is_transposed) { return is_transposed ? CblasTrans : CblasNoTrans; };
    const auto gemm_of = [&](auto cblas_gemm) {
        const BlasCall call;
        cblas_gemm(CblasRowMajor, transpose(a.is_transposed), transpose(b.is_transposed), blas_size(m),
                   blas_size(n), blas_size(k), alpha, a.data, blas_size(a.row_length), b.data,
                   blas_size(b.row_length), beta, c, blas_size(c_row_length));
    };
    if constexpr (std::same_as<T, double>) gemm_of(cblas_dgemm);
    else gemm_of(cblas_sgemm);
}

#else

template <class T>
void blas_gemm(Index m, Index n, Index k, T alpha, const BlasOperand<T>& a, const BlasOperand<T>& b, T beta,
               T* c, Index c_row_length)
{
    plain_gemm(m, n, k, alpha, a, b, beta, c, c_row_length);
}

#endif

template <class T>
void plain_gemm(Index m, Index n, Index k, T alpha, const BlasOperand<T>& a, const BlasOperand<T>& b, T beta,
                T* c, Index c_row_length)
{
    for (Index i = 0; i < m; ++i, c += c_row_length) {
        if (beta == 0) std::fill_n(c, n, T{0});
        else
            for (Index j = 0; j < n; ++j) c[j] *= beta;
        for (Index p = 0; p < k; ++p) {
            const T factor = alpha * *a.at(i, p);
            for (Index j = 0; j < n; ++j) c[j] += factor * *b.at(p, j);
        }
    }
}

template void blas_gemm(Index, Index, Index, double, const BlasOperand<double>&, const BlasOperand<double>&,
                        double, double*, Index);
template void blas_gemm(Index, Index, Index, float, const BlasOperand<float>&, const BlasOperand<float>&,
                        float, float*, Index);
template void plain_gemm(Index, Index, Index, double, const BlasOperand<double>&, const BlasOperand<double>&,
                         double, double*, Index);
template void plain_gemm(Index, Index, Index, float, const BlasOperand<float>&, const BlasOperand<float>&,
                         float, float*, Index);

}  // namespace autodiff::kernels
