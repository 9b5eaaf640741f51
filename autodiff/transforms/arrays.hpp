#pragma once

// Array primitives on ranges of numbers (std::vector, std::array, std::span), each a statement or a block
// with its own adjoint, computed by the library's vectorised kernels:
//
//     sum(x)  prod(x)  dot(x, y)  norm(x)  logsumexp(x)      a number
//     matmul(as_matrix(a, rows, columns), x)                 a vector, or a matrix for a matrix x, row by row
//     solve(as_matrix(a, n, n), b)                           the x with A x = b
//     map(op, x, y…)                                         an elementwise op of each element
//
// They have the names of the ops on tensors, and are functions of numbers of every kind.

#include <autodiff/error.hpp>
#include <autodiff/kernels/gemm.hpp>
#include <autodiff/kernels/ranges.hpp>
#include <autodiff/transforms/part.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <ranges>
#include <span>

namespace autodiff {

/// Numbers that follow each other.
template <class R>
concept NumberRange = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                      Number<std::ranges::range_value_t<R>> && !is_tensor<std::remove_cvref_t<R>>;

/// rows x columns numbers, row by row. It does not own them.
template <class X>
struct MatrixOf {
    std::span<const X> numbers;
    std::size_t rows, columns;
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

/// What an array primitive computes with: T for recorded Scalar<T>; integers count as doubles.
template <class X>
struct Plain {
    using type = X;
};
template <class T>
struct Plain<Scalar<T>> {
    using type = T;
};
template <std::integral T>
struct Plain<T> {
    using type = double;
};

/// A range of numbers X read apart: their values, and the nodes of those that are recorded.
template <class T, class X>
class Read {
public:
    Read(const char* op, std::span<const X> x) : nodes_(x.size())
    {
        if constexpr (std::same_as<X, T>) values_ = x;
        else {
            const auto value = [x](std::size_t i) -> T {
                if constexpr (is_scalar<X>) return x[i].value();
                else return lift<T>(x[i]);
            };
            using It = Generated<decltype(value)>;
            own_ = std::vector<T>(It{&value, 0}, It{&value, x.size()});
            values_ = own_;
            if constexpr (is_scalar<X>) read_nodes(op, x);
        }
    }
    Read(const Read&) = delete;
    Read& operator=(const Read&) = delete;

    std::span<const T> values() const { return values_; }
    const Nodes& nodes() const { return nodes_; }
    bool is_recorded() const { return !nodes_.are_constants(); }
    // For a block to keep.
    std::vector<T> take_values()
    {
        return own_.empty() ? std::vector<T>(values_.begin(), values_.end()) : std::move(own_);
    }
    Nodes take_nodes() { return std::move(nodes_); }

private:
    void read_nodes(const char* op, std::span<const X> x)
    {
        if (x.empty()) return;
        const Recorder<ScalarSpace<T>>& now = recorder<ScalarSpace<T>>;
        const StatementId first = x[0].statement();
        bool is_run = session_of(first) == now.recorded;
        for (std::size_t i = 0; i < x.size(); ++i) is_run &= x[i].settled_statement() == first + i;
        if (is_run) {
            nodes_ = Nodes(x.size(), node_of(first));
            return;
        }
        std::vector<Node> list(x.size());
        bool any = false;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const bool is_one = autodiff::is_recorded<ScalarSpace<T>>(x[i].session(), op);
            list[i] = is_one ? x[i].node() : no_node;
            any |= is_one;
        }
        if (any) nodes_ = Nodes(std::move(list));
    }

