#pragma once

// How good predictions are, in numbers for people: nothing here has a derivative.
//
//     const double right = nn::accuracy(model(x), labels);
//     fmt::print("{}", nn::confusion_matrix(model(x), labels));

#include <autodiff/tensor.hpp>

#include <span>
#include <string>
#include <string_view>

namespace nn {

using autodiff::Index;
using autodiff::IndexArray;
using autodiff::Tensor;

/// An object, so that it can be handed on: {.metrics = {{"accuracy", nn::accuracy}}}.
struct Accuracy {
    /// The part of the samples whose largest logit is that of their label; of several that are equally large
    /// the first counts, and NaN as larger than all.
    ///   logits (…, classes), labels (…) from 0 to classes - 1
    /// @throws autodiff::ShapeError unless the shapes fit, autodiff::DomainError if there are no labels,
    /// autodiff::IndexError for a label that is no class.
    template <class T>
    double operator()(const Tensor<T>& logits, const IndexArray& labels) const;
};
/// The share of predictions that are right: see Accuracy.
inline constexpr Accuracy accuracy;

/// How many samples of each class were taken for each class.
class ConfusionMatrix {
public:
    /// Of no samples. @throws autodiff::DomainError unless there is a class.
    explicit ConfusionMatrix(Index classes);

    /// Counts more samples; shapes and errors as for accuracy.
    template <class T>
    void add(const Tensor<T>& logits, const IndexArray& labels);

    /// How many there are: labels go from 0 to classes() - 1.
    Index classes() const { return counts_.size(0); }
    /// (classes, classes): in row i and column j the samples with label i that were taken for j.
    const IndexArray& counts() const { return counts_; }
    /// The part of all samples that were taken for what they are; NaN without samples.
    double accuracy() const;
    /// The part of those taken for this class that belong to it; NaN if there are none.
    /// @throws autodiff::IndexError if there is no such class.
    double precision(Index of_class) const;
    /// The part of those that belong to this class that were taken for it; NaN if there are none.
    /// @throws autodiff::IndexError if there is no such class.
    double recall(Index of_class) const;

    /// The counts with a line for each label and a column for each class that samples were taken for, recall
    /// and precision in percent. Labels are called by their numbers, and these names beside them.
    /// @throws autodiff::DomainError unless there are as many names as classes, or none.
    std::string table(std::span<const std::string_view> names = {}) const;

private:
    IndexArray counts_;
};

/// The confusion matrix of these samples; shapes and errors as for accuracy.
template <class T>
ConfusionMatrix confusion_matrix(const Tensor<T>& logits, const IndexArray& labels);

}  // namespace nn

/// @cond
template <>
struct fmt::formatter<nn::ConfusionMatrix> : fmt::formatter<std::string_view> {
    auto format(const nn::ConfusionMatrix& matrix, fmt::format_context& context) const
    {
        return fmt::formatter<std::string_view>::format(matrix.table(), context);
    }
};
/// @endcond
