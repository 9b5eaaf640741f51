#include <autodiff/error.hpp>
#include <autodiff/kernels/gemm.hpp>

#include <autodiff/kernels/blas.hpp>
#include <autodiff/kernels/gemv.hpp>
#include <autodiff/kernels/onednn.hpp>
#include <autodiff/matmul_precision.hpp>
#include <autodiff/numbers/portable_bits.hpp>
#include <autodiff/program.hpp>
#include <autodiff/threads.hpp>

#include <algorithm>
#include <array>

namespace autodiff::kernels {

namespace {

/// Below this many multiplications plain loops are quicker than a call of BLAS.
constexpr Index tiny = 128;
/// Up to this many OpenBLAS computes in the calling thread; beyond, the bits of its result depend on the
/// number of its threads. Larger products are therefore cut into tiles, by their sizes alone.
constexpr Index one_thread = Index{64} * 64 * 64;
/// From this many multiplications on oneDNN is quicker than OpenBLAS, which in a virtual machine may not see
/// which vectors the processor has: 113 against 81 GFLOP/s at 32 x 32 x 32, 190 to 210 against 95 to 103 from
/// 64 on.
constexpr Index for_onednn = Index{24} * 24 * 24;

/// C += A B, or C -= A B.
template <int Sign = 1, class T, class Step>
void multiply_in_loops(const Matrix<T>& a, const Matrix<T>& b, Step step, T* c, Index c_row_length)
{
    for (Index i = 0; i < a.rows; ++i, c += c_row_length)
        for (Index p = 0; p < a.columns; ++p) {
            const T factor = Sign * a.data[i * a.row_stride + p * a.column_stride];
            const T* row = b.data + p * b.row_stride;
            for (Index j = 0; j < b.columns; ++j) c[j] += factor * row[j * step];
        }
}

template <int Sign = 1, class T>
void multiply_in_loops(const Matrix<T>& a, const Matrix<T>& b, T* c, Index c_row_length)
{
    if (b.column_stride == 1)
        multiply_in_loops<Sign>(a, b, std::integral_constant<Index, 1>{}, c, c_row_length);
    else multiply_in_loops<Sign>(a, b, b.column_stride, c, c_row_length);
}

/// C = A B, or C + A B, of Width neighbouring columns, whose sums stay in registers.
template <Index Width, class T>
void multiply_columns(const Matrix<T>& a, const Matrix<T>& b, T* c, Index c_row_length, bool adds)
{
    for (Index i = 0; i < a.rows; ++i, c += c_row_length) {
        std::array<T, Width> sum{};
        if (adds) std::copy_n(c, Width, sum.begin());
        for (Index p = 0; p < a.columns; ++p) {
            const T factor = a.data[i * a.row_stride + p * a.column_stride];
            for (Index j = 0; j < Width; ++j)
                sum[static_cast<std::size_t>(j)] += factor * b.data[p * b.row_stride + j * b.column_stride];
        }
        std::copy_n(sum.begin(), Width, c);
    }
}

/// The same of all columns, for products of a few elements; the bits are those of multiply_in_loops.
template <class T>
void multiply_few(const Matrix<T>& a, Matrix<T> b, T* c, Index c_row_length, bool adds)
{
    if (a.rows == 0) return;  // they may have any number of columns
    const auto columns = [&]<Index Width>(std::integral_constant<Index, Width>) {
        for (; b.columns >= Width; b.columns -= Width, c += Width) {
            multiply_columns<Width>(a, b, c, c_row_length, adds);
            b.data += Width * b.column_stride;
        }
    };
    columns(std::integral_constant<Index, 4>{});
    columns(std::integral_constant<Index, 1>{});
}

/// A matrix for BLAS, and the copy that it lies in if its elements had to be moved.
template <class T>
struct BlasMatrix : BlasOperand<T> {
    Array<T> copy;