    std::vector<T> own_;
    std::span<const T> values_;
    Nodes nodes_;
};

// Floating numbers have kernels; other kinds (dual, recorded) plain loops.
template <class T>
T sum_of(std::span<const T> x)
{
    if constexpr (std::floating_point<T>) return kernels::sum(x);
    else {
        T total = lift<T>(0);
        for (const T& number : x) total = total + number;
        return total;
    }
}
template <class T>
T product_of(std::span<const T> x)
{
    if constexpr (std::floating_point<T>) return kernels::prod(x);
    else {
        T product = lift<T>(1);
        for (const T& number : x) product = product * number;
        return product;
    }
}
template <class T>
T dot_of(std::span<const T> a, std::span<const T> b)
{
    if constexpr (std::floating_point<T>) return kernels::dot(a, b);
    else {
        T total = lift<T>(0);
        for (std::size_t i = 0; i < a.size(); ++i) total = total + a[i] * b[i];
        return total;
    }
}
/// y += a x
template <class T>
void add_scaled(T* y, const T& a, std::span<const T> x)
{
    if constexpr (std::floating_point<T>) kernels::add_scaled(y, a, x);
    else
        for (std::size_t i = 0; i < x.size(); ++i) y[i] = y[i] + lift<T>(chain_product(a, x[i]));
}

/// The product of the others, for each of x.
template <class T>
std::vector<T> products_of_others(std::span<const T> x, const T& product)
{
    std::vector<T> others(x.size());
    if constexpr (std::floating_point<T>)
        if (std::isnormal(product)) {
            kernels::quotients(others.data(), product, x);
            return others;
        }
    T before = lift<T>(1), after = lift<T>(1);
    for (std::size_t i = 0; i < x.size(); ++i) {
        others[i] = before;
        before = before * x[i];
    }
    for (std::size_t i = x.size(); i-- > 0;) {
        others[i] = others[i] * after;
        after = after * x[i];
    }
    return others;
}

/// ln Σ exp xᵢ, and in `shares` each exp xᵢ / Σ exp xⱼ.
template <class T>
T log_of_sum(std::span<const T> x, std::vector<T>& shares)
{
    const double infinity = std::numeric_limits<double>::infinity();
    if (x.empty()) return lift<T>(-infinity);
    T largest = x[0];
    for (const T& number : x)
        if (!(number <= largest) && largest == largest) largest = number;  // NaN stays
    shares.resize(x.size());
    T total = lift<T>(0);
    if (largest == infinity || largest == -infinity) {
        // Those that are infinite share it.
        T mean = lift<T>(0);
        for (std::size_t i = 0; i < x.size(); ++i) {
            shares[i] = lift<T>(x[i] == largest ? 1 : 0);
            total = total + shares[i];
        }
        for (std::size_t i = 0; i < x.size(); ++i) {
            shares[i] = shares[i] / total;
            if (shares[i] > 0) mean = mean + shares[i] * x[i];
        }
        return mean;
    }
    if constexpr (std::floating_point<T>) total = kernels::exponentials(x, largest, shares.data());
    else
        for (std::size_t i = 0; i < x.size(); ++i) {
            shares[i] = exp(x[i] - largest);
            total = total + shares[i];
        }
    const T scale = 1 / total;
    for (T& share : shares) share = share * scale;
    return largest + log(total);
}

/// √Σ xᵢ², neither overflowing nor vanishing on the way.
template <class T>
T norm_of(std::span<const T> x)
{
    if constexpr (std::floating_point<T>) {
        const T squares = dot_of(x, x);
        if (squares > std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon() &&
            std::isfinite(squares))
            return std::sqrt(squares);
    }
    T largest = lift<T>(0);
    for (const T& number : x)
        if (!(abs(number) <= largest) && largest == largest) largest = abs(number);  // NaN stays
    if (largest == 0 || largest == std::numeric_limits<double>::infinity()) return largest;
    T squares = lift<T>(0);
    for (const T& number : x) squares = squares + (number / largest) * (number / largest);
    return largest * sqrt(squares);
}

/// A dual number of plain ones.
template <class X>
inline constexpr bool is_plain_dual = false;
template <std::floating_point T, class V>
inline constexpr bool is_plain_dual<Dual<T, V>> = true;

/// The reduction of their values, and ẏ = Σ ∂y/∂xᵢ ẋᵢ.
template <class D, class Value, std::same_as<std::span<const D>>... X>
D reduction_of_duals(const Value& value, X... x)
{
    using T = decltype(D::value);
    const auto values = [](std::span<const D> duals) {
        std::vector<T> plain;
        plain.reserve(duals.size());
        for (const D& dual : duals) plain.push_back(dual.value);
        return plain;
    };
    std::vector<T> partials;
    D y(value(partials, std::span<const T>(values(x))...));
    std::size_t next = 0;
    const auto add = [&](const D& dual) {
        y.tangent = y.tangent + Kind<D>::times(dual.tangent, partials[next++]);
    };
    (std::ranges::for_each(x, add), ...);
    return y;
}

/// A reduction of ranges to one number: value(x…) with its partials, one list for all ranges.
template <class Value, NumberRange... R>
auto reduction(const char* op, const Value& value, const R&... x)
{
    using X = Deepest<std::ranges::range_value_t<R>...>;
    using T = typename Plain<X>::type;
    const auto reduce = [&](auto&&... of) {
        if constexpr (is_plain_dual<X>) return reduction_of_duals<X>(value, of.values()...);
        else {
            std::vector<T> partials;
            const T y = value(partials, of.values()...);
            if constexpr (is_scalar<X>) return linked(y, std::array{of.take_nodes()...}, std::move(partials));
            else return y;
        }
    };
    return reduce(Read<T, std::ranges::range_value_t<R>>(op, x)...);
}

inline void require_same_size(const char* op, std::size_t a, std::size_t b)
{
    if (a != b) fail<ShapeError>("{}: {} numbers and {}; both must have as many", op, a, b);
}

}  // namespace detail

