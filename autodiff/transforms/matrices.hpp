#pragma once

// Products of matrices and linear systems of numbers, each a block with its own adjoint:
//
//     matmul(as_matrix(a, rows, columns), x)     a vector, or a matrix for a matrix x, row by row
//     solve(as_matrix(a, n, n), b)               the x with A x = b

#include <autodiff/error.hpp>
#include <autodiff/kernels/gemm.hpp>
#include <autodiff/kernels/ranges.hpp>
#include <autodiff/transforms/ranges.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace autodiff {

/// rows x columns numbers, row by row. It does not own them.
template <class X>
struct MatrixOf {
    std::span<const X> numbers;  ///< (i, j) is numbers[i columns + j]
    std::size_t rows,            ///< i < rows
        columns;                 ///< j < columns
};
/// @throws ShapeError if there are not rows x columns numbers.
template <NumberRange R>
MatrixOf<std::ranges::range_value_t<R>> as_matrix(const R& numbers, std::size_t rows, std::size_t columns)
{
    if (std::ranges::size(numbers) != rows * columns)
        fail<ShapeError>("as_matrix: {} numbers are not a matrix of {} rows and {} columns",
                         std::ranges::size(numbers), rows, columns);
    return {{std::ranges::data(numbers), rows * columns}, rows, columns};
}

namespace detail {

/// y += a x
template <class T>
void add_scaled(T* y, const T& a, std::span<const T> x)
{
    if constexpr (std::floating_point<T>) kernels::add_scaled(y, a, x);
    else
        for (std::size_t i = 0; i < x.size(); ++i) y[i] = y[i] + lift<T>(chain_product(a, x[i]));
}

/// C = A B for the matrices as they are strided; with careful products, a zero wins over infinity.
template <class T>
std::vector<T> product(const kernels::Matrix<T>& a, const kernels::Matrix<T>& b,
                       Products products = Products::plain)
{
    const auto size = [](Index n) { return static_cast<std::size_t>(n); };
    std::vector<T> c(size(a.rows * b.columns), lift<T>(0));
    if constexpr (std::floating_point<T>) {
        if (c.empty()) return c;
        kernels::gemm(a, b, c.data());
        if (products == Products::plain || std::ranges::none_of(c, [](T x) { return std::isnan(x); }))
            return c;
    }
    for (Index i = 0; i < a.rows; ++i)
        for (Index j = 0; j < b.columns; ++j) {
            T sum = lift<T>(0);
            for (Index k = 0; k < a.columns; ++k) {
                const T& x = a.data[i * a.row_stride + k * a.column_stride];
                const T& y = b.data[k * b.row_stride + j * b.column_stride];
                if (products == Products::plain) sum = sum + x * y;
                else sum = sum + lift<T>(chain_product(x, y));
            }
            c[size(i * b.columns + j)] = sum;
        }
    return c;
}
template <class T>
kernels::Matrix<T> matrix(std::span<const T> numbers, std::size_t rows, std::size_t columns)
{
    const auto stride = static_cast<Index>(columns);
    return {numbers.data(), static_cast<Index>(rows), stride, stride, 1};
}

/// The block of a matrix product C = A B:   Ā = C̄ Bᵀ,   B̄ = Aᵀ C̄.
template <class T>
class Product final : public BlockMap<T> {
public:
    Product(Kept<T> a, Nodes a_nodes, Kept<T> b, Nodes b_nodes, std::size_t rows)
        : a_(std::move(a)),
          b_(std::move(b)),
          a_nodes_(std::move(a_nodes)),
          b_nodes_(std::move(b_nodes)),
          rows_(rows),
          inner_(a_.size() / rows),
          columns_(b_.size() / inner_)
    {
    }

