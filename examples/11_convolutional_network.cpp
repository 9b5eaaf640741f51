// Filters instead of full layers: LeNet (LeCun, Bottou, Bengio and Haffner 1998) looks at every place of a
// picture through the same small windows. It needs fewer weights than the network of 10_fashion_mnist and
// knows more of the clothes. What its first filters look for, and which pictures it gets wrong, are drawn.

#include "support/classifier.hpp"
#include "support/plot.hpp"

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/core.h>

#include <functional>

using namespace autodiff;

namespace {

//! [lenet]
template <class T>
struct LeNet {
    nn::Conv2d<T> first{1, 6, 5, {.padding = 2}}, second{6, 16, 5};
    nn::Linear<T> third{16 * 5 * 5, 120}, fourth{120, 84}, last{84, 10};

    Tensor<T> operator()(const Tensor<T>& images) const  // (samples, 28, 28)
    {
        const Tensor<T> one_channel = unsqueeze(images, {1});
        const Tensor<T> edges = max_pool2d(relu(first(one_channel)), 2);  // (samples, 6, 14, 14)
        const Tensor<T> parts = max_pool2d(relu(second(edges)), 2);       // (samples, 16, 5, 5)
        const Tensor<T> features = nn::Flatten{}(parts);
        return last(relu(fourth(relu(third(features)))));
    }
    auto parameters()
    {
        return nn::parameters("first", first, "second", second, "third", third, "fourth", fourth, "last",
                              last);
    }
};
//! [lenet]

template <class T>
std::vector<double> numbers(const Tensor<T>& x)
{
    const std::vector<T> values = x.to_vector();
    return {values.begin(), values.end()};
}

template <class T>
support::PictureGrid filters(const LeNet<T>& model)
{
    support::PictureGrid grid{"The first filters: red adds, blue takes away", 6, {}, true};
    for (Index filter = 0; filter < model.first.weight.size(0); ++filter)
        grid.pictures.push_back(
            {fmt::format("filter {}", filter), 5, numbers(take(model.first.weight, IndexArray(filter)))});
    return grid;
}

/// The pictures that the network is surest of and wrong about.
template <class T>
support::PictureGrid mistakes(const Tensor<T>& logits, const Tensor<T>& images, const IndexArray& labels)
{
    constexpr Index most = 15;
    const IndexArray found = argmax(logits, 1);
    std::vector<T> sureness = max(softmax(logits, {1}), {1}).to_vector();
    for (Index i = 0; i < labels.size(); ++i)
        if (found(i) == labels(i)) sureness[static_cast<std::size_t>(i)] = 0;
    const auto [highest, samples] = topk(Tensor<T>(labels.shape(), sureness), most);
    support::PictureGrid grid{"What the network is surest of, and wrong about", 5, {}};
    const auto name = [](Index label) {
        return nn::data::fashion_mnist_classes[static_cast<std::size_t>(label)];
    };
    for (Index k = 0; k < most; ++k)
        if (const Index sample = samples(k); highest(k) > 0)
            grid.pictures.push_back({fmt::format("{},\nnot {}", name(labels(sample)), name(found(sample))),
                                     28, numbers(take(images, IndexArray(sample)))});
    return grid;
}

template <class T>
int train(const support::ClassifierSettings& settings, const support::CommandLine& options)
{
    support::FitProgress progress(options.quiet());
    const bool writes_files = options.wants_pictures();
    const auto [for_split, for_weights, for_training] = split<3>(Key(settings.seed));
    const auto [data, test] = nn::data::fashion_mnist<T>(settings.data);
    const auto [training, validation] = data.split(0.1, for_split);
    const Index steps = settings.epochs * ((training.size() - 1) / settings.batch_size + 1);

    //! [fit]
    LeNet<T> model;
    nn::initialize(model, for_weights, {.weights = nn::he_normal});
    auto fitting = nn::compile(model, nn::AdamW<T>{}, nn::cross_entropy);
    const nn::History history =
        fitting.fit(training, {.epochs = settings.epochs,
                               .batch_size = settings.batch_size,
                               .key = for_training,
                               .validation = validation,
                               .metrics = {{"accuracy", nn::accuracy}},
                               .schedule = nn::CosineAnnealing{settings.learning_rate, steps},
                               .checkpoint_directory = writes_files ? options.picture("lenet") : "",
                               .resume = settings.resume,
                               .after_batch = std::ref(progress)});
    //! [fit]

    const auto& [images, labels] = test.arrays();
    const Tensor<T> logits = fitting.predict(images);
    const auto confusion = nn::confusion_matrix(logits, labels);
    progress.clear();
    fmt::print("{} weights\n\n", nn::parameter_count(model.parameters()));
    if (writes_files) {
        support::write_svg(options.picture("lenet_filters.svg"), filters(model));
        support::write_svg(options.picture("lenet_mistakes.svg"), mistakes(logits, images, labels));
    }
    return support::report("lenet", "LeNet on Fashion-MNIST", history, confusion, options);
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        support::CommandLine options("11_convolutional_network",
                                     "A convolutional network learns to tell ten kinds of clothing apart.");
        const auto settings = support::classifier_settings(
            options, {.epochs = 3, .batch_size = 64, .learning_rate = 5e-3}, argc, argv);
        return settings.precision == "float" ? train<float>(settings, options)
                                             : train<double>(settings, options);
    });
}