/// Σ xᵢ;   ∂/∂xᵢ = 1.
template <NumberRange R>
auto sum(const R& x)
{
    return detail::reduction(
        "sum",
        []<class T>(std::vector<T>& partials, std::span<const T> of) {
            partials.assign(of.size(), lift<T>(1));
            return detail::sum_of(of);
        },
        x);
}

/// Π xᵢ;   ∂/∂xᵢ = the product of the others.
template <NumberRange R>
auto prod(const R& x)
{
    return detail::reduction(
        "prod",
        []<class T>(std::vector<T>& partials, std::span<const T> of) {
            const T product = detail::product_of(of);
            partials = detail::products_of_others(of, product);
            return product;
        },
        x);
}

/// Σ aᵢ bᵢ;   ∂/∂aᵢ = bᵢ, ∂/∂bᵢ = aᵢ. @throws ShapeError if one is longer.
template <NumberRange A, NumberRange B>
auto dot(const A& a, const B& b)
{
    detail::require_same_size("dot", std::ranges::size(a), std::ranges::size(b));
    return detail::reduction(
        "dot",
        []<class T>(std::vector<T>& partials, std::span<const T> of_a, std::span<const T> of_b) {
            partials.assign(of_b.begin(), of_b.end());
            partials.insert(partials.end(), of_a.begin(), of_a.end());
            return detail::dot_of(of_a, of_b);
        },
        a, b);
}

/// √Σ xᵢ²;   ∂/∂xᵢ = xᵢ / y, 0 at the origin, ±1 for an infinite xᵢ.
template <NumberRange R>
auto norm(const R& x)
{
    return detail::reduction(
        "norm",
        []<class T>(std::vector<T>& partials, std::span<const T> of) {
            const T y = detail::norm_of(of);
            partials.assign(of.begin(), of.end());
            const bool is_infinite = y == std::numeric_limits<double>::infinity();
            for (T& partial : partials)
                if (y == 0) partial = lift<T>(0);
                else if (is_infinite && abs(partial) == y) partial = lift<T>(partial > 0 ? 1 : -1);
                else partial = partial / y;
            return y;
        },
        x);
}

/// ln Σ exp xᵢ, which does not overflow;   ∂/∂xᵢ = exp(xᵢ - y).
template <NumberRange R>
auto logsumexp(const R& x)
{
    return detail::reduction(
        "logsumexp",
        []<class T>(std::vector<T>& partials, std::span<const T> of) {
            return detail::log_of_sum(of, partials);
        },
        x);
}

namespace detail {

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
    Product(std::vector<T> a, Nodes a_nodes, std::vector<T> b, Nodes b_nodes, std::size_t rows)
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
        const auto a = matrix<T>(a_, rows_, inner_), b = matrix<T>(b_, inner_, columns_),
                   c = matrix<T>(c_bar, rows_, columns_);
        const auto add = [&](const Nodes& nodes, const std::vector<T>& bar) {
            nodes.add(adjoint, lift<T>(1), std::span<const T>(bar), products);
        };
        if (!a_nodes_.are_constants() && columns_ == 1)
            for (std::size_t i = 0; i < rows_; ++i)
                a_nodes_.add(adjoint, c_bar[i], std::span<const T>(b_), products, i * inner_);
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
    std::vector<T> a_, b_;
    Nodes a_nodes_, b_nodes_;
    std::size_t rows_, inner_, columns_;
};

}  // namespace detail

/// C = A B, row by row: a vector for B of one column.   Ā = C̄ Bᵀ, B̄ = Aᵀ C̄ (Giles 2008, 2.2.1).
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

