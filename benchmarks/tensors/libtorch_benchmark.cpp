// The workloads of tensor_benchmark.cpp with libtorch.
//
// libtorch_benchmark WORKLOAD THREADS prints the fastest seconds per call (per op for op_1 and op_64), and
// how many bytes the process has come to need.

#include "peak_memory.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <string>

namespace {

namespace nn = torch::nn;
using torch::Tensor;
using Step = std::function<void()>;

const auto doubles = torch::TensorOptions().dtype(torch::kFloat64);

Step xor_step()
{
    const Tensor x = torch::tensor({0., 0., 0., 1., 1., 0., 1., 1.}, doubles).view({4, 2});
    const Tensor y = torch::tensor({0., 1., 1., 0.}, doubles).view({4, 1});
    nn::Linear hidden(2, 4), output(4, 1);
    hidden->to(torch::kFloat64);
    output->to(torch::kFloat64);
    auto parameters = hidden->parameters();
    for (const Tensor& p : output->parameters()) parameters.push_back(p);
    auto sgd = std::make_shared<torch::optim::SGD>(parameters, torch::optim::SGDOptions(0.5));
    return [=]() mutable {
        sgd->zero_grad();
        torch::mse_loss(torch::sigmoid(output(torch::sigmoid(hidden(x)))), y).backward();
        sgd->step();
    };
}

Step op(long size)
{
    const Tensor x = torch::randn({size}, doubles.requires_grad(true));
    const Tensor factor = 1 + 1e-3 * torch::randn({size}, doubles),
                 term = 1e-3 * torch::randn({size}, doubles);
    return [=] {
        Tensor y = x;
        for (int i = 0; i < 500; ++i) y = y * factor + term;
        torch::autograd::grad({y.sum()}, {x});
    };
}

Step both_ways(std::function<Tensor(const Tensor&)> f, at::IntArrayRef shape)
{
    const Tensor x = torch::randn(shape, torch::requires_grad()), y_bar = torch::randn(shape);
    return [=] { torch::autograd::grad({f(x)}, {x}, {y_bar}); };
}

Tensor gelu(const Tensor& x)
{
    return 0.5 * x * (1 + torch::tanh(0.7978845608 * (x + 0.044715 * x * x * x)));
}

Step forward(std::function<Tensor(const Tensor&)> f)
{
    const Tensor x = torch::randn({10'000});
    return [=] { f(x); };
}

Step layer_norm()
{
    const Tensor x = torch::randn({1024, 1024}, torch::requires_grad()), y_bar = torch::randn({1024, 1024});
    const Tensor scale = torch::ones({1024}, torch::requires_grad()),
                 shift = torch::zeros({1024}, torch::requires_grad());
    return [=] {
        torch::autograd::grad({torch::layer_norm(x, {1024}, scale, shift)}, {x, scale, shift}, {y_bar});
    };
}

template <class Optimizer>
Step training(nn::Sequential model, const Optimizer& options, std::vector<long> shape)
{
    const Tensor x = torch::randn(shape), labels = torch::arange(shape[0]) * 7 % 10;
    std::shared_ptr<torch::optim::Optimizer> optimizer;
    if constexpr (std::is_same_v<Optimizer, torch::optim::SGDOptions>)
        optimizer = std::make_shared<torch::optim::SGD>(model->parameters(), options);
    else optimizer = std::make_shared<torch::optim::Adam>(model->parameters(), options);
    return [=]() mutable {
        optimizer->zero_grad();
        torch::nn::functional::cross_entropy(model->forward(x), labels).backward();
        optimizer->step();
    };
}

nn::Sequential mlp()
{
    return nn::Sequential(nn::Linear(784, 512), nn::ReLU(), nn::Linear(512, 256), nn::ReLU(),
                          nn::Linear(256, 10));
}

const auto sgd = torch::optim::SGDOptions(1e-3).momentum(0.9);
const auto adam = torch::optim::AdamOptions(1e-4);

nn::Sequential lenet()
{
    return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)), nn::ReLU(), nn::MaxPool2d(2),
                          nn::Conv2d(6, 16, 5), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(),
                          nn::Linear(400, 120), nn::ReLU(), nn::Linear(120, 84), nn::ReLU(),
                          nn::Linear(84, 10));
}

