#include <nn/loss.hpp>

#include <autodiff/error.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/indexing.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/softmax.hpp>
#include <autodiff/program.hpp>

namespace nn {

using autodiff::DomainError;
using autodiff::fail;
using autodiff::Index;
using autodiff::IndexError;
using autodiff::Shape;
using autodiff::ShapeError;

namespace {

template <class T>
void require_same_shape(std::string_view loss, const Tensor<T>& prediction, const Tensor<T>& target)
{
    if (prediction.shape() != target.shape())
        fail<ShapeError>(
            "{}: the prediction has shape {}, the target {}; they must be equal, reshape one of them", loss,
            prediction.shape(), target.shape());
    if (prediction.size() == 0)
        fail<DomainError>("{}: shape {} is empty and has no mean", loss, prediction.shape());
}

template <class T>
void require_probabilities(std::string_view loss, std::string_view what, const Tensor<T>& p,
                           std::string_view cure)
{
    const auto values = p.array().contiguous();
    for (const T value : std::span(values.data(), static_cast<std::size_t>(values.size())))
        if (value < 0 || value > 1)
            fail<DomainError>("{}: a {} of {} is not in [0, 1]{}", loss, what, value, cure);
}

}  // namespace

template <class T>
Tensor<T> MeanSquaredError::operator()(const Tensor<T>& prediction, const Tensor<T>& target) const
{
    require_same_shape("mse", prediction, target);
    return mean(square(prediction - target));
}

template <class T>
Tensor<T> BinaryCrossEntropy::operator()(const Tensor<T>& probability, const Tensor<T>& target) const
{
    constexpr std::string_view name = "binary_cross_entropy";
    require_same_shape(name, probability, target);
    require_probabilities(name, "probability", probability,
                          "; for logits use binary_cross_entropy_from_logits");
    require_probabilities(name, "target", target, "");
    const auto bounded_log = [](const auto& p) { return max(log(p), -100); };
    return -mean(target * bounded_log(probability) + (1 - target) * bounded_log(1 - probability));
}

template <class T>
Tensor<T> BinaryCrossEntropyFromLogits::operator()(const Tensor<T>& logits, const Tensor<T>& target) const
{
    constexpr std::string_view name = "binary_cross_entropy_from_logits";
    require_same_shape(name, logits, target);
    require_probabilities(name, "target", target, "");
    return -mean(target * log_sigmoid(logits) + (1 - target) * log_sigmoid(-logits));
}

template <class T>
Tensor<T> CrossEntropy::operator()(const Tensor<T>& logits, const IndexArray& labels) const
{
    Shape samples = logits.shape();
    if (logits.rank() > 0) samples.erase(samples.count() - 1);
    if (logits.rank() == 0 || labels.shape() != samples)
        fail<ShapeError>(
            "cross_entropy: the logits have shape {}, the labels {}; logits (…, classes) need labels (…)",
            logits.shape(), labels.shape());
    if (labels.size() == 0)
        fail<DomainError>("cross_entropy: labels of shape {} are empty and have no mean", samples);
    const Index classes = logits.shape().back();
    const auto require_classes = [classes](const IndexArray& all) {
        for (Index i = 0; i < all.size(); ++i)
            if (const Index label = all.data()[i]; label < 0 || label >= classes)
                fail<IndexError>("cross_entropy: label {} is not one of {} classes, 0 to {}", label, classes,
                                 classes - 1);
        return all;
    };
    samples.push_back(1);
    const IndexArray checked = autodiff::replayable("cross_entropy", require_classes, labels.contiguous());
    const IndexArray positions = checked.view(samples, samples.contiguous_strides(), 0);
    return -mean(gather(log_softmax(logits), positions, -1));
}

template <class T>
Tensor<T> CrossEntropy::operator()(const Tensor<T>& logits, const Tensor<T>& probabilities) const
{
    require_same_shape("cross_entropy", logits, probabilities);
    if (logits.rank() == 0) fail<ShapeError>("cross_entropy: a single number has no axis of classes");
    require_probabilities("cross_entropy", "probability", probabilities, "");
    return -mean(sum(probabilities * log_softmax(logits), {-1}));
}

template Tensor<double> MeanSquaredError::operator()(const Tensor<double>&, const Tensor<double>&) const;
template Tensor<float> MeanSquaredError::operator()(const Tensor<float>&, const Tensor<float>&) const;
template Tensor<double> BinaryCrossEntropy::operator()(const Tensor<double>&, const Tensor<double>&) const;
template Tensor<float> BinaryCrossEntropy::operator()(const Tensor<float>&, const Tensor<float>&) const;
template Tensor<double> BinaryCrossEntropyFromLogits::operator()(const Tensor<double>&,
                                                                 const Tensor<double>&) const;
template Tensor<float> BinaryCrossEntropyFromLogits::operator()(const Tensor<float>&,
                                                                const Tensor<float>&) const;
template Tensor<double> CrossEntropy::operator()(const Tensor<double>&, const IndexArray&) const;
template Tensor<float> CrossEntropy::operator()(const Tensor<float>&, const IndexArray&) const;
template Tensor<double> CrossEntropy::operator()(const Tensor<double>&, const Tensor<double>&) const;
template Tensor<float> CrossEntropy::operator()(const Tensor<float>&, const Tensor<float>&) const;

}  // namespace nn
