// Accuracy and confusion matrices, counted by hand.

#include <autodiff/autodiff.hpp>
#include <nn/metrics.hpp>

#include "support/errors.hpp"

#include <cmath>

using namespace autodiff;
using autodiff::tests::error_text;
using boost::test_tools::per_element;

namespace {

// Taken for 0, 2, 2, 1 and, as the first of equals, 0.
const Tensor<> logits{{2, 1, 0}, {0, 1, 5}, {-3, -2, -1}, {0, 1, 0}, {1, 1, 1}};
const IndexArray labels(Shape{5}, {0, 2, 1, 1, 2});

}  // namespace

BOOST_AUTO_TEST_CASE(accuracy_is_the_part_of_samples_taken_for_what_they_are)
{
    BOOST_TEST(nn::accuracy(logits, labels) == 3.0 / 5);
    BOOST_TEST(nn::accuracy(Tensor<float>{{0, 1}, {1, 0}}, IndexArray(Shape{2}, {1, 1})) == 0.5);
    // Labels of any rank, and of one column of a table.
    BOOST_TEST(nn::accuracy(reshape(logits, {1, 5, 3}), IndexArray(Shape{1, 5}, {0, 2, 2, 1, 0})) == 1);
    const IndexArray table(Shape{5, 2}, {0, 9, 2, 9, 2, 9, 1, 9, 0, 9});
    BOOST_TEST(nn::accuracy(logits, table.view(Shape{5}, Dims{2}, 0)) == 1);
    // A network that broke is not right about class 0 only because nothing is larger than NaN.
    BOOST_TEST(nn::accuracy(Tensor<>{{1, std::nan("")}}, IndexArray(Shape{1}, {0})) == 0);
}

BOOST_AUTO_TEST_CASE(a_confusion_matrix_counts_labels_in_rows_and_predictions_in_columns)
{
    nn::ConfusionMatrix matrix = nn::confusion_matrix(logits, labels);
    BOOST_TEST(matrix.counts().to_vector() == (std::vector<Index>{1, 0, 0, 0, 1, 1, 1, 0, 1}), per_element());
    BOOST_TEST(matrix.accuracy() == 3.0 / 5);
    BOOST_TEST(matrix.recall(0) == 1);
    BOOST_TEST(matrix.precision(0) == 0.5);
    BOOST_TEST(matrix.recall(1) == 0.5);
    BOOST_TEST(matrix.precision(1) == 1);

    matrix.add(Tensor<float>{{0, 0, 1}}, IndexArray(Shape{1}, {0}));
    BOOST_TEST(matrix.counts()(0, 2) == 1);
    BOOST_TEST(matrix.accuracy() == 0.5);

    const nn::ConfusionMatrix empty(2);
    BOOST_TEST(std::isnan(empty.accuracy()));
    BOOST_TEST(std::isnan(empty.precision(1)));
    BOOST_TEST(std::isnan(empty.recall(1)));
}

BOOST_AUTO_TEST_CASE(a_confusion_matrix_is_printed_as_a_table)
{
    const nn::ConfusionMatrix matrix =
        nn::confusion_matrix(Tensor<>{{1, 0}, {1, 0}, {1, 0}}, IndexArray(Shape{3}, {0, 0, 1}));
    BOOST_TEST(fmt::format("{}", matrix) ==
               "label     0     1  recall  precision\n"
               "0         2     0   100.0       66.7\n"
               "1         1     0     0.0          -\n");
    const std::array<std::string_view, 2> names{"cat", "dog"};
    BOOST_TEST(matrix.table(names) ==
               "label     0     1  recall  precision\n"
               "0 cat     2     0   100.0       66.7\n"
               "1 dog     1     0     0.0          -\n");
    const std::array<std::string_view, 1> too_few{"cat"};
    BOOST_CHECK_THROW(matrix.table(too_few), DomainError);
}

BOOST_AUTO_TEST_CASE(metrics_refuse_what_does_not_fit)
{
    BOOST_TEST(
        error_text<ShapeError>([] { nn::accuracy(logits, IndexArray(Shape{3}, {0, 0, 0})); }) ==
        "accuracy: the logits have shape (5, 3), the labels (3,); logits (…, classes) need labels (…)");
    BOOST_TEST(error_text<IndexError>([] { nn::accuracy(logits, IndexArray(Shape{5}, {0, 0, 3, 0, 0})); }) ==
               "accuracy: label 3 is not one of 3 classes, 0 to 2");
    BOOST_CHECK_THROW(nn::accuracy(logits, IndexArray(Shape{5}, {0, 0, -1, 0, 0})), IndexError);
    BOOST_CHECK_THROW(nn::accuracy(Tensor<>(1), IndexArray(Shape{}, {0})), ShapeError);
    BOOST_CHECK_THROW(nn::accuracy(Tensor<>::zeros({0, 3}), IndexArray(Shape{0}, {})), DomainError);
    BOOST_CHECK_THROW(nn::confusion_matrix(Tensor<>(1), IndexArray(Shape{}, {0})), ShapeError);

    nn::ConfusionMatrix matrix(2);
    BOOST_CHECK_THROW(matrix.add(logits, labels), ShapeError);
    BOOST_CHECK_THROW(matrix.recall(2), IndexError);
    BOOST_CHECK_THROW(matrix.precision(-1), IndexError);
    BOOST_CHECK_THROW(nn::ConfusionMatrix(0), DomainError);
}