nn::Sequential vgg()
{
    nn::Sequential model;
    const auto convolution = [&](int channels, int filters) {
        model->push_back(nn::Conv2d(nn::Conv2dOptions(channels, filters, 3).padding(1)));
        model->push_back(nn::BatchNorm2d(filters));
        model->push_back(nn::ReLU());
    };
    convolution(3, 32);
    convolution(32, 32);
    model->push_back(nn::MaxPool2d(2));
    convolution(32, 64);
    convolution(64, 64);
    model->push_back(nn::MaxPool2d(2));
    model->push_back(nn::Flatten());
    model->push_back(nn::Linear(4096, 10));
    return model;
}

Step mlp_hvp()
{
    auto model = mlp();
    const Tensor x = torch::randn({128, 784}), labels = torch::arange(128) * 7 % 10;
    const auto parameters = model->parameters();
    std::vector<Tensor> direction;
    for (const Tensor& p : parameters) direction.push_back(torch::randn_like(p));
    return [=]() mutable {
        const Tensor loss = torch::nn::functional::cross_entropy(model->forward(x), labels);
        const auto gradients = torch::autograd::grad({loss}, parameters, {}, true, true);
        torch::autograd::grad(gradients, parameters, direction);
    };
}

const std::map<std::string, std::function<Step()>> workloads{
    {"xor_step", xor_step},
    {"op_1", [] { return op(1); }},
    {"op_64", [] { return op(64); }},
    {"gelu_lambda_1e6", [] { return both_ways(gelu, {1'000'000}); }},
    {"gelu_lambda_1e4", [] { return both_ways(gelu, {10'000}); }},
    {"exp_1e4", [] { return forward([](const Tensor& x) { return torch::exp(x); }); }},
    {"tanh_1e4", [] { return forward([](const Tensor& x) { return torch::tanh(x); }); }},
    {"sigmoid_1e4", [] { return forward([](const Tensor& x) { return torch::sigmoid(x); }); }},
    {"softmax_rows",
     [] { return both_ways([](const Tensor& x) { return torch::softmax(x, 1); }, {1024, 1024}); }},
    {"softmax_columns",
     [] { return both_ways([](const Tensor& x) { return torch::softmax(x, 0); }, {1024, 1024}); }},
    {"layer_norm", layer_norm},
    {"mlp_sgd", [] { return training(mlp(), sgd, {128, 784}); }},
    {"mlp_adam", [] { return training(mlp(), adam, {128, 784}); }},
    {"mlp_hvp", mlp_hvp},
    {"lenet", [] { return training(lenet(), sgd, {64, 1, 28, 28}); }},
    {"vgg", [] { return training(vgg(), sgd, {64, 3, 32, 32}); }},
};

/// The least time of a call, in batches long enough for the clock.
double fastest(const Step& step)
{
    using Clock = std::chrono::steady_clock;
    const auto time = [&](int calls) {
        const auto begin = Clock::now();
        for (int i = 0; i < calls; ++i) step();
        return std::chrono::duration<double>(Clock::now() - begin).count() / calls;
    };
    time(3);
    const int calls = std::max(1, static_cast<int>(0.01 / time(1)));
    double best = std::numeric_limits<double>::infinity();
    for (const auto end = Clock::now() + std::chrono::milliseconds(500); Clock::now() < end;)
        best = std::min(best, time(calls));
    return best;
}

}  // namespace

int main(int count, char** arguments)
{
    if (count != 3 || !workloads.contains(arguments[1])) return 2;
    torch::set_num_threads(std::stoi(arguments[2]));
    torch::manual_seed(0);
    const std::string workload = arguments[1];
    const double per_call = workload.starts_with("op_") ? 1000 : 1;
    const PeakMemory memory;
    const double seconds = fastest(workloads.at(workload)()) / per_call;
    std::printf("%.6g %.0f\n", seconds, memory.bytes());
}
