#include <autodiff/kernels/gemv.hpp>

#include <autodiff/numbers/batch.hpp>

namespace autodiff::kernels {

namespace {

/// Partial sums of a row: one number for all instruction sets, however many fit their registers.
template <class T>
constexpr int partial_sums = lanes_of<T, 128>;

/// Σ a_i x_i: term i goes to partial sum i mod `partial_sums`, and these are added by halves; then come the
/// terms that do not fill them.
template <int Lanes, class T>
T row_times_vector(const T* a, const T* x, Index n)
{
    constexpr int count = partial_sums<T>;
    constexpr int batches = count / Lanes;
    using B = Batch<T, Lanes>;
    T total{};
    Index i = 0;
    if (n >= count) {
        B sums[batches];
        for (; i + count <= n; i += count)
            for (int k = 0; k < batches; ++k)
                sums[k] = sums[k] + B::load(a + i + k * Lanes) * B::load(x + i + k * Lanes);
        for (int half = batches / 2; half > 0; half /= 2)
            for (int k = 0; k < half; ++k) sums[k] = sums[k] + sums[k + half];
        T terms[Lanes];
        sums[0].store(terms);
        for (int half = Lanes / 2; half > 0; half /= 2)
            for (int k = 0; k < half; ++k) terms[k] += terms[k + half];
        total = terms[0];
    }
    for (; i < n; ++i) total += a[i] * x[i];
    return total;
}

template <int Lanes, class T>
void rows_times_vector(const Matrix<T>& a, const T* x, T* y)
{
    for (Index i = 0; i < a.rows; ++i)
        y[i] = row_times_vector<Lanes>(a.data + i * a.row_stride, x, a.columns);
}

/// y = Σ_j x_j (column j of A), for columns contiguous in memory; a stretch of y stays in registers.
template <int Lanes, class T>
void columns_times_numbers(const Matrix<T>& a, const T* x, T* y)
{
    constexpr int batches = 4;
    constexpr Index rows = Index{batches} * Lanes;
    using B = Batch<T, Lanes>;
    Index i = 0;
    for (; i + rows <= a.rows; i += rows) {
        B sums[batches];
        for (Index j = 0; j < a.columns; ++j)
            for (int k = 0; k < batches; ++k)
                sums[k] = sums[k] + B(x[j]) * B::load(a.data + j * a.column_stride + i + k * Lanes);
        for (int k = 0; k < batches; ++k) sums[k].store(y + i + k * Lanes);
    }
    for (; i < a.rows; ++i) {
        T sum{};
        for (Index j = 0; j < a.columns; ++j) sum += x[j] * a.data[j * a.column_stride + i];
        y[i] = sum;
    }
}

template <class T>
void multiply_in_loops(const Matrix<T>& a, const T* x, T* y)
{
    for (Index i = 0; i < a.rows; ++i) {
        T sum{};
        for (Index j = 0; j < a.columns; ++j) sum += x[j] * a.data[i * a.row_stride + j * a.column_stride];
        y[i] = sum;
    }
}

}  // namespace

template <class T>
void gemv(const Matrix<T>& a, const T* x, Index x_stride, T* y)
{
    Array<T> copy;
    if (x_stride != 1) {
        copy = Array<T>::uninitialized(Shape{a.columns});
        for (Index j = 0; j < a.columns; ++j) copy.writable()[j] = x[j * x_stride];
        x = copy.data();
    }
    for_instruction_set([&](auto bytes) {
        constexpr int lanes = lanes_of<T, bytes()>;
        if (a.column_stride == 1) rows_times_vector<lanes>(a, x, y);
        else if (a.row_stride == 1) columns_times_numbers<lanes>(a, x, y);
        else multiply_in_loops(a, x, y);
    });
}

template void gemv(const Matrix<double>&, const double*, Index, double*);
template void gemv(const Matrix<float>&, const float*, Index, float*);

}  // namespace autodiff::kernels