    BlasOperand<T> from(Index i, Index j) const
    {
        return {this->at(i, j), this->is_transposed, this->row_length};
    }
};

template <class T>
BlasMatrix<T> blas_matrix(const Matrix<T>& m)
{
    if ((m.column_stride == 1 || m.columns == 1) && m.row_stride >= m.columns)
        return {{m.data, false, m.row_stride}, {}};
    if ((m.row_stride == 1 || m.rows == 1) && m.column_stride >= m.rows)
        return {{m.data, true, m.column_stride}, {}};
    Array<T> copy = Array<T>::uninitialized(Shape{m.rows, m.columns});
    T* out = copy.writable();
    for (Index i = 0; i < m.rows; ++i)
        for (Index j = 0; j < m.columns; ++j) *out++ = m.data[i * m.row_stride + j * m.column_stride];
    return {{copy.data(), false, m.columns}, copy};
}

/// From row i and column j on.
[[maybe_unused]] OneDnnOperand onednn_operand(const BlasMatrix<float>& m, Index i, Index j)
{
    return {m.is_transposed ? 'T' : 'N', m.at(i, j), m.row_length};
}

/// The sizes of a product, or of one of its tiles.
struct Sizes {
    Index m, n, k;
};

/// The largest size is halved until a tile is small enough.
Sizes tile_sizes(Sizes sizes)
{
    while (sizes.m * sizes.n * sizes.k > one_thread) {
        Index& largest = sizes.m >= std::max(sizes.n, sizes.k) ? sizes.m
                         : sizes.n >= sizes.k                  ? sizes.n
                                                               : sizes.k;
        largest = (largest / 2 + 7) / 8 * 8;
    }
    return sizes;
}

/// Rows and columns of the result that one thread computes at a time. At most four parts: each packs its
/// operands again.
[[maybe_unused]] Sizes part_of_a_thread(Sizes sizes, bool is_bf16)
{
    const Index enough = Index{1} << (is_bf16 ? 24 : 23);  // multiplications, some 80 µs
    for (int parts = 1; parts < 4 && sizes.m * sizes.n * sizes.k > enough; parts *= 2) {
        Index& larger = sizes.m >= sizes.n ? sizes.m : sizes.n;
        larger = (larger / 2 + 15) / 16 * 16;
    }
    return sizes;
}

/// Calls compute(i, j, m, n) for the parts of the result: m rows from i on, n columns from j on.
void for_each_part(Sizes all, Sizes part, auto compute)
{
    constexpr Index worth_a_wake = Index{1} << 20;  // multiplications, some 10 µs
    const Index down = (all.m + part.m - 1) / part.m, across = (all.n + part.n - 1) / part.n;
    const auto one = [&](Index chunk) {
        const Index i = chunk / across * part.m, j = chunk % across * part.n;
        compute(i, j, std::min(part.m, all.m - i), std::min(part.n, all.n - j));
    };
    if (all.m * all.n * all.k >= worth_a_wake) return for_each_chunk(down * across, one);
    for (Index chunk = 0; chunk < down * across; ++chunk) one(chunk);
}

enum class Into { set, add, subtract };

/// C = A B, or C ± A B, for portable bits: the terms of each sum one after the other, in order.
template <class T>
void multiply_in_order(const Matrix<T>& a, const Matrix<T>& b, T* c, Index c_row_length, Into into)
{
    constexpr Index rows = 16;
    for_each_part({a.rows, b.columns, a.columns}, {rows, b.columns, a.columns},
                  [&](Index first, Index, Index count, Index) {
                      const Matrix<T> part = a.part(first, 0, count, a.columns);
                      T* const out = c + first * c_row_length;
                      for (Index i = 0; into == Into::set && i < count; ++i)
                          std::fill_n(out + i * c_row_length, b.columns, T{0});
                      if (into == Into::subtract) multiply_in_loops<-1>(part, b, out, c_row_length);
                      else multiply_in_loops(part, b, out, c_row_length);
                  });
}

template <class T>
void multiply(const Matrix<T>& left, const Matrix<T>& right, T* c, Index c_row_length, Into into)
{
    if (portable_bits()) return multiply_in_order(left, right, c, c_row_length, into);
    const BlasMatrix<T> a = blas_matrix(left);
    const BlasMatrix<T> b = blas_matrix(right);
    const Sizes all{left.rows, right.columns, left.columns};
    const T alpha = into == Into::subtract ? T{-1} : T{1};
    if constexpr (has_onednn && std::same_as<T, float>) {
        if (all.m * all.n * all.k >= for_onednn) {
            const bool is_bf16 = into == Into::set && matmul_precision() == MatmulPrecision::bf16;
            const Sizes part = part_of_a_thread(all, is_bf16);
            return for_each_part(all, part, [&](Index i, Index j, Index m, Index n) {
                if (is_bf16)
                    return onednn_gemm_bf16(m, n, all.k, onednn_operand(a, i, 0), onednn_operand(b, 0, j),
                                            c + i * c_row_length + j, c_row_length);
                onednn_gemm(m, n, all.k, alpha, onednn_operand(a, i, 0), onednn_operand(b, 0, j),
                            into == Into::set ? 0.0F : 1.0F, c + i * c_row_length + j, c_row_length);
            });
        }
    }
    const Sizes tile = tile_sizes(all);
    for_each_part(all, tile, [&](Index i, Index j, Index m, Index n) {
        for (Index p = 0; p < all.k; p += tile.k)
            blas_gemm(m, n, std::min(tile.k, all.k - p), alpha, a.from(i, p), b.from(p, j),
                      p > 0 || into != Into::set ? T{1} : T{0}, c + i * c_row_length + j, c_row_length);
    });
}

template <class T>
void change_by_product(const Matrix<T>& a, const Matrix<T>& b, const MutableMatrix<T>& c, Into into)
{
    if (c.column_stride != 1) return change_by_product(b.transposed(), a.transposed(), c.transposed(), into);
    if (a.rows == 0 || b.columns == 0 || a.columns == 0) return;
    multiply(a, b, c.data, c.row_stride, into);
}

}  // namespace

template <class T>
void gemm(const Matrix<T>& a, const Matrix<T>& b, T* c)
{
    const Index products = checked_product("matmul", checked_product("matmul", a.rows, b.columns), a.columns);
    if (products < tiny) {
        multiply_few(a, b, c, b.columns, false);
    } else if (b.columns == 1) {
        gemv(a, b.data, b.row_stride, c);
    } else if (a.rows == 1) {
        gemv(b.transposed(), a.data, a.column_stride, c);
    } else {
        multiply(a, b, c, b.columns, Into::set);
    }
}

template <class T>
void add_product(const Matrix<T>& a, const Matrix<T>& b, const MutableMatrix<T>& c)
{
    change_by_product(a, b, c, Into::add);
}

template <class T>
void subtract_product(const Matrix<T>& a, const Matrix<T>& b, const MutableMatrix<T>& c)
{
    change_by_product(a, b, c, Into::subtract);
}

namespace {

template <class T>
void add_product_in_place(const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b,
                          Array<T>& sum)
{
    const Matrix<T> left = matrix_of(a, transpose_a), right = matrix_of(b, transpose_b);
    if (left.rows * right.columns * left.columns < tiny)
        multiply_few(left, right, sum.writable(), right.columns, true);
    else
        add_product(left, right,
                    MutableMatrix<T>{sum.writable(), left.rows, right.columns, right.columns, Index{1}});
}

template <class T>
Array<T> product(const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b)
{
    Matrix<T> left = matrix_of(a, transpose_a);
    Matrix<T> right = matrix_of(b, transpose_b);
    if (a.rank() == 2 && b.rank() == 2) {
        Array<T> result = Array<T>::uninitialized({left.rows, right.columns});
        gemm(left, right, result.writable());
        return result;
    }
    Shape shape = broadcast_shapes("matmul (batch axes)", batch_shape(a), batch_shape(b));
    const Shape batch = shape;
    shape.push_back(left.rows);
    shape.push_back(right.columns);
    Array<T> result = Array<T>::uninitialized(shape);
    if (result.size() == 0) return result;
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
Array<T> sum_with_product(const Array<T>& c, const Array<T>& a, bool transpose_a, const Array<T>& b,
                          bool transpose_b)
{
    Array<T> sum = Array<T>::uninitialized(c.shape());
    copy_elements(c, sum.writable());
    add_product_in_place(a, transpose_a, b, transpose_b, sum);
    return sum;
}

template <class T>
Array<T> product_and_bias(const Array<T>& x, const Array<T>& w, const Array<T>& b)
{
    const Index rows = x.shape()[0], columns = w.shape()[0];
    Array<T> y = Array<T>::uninitialized({rows, columns});
    const Array<T> bias = b.contiguous();
    gemm(matrix_of(x), matrix_of(w, true), y.writable());
    for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < columns; ++j) y.writable()[i * columns + j] += bias.data()[j];
    return y;
}

template <class T>
Array<T> inner_product(const Array<T>& a, const Array<T>& b)
{
    const Index n = a.size();
    Array<T> result = Array<T>::uninitialized({});
    gemm(Matrix<T>{a.data(), 1, n, n, a.strides()[0]}, Matrix<T>{b.data(), n, 1, b.strides()[0], 1},
         result.writable());
    return result;
}

}  // namespace

template <class T>
Array<T> matmul(const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b)
{
    return replayable("matmul", product<T>, a, transpose_a, b, transpose_b);
}

template <class T>
Array<T> plus_matmul(Array<T> c, const Array<T>& a, bool transpose_a, const Array<T>& b, bool transpose_b)
{
    if (autodiff::detail::capturing || !c.is_unique() || !c.is_contiguous())
        return replayable("matmul", sum_with_product<T>, c, a, transpose_a, b, transpose_b);
    add_product_in_place(a, transpose_a, b, transpose_b, c);
    return c;
}

template <class T>
Array<T> linear(const Array<T>& x, const Array<T>& w, const Array<T>& b)
{
    return replayable("linear", product_and_bias<T>, x, w, b);
}

template <class T>
Array<T> dot(const Array<T>& a, const Array<T>& b)
{
    return replayable("dot", inner_product<T>, a, b);
}

template void gemm(const Matrix<double>&, const Matrix<double>&, double*);
template void gemm(const Matrix<float>&, const Matrix<float>&, float*);
template Array<double> linear(const Array<double>&, const Array<double>&, const Array<double>&);
template Array<float> linear(const Array<float>&, const Array<float>&, const Array<float>&);
template void add_product(const Matrix<double>&, const Matrix<double>&, const MutableMatrix<double>&);
template void add_product(const Matrix<float>&, const Matrix<float>&, const MutableMatrix<float>&);
template void subtract_product(const Matrix<double>&, const Matrix<double>&, const MutableMatrix<double>&);
template void subtract_product(const Matrix<float>&, const Matrix<float>&, const MutableMatrix<float>&);
template Array<double> matmul(const Array<double>&, bool, const Array<double>&, bool);
template Array<float> matmul(const Array<float>&, bool, const Array<float>&, bool);
template Array<double> plus_matmul(Array<double>, const Array<double>&, bool, const Array<double>&, bool);
template Array<float> plus_matmul(Array<float>, const Array<float>&, bool, const Array<float>&, bool);
template Array<double> dot(const Array<double>&, const Array<double>&);
template Array<float> dot(const Array<float>&, const Array<float>&);

}  // namespace autodiff::kernels
