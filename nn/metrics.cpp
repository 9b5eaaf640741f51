#include <nn/metrics.hpp>

#include <autodiff/ops/sort.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace nn {

using autodiff::DomainError;
using autodiff::fail;
using autodiff::IndexError;
using autodiff::Shape;
using autodiff::ShapeError;

namespace {

double ratio(Index part, Index all)
{
    return all == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(all);
}

/// f(label, prediction) for each sample.
template <class T>
void for_each_sample(const char* metric, const Tensor<T>& logits, const IndexArray& labels, auto f)
{
    Shape samples = logits.shape();
    if (logits.rank() > 0) samples.erase(samples.count() - 1);
    if (logits.rank() == 0 || labels.shape() != samples)
        fail<ShapeError>("{}: the logits have shape {}, the labels {}; logits (…, classes) need labels (…)",
                         metric, logits.shape(), labels.shape());
    if (labels.size() == 0) fail<DomainError>("{}: labels of shape {} are empty", metric, samples);
    const Index classes = logits.shape().back();
    const IndexArray predicted = autodiff::argmax(Tensor<T>(logits.array()), -1).contiguous();
    const IndexArray expected = labels.contiguous();
    for (const Index label : std::span(expected.data(), static_cast<std::size_t>(expected.size())))
        if (label < 0 || label >= classes)
            fail<IndexError>("{}: label {} is not one of {} classes, 0 to {}", metric, label, classes,
                             classes - 1);
    for (Index i = 0; i < labels.size(); ++i) f(expected.data()[i], predicted.data()[i]);
}

void require_class(Index of_class, Index classes)
{
    if (of_class < 0 || of_class >= classes)
        fail<IndexError>("confusion_matrix: there is no class {}; they are 0 to {}", of_class, classes - 1);
}

}  // namespace

template <class T>
double Accuracy::operator()(const Tensor<T>& logits, const IndexArray& labels) const
{
    Index right = 0;
    for_each_sample("accuracy", logits, labels,
                    [&](Index label, Index prediction) { right += static_cast<Index>(label == prediction); });
    return ratio(right, labels.size());
}

ConfusionMatrix::ConfusionMatrix(Index classes)
{
    if (classes < 1) fail<DomainError>("confusion_matrix: {} classes; there must be one", classes);
    counts_ = IndexArray::filled(Shape{classes, classes}, 0);
}

template <class T>
void ConfusionMatrix::add(const Tensor<T>& logits, const IndexArray& labels)
{
    if (logits.rank() > 0 && logits.size(-1) != classes())
        fail<ShapeError>("confusion_matrix: logits {} for {} classes", logits.shape(), classes());
    std::vector<Index> sums = counts_.to_vector();
    for_each_sample("confusion_matrix", logits, labels, [&](Index label, Index prediction) {
        ++sums[static_cast<std::size_t>(label * classes() + prediction)];
    });
    counts_ = IndexArray(counts_.shape(), std::span<const Index>(sums));
}

double ConfusionMatrix::accuracy() const
{
    Index right = 0, all = 0;
    for (Index i = 0; i < classes(); ++i) {
        right += counts_(i, i);
        for (Index j = 0; j < classes(); ++j) all += counts_(i, j);
    }
    return ratio(right, all);
}

double ConfusionMatrix::precision(Index of_class) const
{
    require_class(of_class, classes());
    Index taken = 0;
    for (Index i = 0; i < classes(); ++i) taken += counts_(i, of_class);
    return ratio(counts_(of_class, of_class), taken);
}

double ConfusionMatrix::recall(Index of_class) const
{
    require_class(of_class, classes());
    Index belonging = 0;
    for (Index j = 0; j < classes(); ++j) belonging += counts_(of_class, j);
    return ratio(counts_(of_class, of_class), belonging);
}

std::string ConfusionMatrix::table(std::span<const std::string_view> names) const
{
    if (!names.empty() && names.size() != static_cast<std::size_t>(classes()))
        fail<DomainError>("confusion_matrix: {} names for {} classes", names.size(), classes());
    std::vector<std::string> labels;
    std::size_t label_width = std::string_view("label").size(), width = 4;
    for (Index i = 0; i < classes(); ++i) {
        labels.push_back(names.empty() ? fmt::to_string(i)
                                       : fmt::format("{} {}", i, names[static_cast<std::size_t>(i)]));
        label_width = std::max(label_width, labels.back().size());
        for (Index j = 0; j < classes(); ++j)
            width = std::max(width, fmt::formatted_size("{}", counts_(i, j)));
    }
    const auto percent = [](double x) { return std::isnan(x) ? "-" : fmt::format("{:.1f}", 100 * x); };
    std::string text = fmt::format("{:<{}}", "label", label_width);
    for (Index j = 0; j < classes(); ++j) text += fmt::format("  {:>{}}", j, width);
    text += "  recall  precision\n";
    for (Index i = 0; i < classes(); ++i) {
        text += fmt::format("{:<{}}", labels[static_cast<std::size_t>(i)], label_width);
        for (Index j = 0; j < classes(); ++j) text += fmt::format("  {:>{}}", counts_(i, j), width);
        text += fmt::format("  {:>6}  {:>9}\n", percent(recall(i)), percent(precision(i)));
    }
    return text;
}

template <class T>
ConfusionMatrix confusion_matrix(const Tensor<T>& logits, const IndexArray& labels)
{
    if (logits.rank() == 0) fail<ShapeError>("confusion_matrix: a single number has no axis of classes");
    ConfusionMatrix matrix(logits.size(-1));
    matrix.add(logits, labels);
    return matrix;
}

template double Accuracy::operator()(const Tensor<double>&, const IndexArray&) const;
template double Accuracy::operator()(const Tensor<float>&, const IndexArray&) const;
template void ConfusionMatrix::add(const Tensor<double>&, const IndexArray&);
template void ConfusionMatrix::add(const Tensor<float>&, const IndexArray&);
template ConfusionMatrix confusion_matrix(const Tensor<double>&, const IndexArray&);
template ConfusionMatrix confusion_matrix(const Tensor<float>&, const IndexArray&);

}  // namespace nn
