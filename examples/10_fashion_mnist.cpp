// A network for real data: it learns to tell ten kinds of clothing apart, from 60000 small pictures (Xiao,
// Rasul and Vollgraf 2017). It trains on batches, watches samples that it does not train on, and can be
// killed at any moment: with --resume it goes on, and ends with the same bits.

#include "support/classifier.hpp"

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <functional>

using namespace autodiff;

namespace {

//! [classifier]
template <class T>
struct Classifier {
    nn::Linear<T> first{28 * 28, 256}, second{256, 128}, last{128, 10};

    Tensor<T> operator()(const Tensor<T>& images) const
    {
        const Tensor<T> pixels = reshape(images, {images.size(0), 28 * 28});
        return last(relu(second(relu(first(pixels)))));
    }
    auto parameters() { return nn::parameters("first", first, "second", second, "last", last); }
};
//! [classifier]

template <class T>
int train(const support::ClassifierSettings& settings, const support::CommandLine& options)
{
    support::FitProgress progress(options.quiet());
    const bool writes_files = options.wants_pictures();

    //! [fit]
    const auto [for_split, for_weights, for_training] = split<3>(Key(settings.seed));
    const auto [data, test] = nn::data::fashion_mnist<T>(settings.data);
    const auto [training, validation] = data.split(0.1, for_split);
    const Index steps = settings.epochs * ((training.size() - 1) / settings.batch_size + 1);

    Classifier<T> model;
    nn::initialize(model, for_weights, {.weights = nn::he_normal});
    auto fitting = nn::compile(model, nn::Adam<T>{}, nn::cross_entropy);
    const nn::History history =
        fitting.fit(training, {.epochs = settings.epochs,
                               .batch_size = settings.batch_size,
                               .key = for_training,
                               .validation = validation,
                               .metrics = {{"accuracy", nn::accuracy}},
                               .schedule = nn::CosineAnnealing{settings.learning_rate, steps},
                               .checkpoint_directory = writes_files ? options.picture("fashion_mnist") : "",
                               .resume = settings.resume,
                               .after_batch = std::ref(progress)});

    const auto& [images, labels] = test.arrays();
    const auto confusion = nn::confusion_matrix(fitting.predict(images), labels);
    //! [fit]

    progress.clear();
    return support::report("fashion_mnist", "Fashion-MNIST", history, confusion, options);
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        support::CommandLine options("10_fashion_mnist",
                                     "A network learns to tell ten kinds of clothing apart.");
        const auto settings = support::classifier_settings(options, {}, argc, argv);
        return settings.precision == "float" ? train<float>(settings, options)
                                             : train<double>(settings, options);
    });
}
