// Losses: values worked by hand, gradients, strictness, and logits of any size.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "support/errors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

/// A few roundings of numbers near 1.
constexpr double rounding = 1e-14;

bool near(double a, double b)
{
    return std::abs(a - b) <= rounding * std::max({1.0, std::abs(a), std::abs(b)});
}

bool all_finite(const Tensor<>& x)
{
    for (double value : x.to_vector())
        if (!std::isfinite(value)) return false;
    return true;
}

const Tensor<> extreme(Shape{8}, {0, -0.0, 40, -40, 800, -800, 1e308, -1e308});

}  // namespace

BOOST_AUTO_TEST_CASE(mse_is_the_worked_example)
{
    const Tensor<> prediction{.002, .998, .997, .003}, target{0.0, 1.0, 1.0, 0.0};
    BOOST_TEST(std::abs(nn::mse(prediction, target).item() - 6.5e-6) < 1e-18);
    const auto gradients = gradient([&](const Tensor<>& p) { return nn::mse(p, target); }, prediction);
    BOOST_TEST(near(gradients(0), 2 * .002 / 4));
    BOOST_TEST(near(gradients(1), 2 * -.002 / 4));
}

BOOST_AUTO_TEST_CASE(losses_reject_unequal_and_empty_shapes)
{
    const Tensor<> column = Tensor<>::ones({4, 1}), row = Tensor<>::ones({4}),
                   empty = Tensor<>::zeros({0, 2});
    BOOST_TEST(
        error_text<ShapeError>([&] { nn::mse(column, row); }) ==
        "mse: the prediction has shape (4, 1), the target (4,); they must be equal, reshape one of them");
    BOOST_CHECK_THROW(nn::binary_cross_entropy(column, row), ShapeError);
    BOOST_CHECK_THROW(nn::binary_cross_entropy_from_logits(column, row), ShapeError);
    BOOST_CHECK_THROW(nn::cross_entropy(column, row), ShapeError);
    BOOST_TEST(
        error_text<ShapeError>(
            [&] { nn::cross_entropy(Tensor<>::ones({4, 3}), IndexArray(Shape{3}, {0, 0, 0})); }) ==
        "cross_entropy: the logits have shape (4, 3), the labels (3,); logits (…, classes) need labels (…)");
    BOOST_CHECK_THROW(nn::cross_entropy(Tensor<>(1.0), Tensor<>(1.0)), ShapeError);
    BOOST_TEST(error_text<DomainError>([&] { nn::mse(empty, empty); }) ==
               "mse: shape (0, 2) is empty and has no mean");
    BOOST_CHECK_THROW(nn::binary_cross_entropy(empty, empty), DomainError);
    BOOST_CHECK_THROW(nn::binary_cross_entropy_from_logits(empty, empty), DomainError);
    BOOST_CHECK_THROW(nn::cross_entropy(empty, empty), DomainError);
    BOOST_CHECK_THROW(nn::cross_entropy(empty, IndexArray(Shape{0}, {})), DomainError);
}

BOOST_AUTO_TEST_CASE(losses_reject_what_is_no_probability_and_no_class)
{
    const Tensor<> half{0.5}, logit{1.7};
    BOOST_TEST(error_text<DomainError>([&] { nn::binary_cross_entropy(logit, half); }) ==
               "binary_cross_entropy: a probability of 1.7 is not in [0, 1]; for logits use "
               "binary_cross_entropy_from_logits");
    BOOST_TEST(error_text<DomainError>([&] { nn::binary_cross_entropy_from_logits(logit, logit); }) ==
               "binary_cross_entropy_from_logits: a target of 1.7 is not in [0, 1]");
    BOOST_TEST(error_text<IndexError>([&] { nn::cross_entropy(Tensor<>{1.0, 2.0}, IndexArray(Index{2})); }) ==
               "cross_entropy: label 2 is not one of 2 classes, 0 to 1");
}

BOOST_AUTO_TEST_CASE(binary_cross_entropy_from_probabilities_and_from_logits_agree)
{
    const Tensor<> logits{-3.0, -0.1, 0.0, 2.0}, target{0.0, 1.0, 0.25, 1.0};
    const double from_logits = nn::binary_cross_entropy_from_logits(logits, target).item();
    BOOST_TEST(near(nn::binary_cross_entropy(sigmoid(logits), target).item(), from_logits));
    double expected = 0;
    for (Index i = 0; i < 4; ++i) {
        const double p = 1 / (1 + std::exp(-logits(i)));
        expected -= (target(i) * std::log(p) + (1 - target(i)) * std::log(1 - p)) / 4;
    }
    BOOST_TEST(near(from_logits, expected));
}

BOOST_AUTO_TEST_CASE(binary_cross_entropy_from_logits_is_exact_for_any_logit)
{
    for (double target : {0.0, 1.0}) {
        const auto loss = [&](const Tensor<>& z) {
            return nn::binary_cross_entropy_from_logits(z, Tensor<>::filled({8}, target));
        };
        const auto gradients = gradient(loss, extreme);
        BOOST_TEST(all_finite(gradients));
        for (Index i = 0; i < extreme.size(); ++i) {
            // (σ(z) - t) / n, accurate where σ(z) rounds to t: σ(z) - 1 = -σ(-z).
            const double z = extreme(i), p = 1 / (1 + std::exp(-z)), q = 1 / (1 + std::exp(z));
            const double expected = (target == 0 ? p : -q) / 8;
            BOOST_TEST(std::abs(gradients(i) - expected) <= 1e-14 * std::abs(expected));
            const double one = nn::binary_cross_entropy_from_logits(Tensor<>(z), Tensor<>(target)).item();
            const double wrong_way = target == 0 ? z : -z;
            const double exact = wrong_way > 0 ? wrong_way + std::log1p(std::exp(-wrong_way))
                                               : std::log1p(std::exp(wrong_way));
            BOOST_TEST(std::abs(one - exact) <= 1e-14 * exact);
        }
    }
}

