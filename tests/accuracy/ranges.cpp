// The array primitives on ranges of numbers, which have kernels of their own.

#include <accuracy/ops.hpp>

#include <cmath>

namespace autodiff::tests {

namespace {

template <class T>
std::vector<Scalar<T>> elements_of(const Tensor<T>& x)
{
    return {x.array().data(), x.array().data() + x.array().size()};
}

template <class T>
Tensor<T> tensor_of(const std::vector<Scalar<T>>& x)
{
    std::vector<T> values;
    for (const Scalar<T>& number : x) values.push_back(number.value());
    return Tensor<T>(Shape{static_cast<Index>(x.size())}, std::span<const T>(values));
}

/// F{}(range) is one number.
template <class F>
MeasuredOp reduction_of(const std::string& op, Index n, F, std::vector<Exact> (*exact)(const Wide&),
                        std::string_view relative_to, double bound, const Domain& domain = real)
{
    return measured_op(
        op, "of numbers", {Shape{n}}, {domain},
        [](auto x) {
            using T = typename std::remove_cvref_t<decltype(x[0])>::value_type;
            return tensor_of(std::vector<Scalar<T>>{F{}(elements_of(x[0]))});
        },
        [exact](std::span<const Wide> x) { return exact(x[0]); }, relative_to, bound);
}

}  // namespace

std::vector<MeasuredOp> measured_ranges()
{
    constexpr Index rows = 5;
    std::vector<MeasuredOp> all;
    for (const Index n : {7, 1000}) {
        const auto count = static_cast<std::size_t>(n);
        const auto terms = static_cast<double>(n);  // in any order
        all.push_back(
            reduction_of("sum", n, [](const auto& x) { return sum(x); }, exact_sum, of_terms, terms - 1));
        all.push_back(reduction_of(
            "prod", n, [](const auto& x) { return prod(x); }, exact_product, of_result, terms - 1, near_one));
        all.push_back(reduction_of(
            "norm", n, [](const auto& x) { return norm(x); }, exact_norm, of_result, terms / 2 + 1));
        all.push_back(reduction_of(
            "logsumexp", n, [](const auto& x) { return logsumexp(x); }, exact_logsumexp, of_logsumexp,
            terms + of_function + std::log(terms)));
        all.push_back(measured_op(
            "dot", "of numbers", {Shape{n}, Shape{n}}, {real, real},
            [](auto x) { return tensor_of(std::vector{dot(elements_of(x[0]), elements_of(x[1]))}); },
            [](std::span<const Wide> x) { return exact_matmul(x[0], x[1], 1, x[0].size(), 1); }, of_terms,
            terms));
        all.push_back(measured_op(
            "matmul", "of numbers", {Shape{rows, n}, Shape{n}}, {real, real},
            [](auto x) {
                const auto a = elements_of(x[0]), b = elements_of(x[1]);
                return tensor_of(matmul(as_matrix(a, rows, b.size()), b));
            },
            [count](std::span<const Wide> x) { return exact_matmul(x[0], x[1], rows, count, 1); }, of_terms,
            terms));
    }
    for (const Index n : {4, 50})
        all.push_back(measured_op(
            "solve", "of numbers", {Shape{n, n}, Shape{n}}, {real, real},
            [](auto x) {
                const auto a = elements_of(x[0]), b = elements_of(x[1]);
                return tensor_of(solve(as_matrix(a, b.size(), b.size()), b));
            },
            [](std::span<const Wide> x) { return exact_solution(x[0], x[1], x[1].size(), Exchanges::rows); },
            of_solution, 3 * static_cast<double>(n)));
    return all;
}

}  // namespace autodiff::tests
