#pragma once

// Training in one call, for those who know it from Keras:
//
//     auto training = nn::compile(model, nn::Sgd{{.learning_rate = 0.5}}, nn::mse);
//     auto losses = training.fit(x, y, {.epochs = 3000});

#include <autodiff/transforms/gradient.hpp>
#include <nn/parameters.hpp>

#include <functional>
#include <vector>

namespace nn {

struct FitOptions {
    int epochs = 1;
    /// Called after each epoch with its number, from 1, and its loss.
    std::function<void(int epoch, double loss)> after_epoch = {};
};

/// A model, the optimizer that changes it and the loss it is to lower. The model is referred to, not copied.
template <Model M, class Optimizer, class Loss>
struct Training {
    M& model;
    Optimizer optimizer;
    Loss loss;

    /// Trains on all of x at once in each epoch. Returns the loss of each, measured before its step.
    template <class X, class Y>
    std::vector<double> fit(const X& x, const Y& y, const FitOptions& options)
    {
        const auto parameters = model.parameters();
        std::vector<double> losses;
        for (int epoch = 1; epoch <= options.epochs; ++epoch) {
            const auto [value, gradients] =
                autodiff::value_and_gradient([&] { return loss(model(x), y); }, parameters);
            optimizer.step(parameters, gradients);
            losses.push_back(static_cast<double>(value.item()));
            if (options.after_epoch) options.after_epoch(epoch, losses.back());
        }
        return losses;
    }

    auto predict(const auto& x) const { return model(x); }
    double evaluate(const auto& x, const auto& y) const
    {
        return static_cast<double>(loss(model(x), y).item());
    }
};

template <Model M, class Optimizer, class Loss>
Training<M, Optimizer, Loss> compile(M& model, Optimizer optimizer, Loss loss)
{
    return {model, std::move(optimizer), std::move(loss)};
}

}  // namespace nn
