#pragma once

// Training in one call, for those who know it from Keras:
//
//     auto training = nn::compile(model, nn::Adam<float>{}, nn::cross_entropy);
//     const nn::History history = training.fit(
//         dataset, {.epochs = 5, .batch_size = 128, .validation_fraction = 0.1,
//                   .metrics = {{"accuracy", nn::accuracy}}, .checkpoint_directory = "run", .resume = true});
//
// A run that is killed at any moment and started again with `resume` ends with the bits of one that was not,
// unless a callback has changed options or ended it: that is not in the checkpoint.

#include <autodiff/anomalies.hpp>
#include <autodiff/transforms/gradient.hpp>
#include <nn/clip.hpp>
#include <nn/fit_checkpoints.hpp>
#include <nn/fit_plan.hpp>
#include <nn/parameters.hpp>
#include <nn/training_mode.hpp>

#include <chrono>
#include <optional>

namespace nn {

/// A model, the optimizer that changes it and the loss it is to lower. The model is referred to, not copied.
template <Model M, class Optimizer, class Loss>
class Training {
public:
    /// The kind of number in the model's parameters.
    using T = detail::value_of<M>;
    /// What the model makes of inputs X.
    template <class X>
    using Prediction = std::remove_cvref_t<std::invoke_result_t<M&, const X&>>;
    /// What fit() takes for inputs X and targets Y.
    template <class X, class Y>
    using Options = FitOptions<X, Y, Prediction<X>>;

    M& model;             ///< trained in place; it has to outlive this
    Optimizer optimizer;  ///< with its options, and its state from one fit() to the next
    Loss loss;            ///< called as loss(prediction, y); returns a tensor of one number

    Training(M& of, Optimizer with, Loss lowering)
        : model(of), optimizer(std::move(with)), loss(std::move(lowering))
    {
    }

    /// Trains for the given number of epochs, or until early stopping or after_epoch end it. Each step is one
    /// of the optimizer along the gradient of loss(model(x), y) on a batch, under TrainingMode; validation
    /// is without. The history begins with the epochs of the run that is resumed.
    /// @throws autodiff::DomainError for options that make no sense, data::FileError for a checkpoint that
    /// cannot be written, or does not fit; and what model, loss and callbacks throw.
    template <class X, class Y>
    History fit(const data::Dataset<X, Y>& dataset, const std::type_identity_t<Options<X, Y>>& options)
    {
        std::optional<autodiff::DetectAnomalies> detecting;
        if (options.detect_anomalies) detecting.emplace();
        const std::array keys = autodiff::split<3>(options.key);  // for the split, the order, the layers
        auto [training, validation] = parts(dataset, options, keys[0]);
        detail::require_plan(plan(training, validation, options));
        const data::Loader<X, Y> loader(training, loader_options(training.size(), options, keys[1]),
                                        options.transform);

        History history;
        for (const auto& metric : options.metrics) history.metric_names.push_back(metric.name);
        const detail::Checkpoints<T> checkpoints(
            options.checkpoint_directory,
            detail::settings_of_run(options.key, options.batch_size, training.size(), history.metric_names));
        if (options.resume) resume(checkpoints, history);

        while (!detail::has_ended(history, options.epochs, options.early_stopping)) {
            const auto start = std::chrono::steady_clock::now();
            EpochResult result{.epoch = static_cast<int>(history.size()) + 1};
            result.training_loss = train(loader, training.size(), options, keys[2], result.epoch);
            if (validation) {
                Measured measured = measure(*validation, options.batch_size, options.metrics);
                result.validation_loss = measured.loss;
                result.metrics = std::move(measured.metrics);
            }
            if constexpr (detail::HasLearningRate<Optimizer>)
                result.learning_rate = optimizer.options.learning_rate;
            result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            history.push_back(result);
            if constexpr (detail::HasState<Optimizer, T>)
                checkpoints.save(model.parameters(), optimizer.state, history);
            if (!options.after_epoch(result)) break;
        }
        return history;
    }

    /// The same for samples that are not in a dataset yet.
    template <class X, class Y>
    History fit(const X& x, const Y& y, const std::type_identity_t<Options<X, Y>>& options)
    {
        return fit(data::Dataset<X, Y>(x, y), options);
    }

    /// model(x). Without an nn::TrainingMode of the caller's, layers do what they do after training.
    auto predict(const auto& x) const { return model(x); }
    /// loss(model(x), y), of all samples at once.
    template <class X, class Y>
        requires(!detail::is_dataset<X>)
    double evaluate(const X& x, const Y& y) const
    {
        return static_cast<double>(loss(model(x), y).item());
    }
    /// The mean of the loss over the samples, computed batch by batch (0: all at once).
    /// @throws autodiff::DomainError if there are none.
    template <class X, class Y>
    double evaluate(const data::Dataset<X, Y>& dataset, Index batch_size = 0) const
    {
        return measure<X, Y>(dataset, batch_size, {}).loss;
    }

private:
    struct Measured {
        double loss;
        std::vector<double> metrics;
    };
    template <class X, class Y>
    using Parts = std::pair<data::Dataset<X, Y>, std::optional<data::Dataset<X, Y>>>;

