#pragma once

// The ops that are not elementwise and that compute: how each is called, and what it is in long double, by
// plain loops. Where terms cancel, no sum is right to the last places of its result, in whatever order it is
// taken; so each element of an exact result comes with the size that its error is relative to.
//
// Bounds count roundings: k of them one after the other, each of a relative error of half the distance of
// neighbouring numbers, come to at most k ulp of that size. Theorems are those of Higham 2002, "Accuracy and
// Stability of Numerical Algorithms".

#include <op_table.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace autodiff::tests {

/// An element of a result, and the size of what it is made of.
struct Exact {
    long double value = 0, size = 0;

    /// A term of a sum.
    void add(long double term)
    {
        value += term;
        size += term < 0 ? -term : term;
    }
};

/// An argument, row by row.
using Wide = std::vector<long double>;

struct MeasuredOp {
    /// As the op table has it.
    std::string op;
    std::string variant;
    std::vector<Shape> shapes;
    std::vector<Domain> domains;
    std::tuple<FunctionOn<Tensor<double>>, FunctionOn<Tensor<float>>> functions;
    std::function<std::vector<Exact>(std::span<const Wide>)> exact;
    /// What `Exact::size` is, as the table of the documentation says it.
    std::string_view relative_to;
    /// In units in the last place of that.
    double bound;
};

/// f is a generic lambda of a span of tensors.
template <class F, class ExactF>
MeasuredOp measured_op(std::string op, std::string variant, std::vector<Shape> shapes,
                       std::vector<Domain> domains, F, ExactF exact, std::string_view relative_to,
                       double bound)
{
    return {.op = std::move(op),
            .variant = std::move(variant),
            .shapes = std::move(shapes),
            .domains = std::move(domains),
            .functions = {&detail::call_on_tensors<F, double>, &detail::call_on_tensors<F, float>},
            .exact = std::move(exact),
            .relative_to = relative_to,
            .bound = bound};
}

// Sizes that rows share, in words.
inline constexpr std::string_view of_terms = "Σ \\|terms\\|";
inline constexpr std::string_view of_result = "\\|y\\|";
inline constexpr std::string_view of_logsumexp = "1 + \\|max x\\| + ln Σ e^(x - max x)";
inline constexpr std::string_view of_solution = "\\|A⁻¹\\| \\|L\\| \\|U\\| \\|x\\|";

/// A thousand of which are in float's range.
inline const Domain near_one{{{-1.3, -0.7}, {0.7, 1.3}}};
/// Roundings that an exponential or a logarithm within 4 ulp stands for.
inline constexpr double of_function = 8;

/// `count` elements from `first` on, `step` apart.
Wide line_of(const Wide& x, std::size_t first, std::size_t step, std::size_t count);

// In one line of numbers; of several results the elements in their order.
std::vector<Exact> exact_sum(const Wide& x);
std::vector<Exact> exact_mean(const Wide& x);
std::vector<Exact> exact_cumsum(const Wide& x);
std::vector<Exact> exact_product(const Wide& x);
std::vector<Exact> exact_norm(const Wide& x);
std::vector<Exact> exact_variance(const Wide& x);
std::vector<Exact> exact_deviation(const Wide& x);
std::vector<Exact> exact_logsumexp(const Wide& x);
std::vector<Exact> exact_softmax(const Wide& x);
std::vector<Exact> exact_log_softmax(const Wide& x);
/// scale (x - mean) / √(variance + epsilon) + shift, with a scale and a shift for each element.
std::vector<Exact> exact_normalized(const Wide& x, const Wide& scale, const Wide& shift, long double epsilon);

/// C = A B of an (m, k) and a (k, n) matrix.
std::vector<Exact> exact_matmul(const Wide& a, const Wide& b, std::size_t m, std::size_t k, std::size_t n);

// Linear algebra, of (n, n) matrices A. The size is what rounding A, as a factorisation does, may do to an
// element of the result.

/// What a factorisation A = L U exchanges for the largest pivots.
enum class Exchanges { rows, columns };

/// A⁻¹ B with a matrix B of n rows, and |A⁻¹| |L| |U| |A⁻¹ B|.
std::vector<Exact> exact_solution(const Wide& a, const Wide& b, std::size_t n, Exchanges exchanges);
/// The same for the lower triangle of A, and |A⁻¹| |A| |A⁻¹ B|.
std::vector<Exact> exact_triangular_solution(const Wide& a, const Wide& b, std::size_t n);
/// d, and |d| tr(|A⁻¹| |L| |U|), with exchanged columns.
std::vector<Exact> exact_determinant(const Wide& a, std::size_t n);
/// ln |d|, and tr(|A⁻¹| |L| |U|) + Σ |ln |Uᵢᵢ||.
std::vector<Exact> exact_log_determinant(const Wide& a, std::size_t n);
/// L with L Lᵀ = A, and |L| Φ(|L⁻¹| |L| |Lᵀ| |L⁻ᵀ|), where Φ takes the lower triangle and half the diagonal.
std::vector<Exact> exact_cholesky(const Wide& a, std::size_t n);

// The ops, by family.
std::vector<MeasuredOp> measured_reductions();
std::vector<MeasuredOp> measured_products();
std::vector<MeasuredOp> measured_linear_algebra();
std::vector<MeasuredOp> measured_images();
/// On ranges of numbers (transforms/arrays.hpp).
std::vector<MeasuredOp> measured_ranges();

}  // namespace autodiff::tests