    void pull(T* adjoint, Node first, Products products) const override
    {
        std::vector<T> c_bar(rows_ * columns_);
        for (std::size_t i = 0; i < c_bar.size(); ++i) c_bar[i] = std::exchange(adjoint[first + i], T{});
        const auto a = matrix<T>(a_.all(), rows_, inner_), b = matrix<T>(b_.all(), inner_, columns_),
                   c = matrix<T>(c_bar, rows_, columns_);
        const auto add = [&](const Nodes& nodes, const std::vector<T>& bar) {
            nodes.add(adjoint, lift<T>(1), std::span<const T>(bar), products);
        };
        if (!a_nodes_.are_constants() && columns_ == 1)
            for (std::size_t i = 0; i < rows_; ++i)
                a_nodes_.add(adjoint, c_bar[i], b_.all(), products, i * inner_);
        else if (!a_nodes_.are_constants()) add(a_nodes_, product(c, b.transposed(), products));
        if (!b_nodes_.are_constants()) add(b_nodes_, product(a.transposed(), c, products));
    }
    void append_arguments(std::vector<Node>& nodes) const override
    {
        a_nodes_.append_to(nodes);
        b_nodes_.append_to(nodes);
    }
    std::size_t bytes() const override
    {
        return sizeof(*this) + (a_.size() + b_.size()) * sizeof(T) + a_nodes_.bytes() + b_nodes_.bytes();
    }

private:
    Kept<T> a_, b_;
    Nodes a_nodes_, b_nodes_;
    std::size_t rows_, inner_, columns_;
};

}  // namespace detail

/// C = A B, row by row: a vector for B of one column.   Ā = C̄ Bᵀ, B̄ = Aᵀ C̄ (Giles 2008, 2.2).
/// @throws ShapeError if A has not as many columns as B rows.
template <class A, class B>
auto matmul(const MatrixOf<A>& a, const MatrixOf<B>& b)
{
    using X = Deepest<A, B>;
    using T = typename detail::Plain<X>::type;
    if (a.columns != b.rows)
        fail<ShapeError>(
            "matmul: sizes differ: ({}, {}) x ({}, {}); the columns of the first must be the rows of the "
            "second",
            a.rows, a.columns, b.rows, b.columns);
    detail::Read<T, A> of_a("matmul", a.numbers);
    detail::Read<T, B> of_b("matmul", b.numbers);
    const std::vector<T> c = detail::product(detail::matrix(of_a.values(), a.rows, a.columns),
                                             detail::matrix(of_b.values(), b.rows, b.columns));
    if constexpr (detail::is_scalar<X>) {
        if (c.empty() || !(of_a.is_recorded() || of_b.is_recorded()))
            return detail::mapped(c, [](const T& y, std::size_t) { return X(y); });
        return detail::block<T>(
            c, std::make_unique<detail::Product<T>>(of_a.take_values(), of_a.take_nodes(), of_b.take_values(),
                                                    of_b.take_nodes(), a.rows));
    } else return c;
}
template <class A, NumberRange R>
auto matmul(const MatrixOf<A>& a, const R& x)
{
    return matmul(a, as_matrix(x, std::ranges::size(x), 1));
}

namespace detail {

/// P A = L U, for as many solutions as wanted of A x = b and Aᵀ x = b.
template <class T>
class Factors {
public:
    /// @throws DomainError if the matrix is singular.
    explicit Factors(std::span<const T> a, std::size_t n) : lu_(a.begin(), a.end()), row_(n)
    {
        for (std::size_t i = 0; i < n; ++i) row_[i] = i;
        for (std::size_t k = 0; k < n; ++k) {
            std::size_t pivot = k;
            for (std::size_t i = k + 1; i < n; ++i)
                if (abs(at(i, k)) > abs(at(pivot, k))) pivot = i;
            if (at(pivot, k) == 0) fail<DomainError>("solve: the matrix is singular: pivot {} is 0", k);
            if (pivot != k) {
                std::swap_ranges(&at(k, 0), &at(k, 0) + n, &at(pivot, 0));
                std::swap(row_[k], row_[pivot]);
            }
            for (std::size_t i = k + 1; i < n; ++i) {
                at(i, k) = at(i, k) / at(k, k);
                add_scaled(&at(i, k) + 1, lift<T>(-at(i, k)), std::span<const T>(&at(k, k) + 1, n - k - 1));
            }
        }
    }

