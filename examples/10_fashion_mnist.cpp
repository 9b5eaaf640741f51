// A network for real data: it learns to tell ten kinds of clothing apart, from 60000 small pictures (Xiao,
// Rasul and Vollgraf 2017). It trains on batches, watches samples that it does not train on, and can be
// killed at any moment: with --resume it goes on, and ends with the same bits.

#include "support/command_line.hpp"
#include "support/history_plot.hpp"
#include "support/progress.hpp"

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/core.h>

#include <optional>

using namespace autodiff;

namespace {

struct Settings {
    int epochs = 5;
    Index batch_size = 128;
    double learning_rate = 2e-3;
    std::uint64_t seed = 1;
    int threads = num_threads();
    std::string precision = "float";
    bool resume = false;
    std::string data = "/usr/share/datasets/fashion-mnist";
};

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

void print(const nn::History& history)
{
    fmt::print("  epoch  training loss  validation loss  accuracy  learning rate\n");
    for (const nn::EpochResult& result : history)
        fmt::print("  {:5}  {:13.4f}  {:15.4f}  {:8.4f}  {:13.6f}\n", result.epoch, result.training_loss,
                   *result.validation_loss, result.metrics[0], result.learning_rate);
}

template <class T>
int train(const Settings& settings, const support::CommandLine& options)
{
    std::optional<support::Progress> progress;
    const auto show = [&](const nn::BatchResult& now) {
        if (!progress)
            progress.emplace("fit", now.samples_per_epoch * now.epochs, options.quiet(), "samples");
        progress->update((now.epoch - 1) * now.samples_per_epoch + now.samples,
                         fmt::format("epoch {}/{}  loss {:.3f}", now.epoch, now.epochs, now.loss));
    };
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
                               .after_batch = show});

    const auto& [images, labels] = test.arrays();
    const auto confusion = nn::confusion_matrix(fitting.predict(images), labels);
    //! [fit]

    if (progress) progress->clear();
    print(history);
    fmt::print("\nOf {} pictures that it has not seen, it knows {:.2f} %:\n\n{}", test.size(),
               100 * confusion.accuracy(), confusion.table(nn::data::fashion_mnist_classes));
    if (writes_files) {
        history.write_csv(options.picture("fashion_mnist.csv"));
        support::write_svg(options.picture("fashion_mnist.svg"), "Fashion-MNIST", history);
    }
    return confusion.accuracy() > 0.8 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv)
{
    return support::run([&] {
        Settings settings;
        support::CommandLine options("10_fashion_mnist",
                                     "A network learns to tell ten kinds of clothing apart.");
        options.add("epochs", settings.epochs, "how often to go through the pictures")
            .add("batch-size", settings.batch_size, "pictures in a step")
            .add("learning-rate", settings.learning_rate, "size of a step, at the start")
            .add("seed", settings.seed, "of starting weights, split and order")
            .add("threads", settings.threads, "to compute with")
            .add("precision", settings.precision, "float or double")
            .add("data", settings.data, "directory of the files")
            .flag("resume", settings.resume,
                  "go on from the checkpoint in the directory --out, if there is one")
            .parse(argc, argv);
        support::require(settings.epochs >= 1 && settings.batch_size >= 1 && settings.learning_rate > 0,
                         "--epochs, --batch-size and --learning-rate must be positive");
        support::require(settings.threads >= 1 && settings.threads <= 256, "--threads must be 1 to 256");
        support::require(settings.precision == "float" || settings.precision == "double",
                         "--precision must be float or double");
        support::require(!settings.resume || options.wants_pictures(), "--resume needs the directory --out");
        set_num_threads(settings.threads);
        return settings.precision == "float" ? train<float>(settings, options)
                                             : train<double>(settings, options);
    });
}