namespace detail {

/// An elementwise op's values, and its partials with respect to K of the arguments, whose `direction` says
/// which (none for constants): x[r][i] is element i of argument r.
template <std::size_t K, class Rule, class T, std::size_t... R>
void map_values(const Rule& op, const std::array<const T*, sizeof...(R)>& x,
                const std::array<std::size_t, sizeof...(R)>& direction, std::size_t count, T* y,
                const std::array<T*, K>& partials, std::index_sequence<R...>)
{
    for_instruction_set([&](auto bytes) {
        constexpr std::size_t lanes = lanes_of<T, bytes()>;
        using B = Batch<T, static_cast<int>(lanes)>;
        using D = Dual<B, Directions<B, K>>;
        const auto evaluate = [&](const auto&... argument) {
            const auto dual = [&](const B& value, std::size_t of) {
                return D(value, Directions<B, K>::each([of](std::size_t k) { return B(k == of ? 1 : 0); }));
            };
            return lift<D>(op(dual(argument, direction[R])...));
        };
        const auto store = [&](const D& result, T* to_y, const auto& to_partial) {
            result.value.store(to_y);
            for (std::size_t k = 0; k < K; ++k) result.tangent.of[k].store(to_partial(k));
        };
        std::size_t i = 0;
        for (; i + lanes <= count; i += lanes)
            store(evaluate(B::load(x[R] + i)...), y + i, [&](std::size_t k) { return partials[k] + i; });
        if (i == count) return;
        // What is left, filled up with its first element.
        T rest[sizeof...(R)][lanes], rest_y[lanes], rest_partials[K][lanes];
        for (std::size_t r = 0; r < sizeof...(R); ++r)
            for (std::size_t lane = 0; lane < lanes; ++lane)
                rest[r][lane] = x[r][i + lane < count ? i + lane : i];
        store(evaluate(B::load(rest[R])...), rest_y, [&](std::size_t k) { return rest_partials[k]; });
        std::copy_n(rest_y, count - i, y + i);
        for (std::size_t k = 0; k < K; ++k) std::copy_n(rest_partials[k], count - i, partials[k] + i);
    });
}

}  // namespace detail

/// [op(x₀, y₀…), op(x₁, y₁…), …] for an elementwise op (elementwise.hpp) and ranges of one size: one
/// vectorised pass for values and derivatives, then a statement for each element.
///
///     constexpr auto swish = elementwise("swish", [](auto x) { return x / (1 + exp(-x)); });
///     auto y = map(swish, x);
///
/// @throws ShapeError if the ranges differ in size.
template <class Rule, NumberRange... R>
    requires(sizeof...(R) > 0)
auto map(const Rule& op, const R&... x)
{
    using X = Deepest<std::ranges::range_value_t<R>...>;
    using T = typename detail::Plain<X>::type;
    const std::size_t sizes[] = {std::ranges::size(x)...}, count = sizes[0];
    for (const std::size_t size : sizes) detail::require_same_size("map", count, size);
    const auto one_by_one = [&] {
        std::vector<std::conditional_t<detail::is_scalar<X>, X, T>> y;
        y.reserve(count);
        for (std::size_t i = 0; i < count; ++i)
            y.push_back(op(lift<Deepest<T, X>>(std::ranges::data(x)[i])...));
        return y;
    };
    if constexpr (!detail::is_scalar<X> || !std::floating_point<T>) return one_by_one();
    else {
        constexpr bool can_be_recorded[] = {detail::is_scalar<std::ranges::range_value_t<R>>...};
        constexpr std::size_t directions = std::ranges::count(can_be_recorded, true);
        std::array<std::size_t, sizeof...(R)> direction;
        for (std::size_t r = 0, next = 0; r < sizeof...(R); ++r)
            direction[r] = can_be_recorded[r] ? next++ : directions;

        const auto map_read = [&](const auto&... of) {
            std::vector<T> y(count), all(count * directions);
            std::array<T*, directions> partials;
            for (std::size_t k = 0; k < directions; ++k) partials[k] = all.data() + k * count;
            detail::map_values(op, std::array{of.values().data()...}, direction, count, y.data(), partials,
                               std::index_sequence_for<R...>{});
            // A zero may have met an infinity.
            if (std::ranges::any_of(all, [](T partial) { return std::isnan(partial); })) return one_by_one();

            const detail::Nodes* nodes[] = {&of.nodes()...};
            auto* const tape = recorder<ScalarSpace<T>>.tape;
            std::vector<X> results;
            results.reserve(count);
            for (std::size_t i = 0; i < count; ++i) {
                bool depends = false;
                for (std::size_t r = 0; r < sizeof...(R); ++r) {
                    const Node node = (*nodes[r])[i];
                    if (node == detail::no_node) continue;
                    if (!depends) tape->make_room(sizeof...(R));
                    tape->write_link(node, partials[direction[r]][i]);
                    depends = true;
                }
                if (depends)
                    results.emplace_back(y[i], recorder<ScalarSpace<T>>.session, tape->end_statement());
                else results.emplace_back(y[i]);
            }
            return results;
        };
        return map_read(detail::Read<T, std::ranges::range_value_t<R>>(op.name, x)...);
    }
}

}  // namespace autodiff
