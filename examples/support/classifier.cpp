#include "support/classifier.hpp"

#include <autodiff/threads.hpp>

#include <fmt/core.h>

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

void print(const nn::History& history)
{
    fmt::print("  epoch  training loss  validation loss  accuracy  learning rate\n");
    for (const nn::EpochResult& result : history)
        fmt::print("  {:5}  {:13.4f}  {:15.4f}  {:8.4f}  {:13.6f}\n", result.epoch, result.training_loss,
                   *result.validation_loss, result.metrics[0], result.learning_rate);
}

}  // namespace support
