#pragma once

// A small network that learns which points lie within a circle, with all that makes a run hard to go on from.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <nn_data_files/files.hpp>

namespace autodiff::tests {

/// Drops half of its inputs while training, drawn anew in each step.
struct DropHalf {
    Tensor<> operator()(const Tensor<>& x) const
    {
        if (!nn::TrainingMode::is_active()) return x;
        return where(bernoulli(next_key(), x.shape()), 2 * x, Tensor<>(0.0));
    }
};

/// Subtracts a running mean of what it has seen while training, which is state and no parameter.
struct Center {
    mutable Tensor<> mean{0.0, 0.0};

    Tensor<> operator()(const Tensor<>& x) const
    {
        if (nn::TrainingMode::is_active()) mean = 0.9 * mean + 0.1 * autodiff::mean(x, {0});
        return x - mean;
    }
    auto parameters()
    {
        nn::Parameters<> list;
        list.state.push_back({"mean", &mean});
        return list;
    }
};

struct Net {
    Center center;
    nn::Linear<> hidden{2, 8, Key(1)}, output{8, 2, Key(2)};

    Tensor<> operator()(const Tensor<>& x) const { return output(DropHalf{}(tanh(hidden(center(x))))); }
    nn::Parameters<> parameters()
    {
        return nn::parameters("center", center, "hidden", hidden, "output", output);
    }
};

/// Points of the plane, and whether they lie within a circle.
inline nn::data::Dataset<Tensor<>, IndexArray> circle(Index samples)
{
    const Tensor<> x = normal(Key(3), {samples, 2});
    IndexArray labels = IndexArray::uninitialized({samples});
    for (Index i = 0; i < samples; ++i) labels.writable()[i] = x(i, 0) * x(i, 0) + x(i, 1) * x(i, 1) < 1;
    return nn::data::Dataset(x, labels);
}
using Options = nn::FitOptions<Tensor<>, IndexArray, Tensor<>>;

inline std::vector<double> numbers(Net& net)
{
    std::vector<double> all = net.center.mean.to_vector();
    for (const auto& parameter : net.parameters())
        for (const double number : parameter.tensor->to_vector()) all.push_back(number);
    return all;
}

/// A network trained from its start, or from the checkpoint that there is, in a process's own words.
inline nn::History run(Net& net, const Options& options)
{
    return nn::compile(net, nn::Adam{{.learning_rate = 0.05}}, nn::cross_entropy).fit(circle(50), options);
}

}  // namespace autodiff::tests