BOOST_AUTO_TEST_CASE(binary_cross_entropy_of_certainty_is_finite)
{
    const Tensor<> probability{0.0, 1.0, 0.0, 1.0}, target{0.0, 1.0, 1.0, 0.0};
    const auto [value, gradients] = value_and_gradient(
        [&](const Tensor<>& p) { return nn::binary_cross_entropy(p, target); }, probability);
    BOOST_TEST(value.item() == 50.0);   // two right at no cost, two wrong at 100 each
    BOOST_TEST(gradients(0) == 0.25);   // of -ln(1 - p) / 4 at 0
    BOOST_TEST(gradients(1) == -0.25);  // of -ln p / 4 at 1
    BOOST_TEST(gradients(2) == 0.0);    // beyond the limit
    BOOST_TEST(gradients(3) == 0.0);
}

BOOST_AUTO_TEST_CASE(cross_entropy_of_labels_is_that_of_their_probabilities)
{
    const Tensor<> logits = normal(Key(1), {2, 3, 4});
    const IndexArray labels = randint(Key(2), {2, 3}, 0, 4);
    const double loss = nn::cross_entropy(logits, labels).item();
    BOOST_TEST(loss == nn::cross_entropy(logits, one_hot<double>(labels, 4)).item());
    double expected = 0;
    for (Index i = 0; i < 2; ++i)
        for (Index j = 0; j < 3; ++j) {
            double sum = 0;
            for (Index c = 0; c < 4; ++c) sum += std::exp(logits(i, j, c));
            expected += (std::log(sum) - logits(i, j, labels(i, j))) / 6;
        }
    BOOST_TEST(near(loss, expected));
    BOOST_TEST(near(nn::cross_entropy(Tensor<>{0.0, 0.0}, IndexArray(Index{1})).item(), std::log(2.0)));
}

BOOST_AUTO_TEST_CASE(the_gradient_of_cross_entropy_is_softmax_minus_target)
{
    const Tensor<> logits = normal(Key(1), {5, 3});
    const Tensor<> p = softmax(normal(Key(2), {5, 3}));
    const auto gradients = gradient([&](const Tensor<>& z) { return nn::cross_entropy(z, p); }, logits);
    const Tensor<> expected = (softmax(logits) - p) / 5;
    for (Index i = 0; i < 5; ++i)
        for (Index c = 0; c < 3; ++c) BOOST_TEST(near(gradients(i, c), expected(i, c)));
}

BOOST_AUTO_TEST_CASE(cross_entropy_is_finite_for_any_logit)
{
    const Tensor<> logits(Shape{3, 3}, {800, -800, 0, 1e308, -1e308, 1, 0, 0, 0});
    for (Index label : {0, 1, 2}) {
        const auto [value, gradients] = value_and_gradient(
            [&](const Tensor<>& z) { return nn::cross_entropy(z, IndexArray::filled(Shape{3}, label)); },
            logits);
        BOOST_TEST(all_finite(gradients));
        if (label == 0) BOOST_TEST(near(value.item(), std::log(3.0) / 3));
    }
}

BOOST_AUTO_TEST_CASE(losses_have_right_derivatives_of_second_order)
{
    const Tensor<> x = normal(Key(1), {2, 3}), y = uniform(Key(2), {2, 3});
    const auto second = [&](auto loss) {
        return check_gradient(
            [&](const Tensor<>& z) { return gradient([&](const Tensor<>& at) { return loss(at, y); }, z); },
            x);
    };
    BOOST_TEST(second(nn::mse).compared == 6u);
    BOOST_TEST(second(nn::binary_cross_entropy_from_logits).compared == 6u);
    BOOST_TEST(second(nn::cross_entropy).compared == 6u);
    BOOST_TEST(second([](const Tensor<>& z, const Tensor<>& t) {
                   return nn::binary_cross_entropy(sigmoid(z), t);
               }).compared == 6u);
    // At a logit of 0 the loss is smooth: its second derivative is σ(0) (1 - σ(0)) = 1/4.
    const auto at_zero =
        hessian([](const Tensor<>& z) { return nn::binary_cross_entropy_from_logits(z, Tensor<>{1.0}); },
                Tensor<>{0.0});
    BOOST_TEST(at_zero.to_vector()[0] == 0.25);
}

BOOST_AUTO_TEST_CASE(losses_work_in_float)
{
    const Tensor<float> logits(Shape{2}, {0.5f, -100.f}), target(Shape{2}, {1.f, 0.f});
    BOOST_TEST(std::isfinite(nn::mse(logits, target).item()));
    BOOST_TEST(std::abs(nn::binary_cross_entropy_from_logits(logits, target).item() -
                        nn::binary_cross_entropy(sigmoid(logits), target).item()) < 1e-6f);
    BOOST_TEST(std::abs(nn::cross_entropy(logits, IndexArray(Index{0})).item()) < 1e-6f);
}
