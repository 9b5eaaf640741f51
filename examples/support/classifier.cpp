#include "support/classifier.hpp"

#include "support/history_plot.hpp"

#include <autodiff/threads.hpp>
#include <nn/data/fashion_mnist.hpp>

#include <fmt/core.h>

#include <numeric>

namespace support {

ClassifierSettings classifier_settings(CommandLine& options, ClassifierSettings settings, int argc,
                                       char** argv)
{
    settings.threads = autodiff::num_threads();
    options.add("epochs", settings.epochs, "how often to go through the pictures")
        .add("batch-size", settings.batch_size, "pictures in a step")
        .add("learning-rate", settings.learning_rate, "size of a step, at the start")
        .add("seed", settings.seed, "of starting weights, split and order")
        .add("threads", settings.threads, "to compute with")
        .add("precision", settings.precision, "float or double")
        .add("data", settings.data, "directory of the files")
        .flag("resume", settings.resume, "go on from the checkpoint in the directory --out, if there is one")
        .parse(argc, argv);
    require(settings.epochs >= 1 && settings.batch_size >= 1 && settings.learning_rate > 0,
            "--epochs, --batch-size and --learning-rate must be positive");
    require(settings.threads >= 1 && settings.threads <= 256, "--threads must be 1 to 256");
    require(settings.precision == "float" || settings.precision == "double",
            "--precision must be float or double");
    require(!settings.resume || options.wants_pictures(), "--resume needs the directory --out");
    autodiff::set_num_threads(settings.threads);
    return settings;
}

void FitProgress::operator()(const nn::BatchResult& now)
{
    if (!progress_)
        progress_ = std::make_shared<Progress>("fit", now.samples_per_epoch * now.epochs, quiet_, "samples");
    progress_->update((now.epoch - 1) * now.samples_per_epoch + now.samples,
                      fmt::format("epoch {}/{}  loss {:.3f}", now.epoch, now.epochs, now.loss));
}

void FitProgress::clear()
{
    if (progress_) progress_->clear();
}

int report(const std::string& name, const std::string& title, const nn::History& history,
           const nn::ConfusionMatrix& confusion, const CommandLine& options)
{
    fmt::print("  epoch  training loss  validation loss  accuracy  learning rate\n");
    for (const nn::EpochResult& result : history)
        fmt::print("  {:5}  {:13.4f}  {:15.4f}  {:8.4f}  {:13.6f}\n", result.epoch, result.training_loss,
                   *result.validation_loss, result.metrics[0], result.learning_rate);
    const std::vector<autodiff::Index> counts = confusion.counts().to_vector();
    const autodiff::Index pictures = std::accumulate(counts.begin(), counts.end(), autodiff::Index{0});
    fmt::print("\nOf {} pictures that it has not seen, it knows {:.2f} %:\n\n{}", pictures,
               100 * confusion.accuracy(), confusion.table(nn::data::fashion_mnist_classes));
    if (options.wants_pictures()) {
        history.write_csv(options.picture(name + ".csv"));
        write_svg(options.picture(name + ".svg"), title, history);
    }
    return confusion.accuracy() > 0.8 ? 0 : 1;
}

}  // namespace support
