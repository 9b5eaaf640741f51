#include <autodiff/kernels/gemm.hpp>

#include <cblas.h>

#include <limits>

namespace autodiff::kernels {

namespace {

/// Below this many multiplications plain loops are quicker than a call of BLAS.
constexpr Index tiny = 512;

/// B's columns are next to each other in memory if `Step` is 1.
template <class Step, class T>
void multiply_in_loops(const Matrix<T>& a, const Matrix<T>& b, Step step, T* c)
{
    for (Index i = 0; i < a.rows; ++i, c += b.columns)
        for (Index p = 0; p < a.columns; ++p) {
            const T factor = a.data[i * a.row_stride + p * a.column_stride];
            const T* row = b.data + p * b.row_stride;
            for (Index j = 0; j < b.columns; ++j) c[j] += factor * row[j * step];
        }
}

/// A matrix as BLAS takes it: row-major, or the transpose of a row-major one.
template <class T>
struct BlasMatrix {
    const T* data;
    CBLAS_TRANSPOSE transpose;
    int row_length;
    Array<T> copy;
};

int blas_size(Index size)
{
    if (size > std::numeric_limits<int>::max())
        fail<LimitError>("matmul: a size or stride of {} exceeds what BLAS can count ({})", size,
                         std::numeric_limits<int>::max());
    return static_cast<int>(size);
}

template <class T>
BlasMatrix<T> blas_matrix(const Matrix<T>& m)
{
    if ((m.column_stride == 1 || m.columns == 1) && m.row_stride >= m.columns)
        return {m.data, CblasNoTrans, blas_size(m.row_stride), {}};
    if ((m.row_stride == 1 || m.rows == 1) && m.column_stride >= m.rows)
        return {m.data, CblasTrans, blas_size(m.column_stride), {}};
    Array<T> copy = Array<T>::uninitialized(Shape{m.rows, m.columns});
    T* out = copy.writable();
    for (Index i = 0; i < m.rows; ++i)
        for (Index j = 0; j < m.columns; ++j) *out++ = m.data[i * m.row_stride + j * m.column_stride];
    return {copy.data(), CblasNoTrans, blas_size(m.columns), copy};
}

void blas_gemm(const BlasMatrix<double>& a, const BlasMatrix<double>& b, int m, int n, int k, double beta,
               double* c)
{
    cblas_dgemm(CblasRowMajor, a.transpose, b.transpose, m, n, k, 1, a.data, a.row_length, b.data,
                b.row_length, beta, c, n);
}

void blas_gemm(const BlasMatrix<float>& a, const BlasMatrix<float>& b, int m, int n, int k, float beta,
               float* c)
{
    cblas_sgemm(CblasRowMajor, a.transpose, b.transpose, m, n, k, 1, a.data, a.row_length, b.data,
                b.row_length, beta, c, n);
}

/// The last two axes of an array, without the offset of a batch.
template <class T>
Matrix<T> last_matrix(const Array<T>& x, bool transpose)
{
    const std::size_t rank = x.rank();
    const Matrix<T> m{x.data(), x.shape()[rank - 2], x.shape()[rank - 1], x.strides()[rank - 2],
                      x.strides()[rank - 1]};
    return transpose ? m.transposed() : m;
}

Dims without_last_two(Dims dims)
{
    dims.erase(dims.count() - 1);
    dims.erase(dims.count() - 1);
    return dims;
}

template <class T>
Strides batch_strides(const Array<T>& x, const Shape& batch)
{
    return broadcast_strides(Shape(without_last_two(x.shape())), without_last_two(x.strides()), batch);
}

}  // namespace

template <class T>
void gemm(const Matrix<T>& a, const Matrix<T>& b, T* c, bool accumulate)
{
    const Index m = a.rows, n = b.columns, k = a.columns;
    if (checked_product("matmul", checked_product("matmul", m, n), k) < tiny) {
        if (!accumulate) std::fill_n(c, m * n, T{0});
        if (b.column_stride == 1) multiply_in_loops(a, b, std::integral_constant<Index, 1>{}, c);
        else multiply_in_loops(a, b, b.column_stride, c);
        return;
    }
    blas_gemm(blas_matrix(a), blas_matrix(b), blas_size(m), blas_size(n), blas_size(k),
              accumulate ? T{1} : T{0}, c);
}

template <class T>
Array<T> matmul(const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b)
{
    Matrix<T> left = last_matrix(a, transpose_a);
    Matrix<T> right = last_matrix(b, transpose_b);
    Shape shape = broadcast_shapes("matmul (batch axes)", Shape(without_last_two(a.shape())),
                                   Shape(without_last_two(b.shape())));
    const Shape batch = shape;
    shape.push_back(left.rows);
    shape.push_back(right.columns);
    Array<T> result = Array<T>::uninitialized(shape);
    if (batch.rank() == 0) {
        gemm(left, right, result.writable());
        return result;
    }
    for_each_matrix(
        batch,
        [&](Index index, Index from_a, Index from_b) {
            left.data = a.data() + from_a;
            right.data = b.data() + from_b;
            gemm(left, right, result.writable() + index * left.rows * right.columns);
        },
        batch_strides(a, batch), batch_strides(b, batch));
    return result;
}

template <class T>
T dot(const Array<T>& a, const Array<T>& b)
{
    const Index n = a.size();
    T result{};
    gemm(Matrix<T>{a.data(), 1, n, n, a.strides()[0]}, Matrix<T>{b.data(), n, 1, b.strides()[0], 1}, &result);
    return result;
}

template void gemm(const Matrix<double>&, const Matrix<double>&, double*, bool);
template void gemm(const Matrix<float>&, const Matrix<float>&, float*, bool);
template Array<double> matmul(const Array<double>&, bool, const Array<double>&, bool);
template Array<float> matmul(const Array<float>&, bool, const Array<float>&, bool);
template double dot(const Array<double>&, const Array<double>&);
template float dot(const Array<float>&, const Array<float>&);

}  // namespace autodiff::kernels