    template <class X, class Y>
    static Parts<X, Y> parts(const data::Dataset<X, Y>& dataset, const Options<X, Y>& options, Key key)
    {
        if (options.validation || options.validation_fraction == 0) return {dataset, options.validation};
        return dataset.split(options.validation_fraction, key);
    }

    template <class X, class Y>
    static detail::FitPlan plan(const data::Dataset<X, Y>& training,
                                const std::optional<data::Dataset<X, Y>>& validation,
                                const Options<X, Y>& options)
    {
        return {.epochs = options.epochs,
                .batch_size = options.batch_size,
                .samples = training.size(),
                .validation_samples = validation ? validation->size() : 0,
                .has_validation = validation.has_value(),
                .has_two_validations = options.validation && options.validation_fraction != 0,
                .has_metrics = !options.metrics.empty(),
                .has_schedule = static_cast<bool>(options.schedule),
                .has_learning_rate = detail::HasLearningRate<Optimizer>,
                .has_checkpoints = !options.checkpoint_directory.empty(),
                .resumes = options.resume,
                .has_state = detail::HasState<Optimizer, T>,
                .early_stopping = options.early_stopping};
    }

    template <class X, class Y>
    static data::LoaderOptions loader_options(Index samples, const Options<X, Y>& options, Key key)
    {
        return {.batch_size = options.batch_size == 0 ? samples : options.batch_size,
                .shuffle = options.batch_size != 0,
                .key = key,
                .prefetch = options.prefetch};
    }

    void resume(const detail::Checkpoints<T>& checkpoints, History& history)
    {
        if constexpr (detail::HasState<Optimizer, T>) {
            History before = checkpoints.resume(model.parameters(), optimizer.state);
            before.metric_names = std::move(history.metric_names);
            history = std::move(before);
        }
    }

    /// An epoch's steps. Returns the mean of the loss.
    template <class X, class Y>
    double train(const data::Loader<X, Y>& loader, Index samples, const Options<X, Y>& options, Key key,
                 int epoch)
    {
        const auto parameters = model.parameters();
        detail::RunningMean mean;
        Index step = (epoch - 1) * loader.batches();
        for (const auto& [x, y] : loader.epoch(epoch - 1)) {
            if constexpr (detail::HasLearningRate<Optimizer>)
                if (options.schedule) optimizer.options.learning_rate = options.schedule(step);
            auto [value, gradients] =
                recorded(x, y, parameters, fold_in(key, static_cast<std::uint64_t>(step++)));
            if (options.clip_value) clip_by_value(gradients, *options.clip_value);
            if (options.clip_global_norm) clip_by_global_norm(gradients, *options.clip_global_norm);
            optimizer.step(parameters, gradients);
            mean.add(static_cast<double>(value.item()), data::detail::array_of(x).size(0));
            if (options.after_batch)
                options.after_batch({epoch, options.epochs, mean.count(), samples, mean.value()});
        }
        return mean.value();
    }

    /// The loss of a batch and its gradient; layers draw with the key.
    auto recorded(const auto& x, const auto& y, const Parameters<T>& parameters, Key key)
    {
        const TrainingMode mode(key);
        return autodiff::value_and_gradient([&] { return loss(model(x), y); }, parameters);
    }

    template <class X, class Y>
    Measured measure(const data::Dataset<X, Y>& dataset, Index batch_size,
                     const std::vector<Metric<Prediction<X>, Y>>& metrics) const
    {
        if (dataset.size() == 0) autodiff::fail<autodiff::DomainError>("evaluate: there are no samples");
        detail::RunningMean mean;
        std::vector<detail::RunningMean> means(metrics.size());
        const data::Loader<X, Y> loader(
            dataset, {.batch_size = batch_size == 0 ? dataset.size() : batch_size, .shuffle = false});
        for (const auto& [x, y] : loader.epoch(0)) {
            const auto prediction = model(x);
            const Index samples = data::detail::array_of(x).size(0);
            mean.add(static_cast<double>(loss(prediction, y).item()), samples);
            for (std::size_t m = 0; m < metrics.size(); ++m)
                means[m].add(metrics[m].of(prediction, y), samples);
        }
        Measured measured{.loss = mean.value(), .metrics = {}};
        for (const detail::RunningMean& metric : means) measured.metrics.push_back(metric.value());
        return measured;
    }
};

/// A model with what it is trained by. It is referred to, and must outlive the training.
template <Model M, class Optimizer, class Loss>
Training<M, Optimizer, Loss> compile(M& model, Optimizer optimizer, Loss loss)
{
    return {model, std::move(optimizer), std::move(loss)};
}

}  // namespace nn
