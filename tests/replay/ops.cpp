// Ops whose kernels take or return several arrays, or look at the numbers before they compute, in steps that
// are replayed.

#include <autodiff/autodiff.hpp>

#include "../support/errors.hpp"
#include "training.hpp"

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// A matrix that is a parameter, and a loss made of it.
template <class Loss>
struct Matrix {
    Tensor<> w = normal(Key(1), {3, 3});
    Loss loss;
    auto parameters() { return Parameters<>{{"w", &w}}; }
};

/// Steps of gradient descent on loss(w, x), where each x is another matrix.
void check_steps(const auto& loss)
{
    check_training(
        Matrix{.loss = loss}, nn::Sgd<>{{.learning_rate = 0.01}},
        [](const auto& model, const Tensor<>& x) { return model.loss(model.w, x); },
        [](std::uint64_t step) { return std::tuple(normal(Key(100 + step), {3, 3})); }, 12);
}

/// A positive definite matrix.
Tensor<> definite(const Tensor<>& w) { return matmul(w, w, Transpose::no, Transpose::yes) + eye(3); }

}  // namespace

BOOST_AUTO_TEST_CASE(tensors_are_joined_in_every_run)
{
    check_steps([](const auto& w, const auto& x) {
        const Tensor<> joined = concatenate({w, transpose(w), x}, 1);
        return sum(square(matmul(transpose(joined), sum(stack({w, x, w * x}), {0}))));
    });
    // Parts of nothing, a part given twice, and views.
    check_steps([](const auto& w, const auto& x) {
        const Tensor<> nothing = slice(x, Slice{1, 1}, 0), row = slice(w, Slice{2, {}, -2}, 0);
        return sum(exp(concatenate({nothing, row, row, x, nothing}) * select(w, 0)));
    });
}

BOOST_AUTO_TEST_CASE(what_comes_first_is_found_again_in_every_run)
{
    check_steps([](const auto& w, const auto& x) {
        const Tensor<> product = matmul(w, x);
        const auto [largest, places] = topk(product, 2, 0);
        return sum(sort(product) * x) + sum(square(largest)) + sum(gather(exp(w), places, 0)) +
               sum(take(w, argmax(product, 1), 1)) - sum(take(w, argsort(product, 0, Order::descending), 0)) +
               sum(gather(w, argmin(product, 0, KeepDims::yes), 0));
    });
}

BOOST_AUTO_TEST_CASE(matrices_are_factored_in_every_run)
{
    check_steps([](const auto& w, const auto& x) { return sum(square(solve(definite(w), x))); });
    check_steps([](const auto& w, const auto& x) { return sum(inverse(definite(w)) * x); });
    check_steps([](const auto& w, const auto& x) { return sum(w * x) + determinant(w + x); });
    check_steps([](const auto& w, const auto& x) {
        const auto [sign, logarithm] = sign_and_log_determinant(w + x);
        return sign * logarithm + log_determinant(definite(w));
    });
    check_steps([](const auto& w, const auto& x) {
        const Tensor<> l = cholesky(definite(w));
        return sum(square(triangular_solve(l, x, Triangle::lower)));
    });
    check_steps([](const auto& w, const auto& x) {
        return trace(matmul(upper_triangle(w), lower_triangle(x, -1))) +
               sum(square(matmul(diagonal_matrix(diagonal(w)), x)));
    });
}

BOOST_AUTO_TEST_CASE(a_matrix_that_becomes_singular_is_refused_in_every_run)
{
    Tensor<> w{{2, 1}, {1, 2}};
    const Tensor<> good{{1, 0}, {0, 1}}, exchanged{{0, 1}, {1, 0}};
    const auto says = [&](auto op) {
        Replay step([&](const Tensor<>& x) { return sum(op(w * x)); }, Parameters<>{{"w", &w}});
        for (int i = 0; i < 3; ++i) step(good);
        const std::string error = error_text<DomainError>([&] { step(Tensor<>{{1, 0}, {0, 0}}); });
        BOOST_TEST(step(good).value.item() == sum(op(w * good)).item());
        return error;
    };
    BOOST_TEST(says([](const auto& a) { return inverse(a); }) ==
               "inverse: the matrix is singular: pivot 1 is 0");
    BOOST_TEST(says([](const auto& a) { return solve(a, Tensor<>::ones({2})); }) ==
               "solve: the matrix is singular: pivot 1 is 0");
    BOOST_TEST(says([](const auto& a) { return log_determinant(a); }) ==
               "log_determinant: the matrix is singular: pivot 1 is 0");
    BOOST_TEST(says([](const auto& a) { return sign_and_log_determinant(a).log_absolute; }) ==
               "derivative of log_determinant: the matrix is singular: pivot 1 is 0");
    BOOST_TEST(says([](const auto& a) { return cholesky(a); }) ==
               "cholesky: the matrix is not positive definite: pivot 1 is not positive");
    BOOST_TEST(says([](const auto& a) {
                   return triangular_solve(a, Tensor<>::ones({2}), Triangle::upper);
               }) == "triangular_solve: the matrix is singular: pivot 1 is 0");
    Replay logarithm([&](const Tensor<>& x) { return log_determinant(w * x); }, Parameters<>{{"w", &w}});
    for (int i = 0; i < 3; ++i) logarithm(good);
    BOOST_TEST(error_text<DomainError>([&] { logarithm(exchanged); }) ==
               "log_determinant: the matrix has a negative determinant; use sign_and_log_determinant");
}