    std::size_t size() const { return row_.size(); }
    std::vector<T> solve(std::span<const T> b) const
    {
        const std::size_t n = size();
        std::vector<T> x;
        x.reserve(n);
        for (std::size_t i = 0; i < n; ++i) {
            x.push_back(b[row_[i]]);
            for (std::size_t j = 0; j < i; ++j) x[i] = x[i] - at(i, j) * x[j];
        }
        for (std::size_t i = n; i-- > 0;) {
            for (std::size_t j = i + 1; j < n; ++j) x[i] = x[i] - at(i, j) * x[j];
            x[i] = x[i] / at(i, i);
        }
        return x;
    }
    std::vector<T> solve_transposed(std::span<const T> b) const
    {
        const std::size_t n = size();
        std::vector<T> y(b.begin(), b.end()), x(n);
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < i; ++j) y[i] = y[i] - at(j, i) * y[j];
            y[i] = y[i] / at(i, i);
        }
        for (std::size_t i = n; i-- > 0;)
            for (std::size_t j = i + 1; j < n; ++j) y[i] = y[i] - at(j, i) * y[j];
        for (std::size_t i = 0; i < n; ++i) x[row_[i]] = y[i];
        return x;
    }
    std::size_t bytes() const { return lu_.size() * sizeof(T) + row_.size() * sizeof(std::size_t); }

private:
    T& at(std::size_t i, std::size_t j) { return lu_[i * size() + j]; }
    const T& at(std::size_t i, std::size_t j) const { return lu_[i * size() + j]; }

    std::vector<T> lu_;
    std::vector<std::size_t> row_;  // of A, for each row of L U
};

/// The block of solve, A x = b:   b̄ = A⁻ᵀ x̄,   Ā = -b̄ xᵀ.
template <class T>
class Solution final : public BlockMap<T> {
public:
    Solution(Factors<T> a, Nodes a_nodes, Nodes b_nodes, std::vector<T> x)
        : a_(std::move(a)), x_(std::move(x)), a_nodes_(std::move(a_nodes)), b_nodes_(std::move(b_nodes))
    {
    }

    void pull(T* adjoint, Node first, Products products) const override
    {
        std::vector<T> x_bar(x_.size());
        for (std::size_t i = 0; i < x_.size(); ++i) x_bar[i] = std::exchange(adjoint[first + i], T{});
        if (std::ranges::all_of(x_bar, contributes_nothing<T>)) return;
        const std::vector<T> b_bar = a_.solve_transposed(x_bar);
        if (!b_nodes_.are_constants()) b_nodes_.add(adjoint, lift<T>(1), std::span<const T>(b_bar), products);
        if (a_nodes_.are_constants()) return;
        for (std::size_t i = 0; i < x_.size(); ++i)
            a_nodes_.add(adjoint, lift<T>(-b_bar[i]), std::span<const T>(x_), products, i * x_.size());
    }
    void append_arguments(std::vector<Node>& nodes) const override
    {
        a_nodes_.append_to(nodes);
        b_nodes_.append_to(nodes);
    }
    std::size_t bytes() const override
    {
        return sizeof(*this) + a_.bytes() + x_.size() * sizeof(T) + a_nodes_.bytes() + b_nodes_.bytes();
    }

private:
    Factors<T> a_;
    std::vector<T> x_;
    Nodes a_nodes_, b_nodes_;
};

}  // namespace detail

/// The x with A x = b.   b̄ = A⁻ᵀ x̄, Ā = -b̄ xᵀ (Giles 2008, 2.3.1).
/// @throws ShapeError if A is not square or b has another size, DomainError if A is singular.
template <class A, NumberRange R>
auto solve(const MatrixOf<A>& a, const R& b)
{
    using B = std::ranges::range_value_t<R>;
    using X = Deepest<A, B>;
    using T = typename detail::Plain<X>::type;
    if (a.rows != a.columns || a.rows != std::ranges::size(b))
        fail<ShapeError>(
            "solve: a matrix ({}, {}) and {} numbers; the matrix must be square, with a row for each number",
            a.rows, a.columns, std::ranges::size(b));
    detail::Read<T, A> of_a("solve", a.numbers);
    detail::Read<T, B> of_b("solve", std::span<const B>(b));
    detail::Factors<T> factors(of_a.values(), a.rows);
    std::vector<T> x = factors.solve(of_b.values());
    if constexpr (detail::is_scalar<X>) {
        if (x.empty() || !(of_a.is_recorded() || of_b.is_recorded()))
            return detail::mapped(x, [](const T& number, std::size_t) { return X(number); });
        const std::vector<T> values = x;
        return detail::block<T>(values,
                                std::make_unique<detail::Solution<T>>(std::move(factors), of_a.take_nodes(),
                                                                      of_b.take_nodes(), std::move(x)));
    } else return x;
}

}  // namespace autodiff
