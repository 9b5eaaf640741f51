// Training steps and ops of tensors, under the names tensor/WORKLOAD/ours; tensors/libtorch_benchmark.cpp and
// tensors/torch_benchmark.py compute the same with PyTorch. ./dev bench tensor runs all in turn.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "tensors/peak_memory.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>

using namespace autodiff;

namespace {

/// Numbers that no part of the computation can know: standard normal, times `scale`.
template <class T>
Tensor<T> numbers(const Shape& shape, double scale = 1)
{
    static std::uint64_t seed = 0;
    return static_cast<T>(scale) * normal<T>(Key(++seed), shape);
}

/// Times `step`, which returns what must not be optimized away, after a few rounds to come to rest.
void repeat(benchmark::State& state, auto step)
{
    for (int i = 0; i < 3; ++i) benchmark::DoNotOptimize(step());
    for (auto _ : state) benchmark::DoNotOptimize(step());
}

// ---------------------------------------- small steps -------------------------------------------------

struct Xor {
    nn::Linear<> hidden{2, 4, Key(1)}, output{4, 1, Key(2)};
    Tensor<> operator()(const Tensor<>& x) const { return sigmoid(output(sigmoid(hidden(x)))); }
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};

/// Whether each step is recorded, or the first one replayed.
enum class Step { recorded, replayed };

/// A step of training: forwards, backwards, and the optimizer's.
void train(benchmark::State& state, Step kind, auto& model, auto optimizer, auto loss,
           const auto&... arguments)
{
    const auto parameters = model.parameters();
    Replay replay([&](const auto&... x) { return loss(model, x...); }, parameters);
    std::uint64_t step = 0;
    repeat(state, [&] {
        const nn::TrainingMode mode(fold_in(Key(2), step++));
        const auto [value, gradients] =
            kind == Step::replayed
                ? replay(arguments...)
                : value_and_gradient([&] { return loss(model, arguments...); }, parameters);
        optimizer.step(parameters, gradients);
        return value.item();
    });
}

void xor_step(benchmark::State& state, Step kind)
{
    Xor model;
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y({4, 1}, {0, 1, 1, 0});
    train(
        state, kind, model, nn::Sgd{{.learning_rate = 0.5}},
        [](const Xor& m, const Tensor<>& a, const Tensor<>& b) { return nn::mse(m(a), b); }, x, y);
}
BENCHMARK_CAPTURE(xor_step, recorded, Step::recorded)->Name("tensor/xor_step/ours");
BENCHMARK_CAPTURE(xor_step, replayed, Step::replayed)->Name("tensor/xor_step/replayed");

/// A chain of a thousand ops on vectors, forwards and backwards; the time is that of one op.
void op(benchmark::State& state, Index size)
{
    const Tensor<> x = numbers<double>({size}), factor = 1 + numbers<double>({size}, 1e-3),
                   term = numbers<double>({size}, 1e-3);
    const auto chain = [&](const Tensor<>& start) {
        Tensor<> y = start;
        for (int i = 0; i < 500; ++i) y = y * factor + term;
        return sum(y);
    };
    for (int i = 0; i < 3; ++i) benchmark::DoNotOptimize(gradient(chain, x));
    while (state.KeepRunningBatch(1000)) benchmark::DoNotOptimize(gradient(chain, x));
}
BENCHMARK_CAPTURE(op, 1, 1)->Name("tensor/op_1/ours");
BENCHMARK_CAPTURE(op, 64, 64)->Name("tensor/op_64/ours");

// ---------------------------------------- ops ---------------------------------------------------------

constexpr auto gelu_lambda = elementwise(
    "gelu", [](auto x) { return 0.5f * x * (1 + tanh(0.7978845608f * (x + 0.044715f * x * x * x))); });

/// Forwards and backwards, from an adjoint that is given.
void both_ways(benchmark::State& state, auto f, Tensor<float> x)
{
    const Tensor<float> y_bar = numbers<float>(x.shape());
    repeat(state, [&] {
        const auto [y, pullback] = vjp(f, x);
        return pullback(y_bar);
    });
}
void gelu(benchmark::State& state, Index size) { both_ways(state, gelu_lambda, numbers<float>({size})); }
BENCHMARK_CAPTURE(gelu, 1e6, 1'000'000)->Name("tensor/gelu_lambda_1e6/ours");
BENCHMARK_CAPTURE(gelu, 1e4, 10'000)->Name("tensor/gelu_lambda_1e4/ours");

void forward(benchmark::State& state, auto f)
{
    const Tensor<float> x = numbers<float>({10'000});
    repeat(state, [&] { return f(x); });
}
BENCHMARK_CAPTURE(forward, exp, [](const auto& x) { return exp(x); }) -> Name("tensor/exp_1e4/ours");
BENCHMARK_CAPTURE(forward, tanh, [](const auto& x) { return tanh(x); }) -> Name("tensor/tanh_1e4/ours");
BENCHMARK_CAPTURE(forward, sigmoid, [](const auto& x) { return sigmoid(x); })
    -> Name("tensor/sigmoid_1e4/ours");

void softmax_over(benchmark::State& state, Index axis)
{
    both_ways(state, [axis](const auto& x) { return softmax(x, {axis}); }, numbers<float>({1024, 1024}));
}
BENCHMARK_CAPTURE(softmax_over, rows, 1)->Name("tensor/softmax_rows/ours");
BENCHMARK_CAPTURE(softmax_over, columns, 0)->Name("tensor/softmax_columns/ours");

void normalize(benchmark::State& state)
{
    const Tensor<float> x = numbers<float>({1024, 1024}), y_bar = numbers<float>({1024, 1024}),
                        scale = Tensor<float>::ones({1024}), shift = Tensor<float>::zeros({1024});
    const auto norm = [](const auto& a, const auto& b, const auto& c) { return layer_norm(a, b, c); };
    repeat(state, [&] {
        const auto [y, pullback] = vjp(norm, x, scale, shift);
        return pullback(y_bar);
    });
}
BENCHMARK(normalize)->Name("tensor/layer_norm/ours");

// ---------------------------------------- networks ----------------------------------------------------

struct Mlp {
    nn::Linear<float> first{784, 512}, second{512, 256}, third{256, 10};
    Tensor<float> operator()(const Tensor<float>& x) const { return third(relu(second(relu(first(x))))); }
    auto parameters() { return nn::parameters("first", first, "second", second, "third", third); }
};

struct Samples {
    Tensor<float> x;
    IndexArray labels;

    explicit Samples(const Shape& shape)
        : x(numbers<float>(shape)), labels(IndexArray::uninitialized({shape[0]}))
    {
        for (Index i = 0; i < shape[0]; ++i) labels.writable()[i] = i * 7 % 10;
    }
};

void training(benchmark::State& state, auto model, const Shape& shape, auto optimizer, Step kind,
              int threads = 1)
{
    set_num_threads(threads);
    const PeakMemory memory;
    nn::initialize(model, Key(1));
    const Samples samples(shape);
    train(
        state, kind, model, optimizer,
        [](const auto& m, const Tensor<float>& x, const IndexArray& labels) {
            return nn::cross_entropy(m(x), labels);
        },
        samples.x, samples.labels);
    // The first time counts: what the C library has not given back since is there when the next begins.
    static double most = 0;
    state.counters["memory"] = most = std::max(most, memory.bytes());
    set_num_threads(1);
}
const nn::Sgd<float> sgd{{.learning_rate = 1e-3, .momentum = 0.9}};
const Shape mlp_shape{128, 784}, lenet_shape{64, 1, 28, 28}, vgg_shape{64, 3, 32, 32};

BENCHMARK_CAPTURE(training, mlp_sgd, Mlp{}, mlp_shape, sgd, Step::recorded)->Name("tensor/mlp_sgd/ours");
BENCHMARK_CAPTURE(training, mlp_sgd_replayed, Mlp{}, mlp_shape, sgd, Step::replayed)
    ->Name("tensor/mlp_sgd/replayed");
BENCHMARK_CAPTURE(training, mlp_adam, Mlp{}, mlp_shape, nn::Adam<float>{{.learning_rate = 1e-4}},
                  Step::recorded)
    ->Name("tensor/mlp_adam/ours");
BENCHMARK_CAPTURE(training, mlp_sgd_two_threads, Mlp{}, mlp_shape, sgd, Step::recorded, 2)
    ->Name("tensor/mlp_sgd/ours/2")
    ->UseRealTime();

/// Products in bf16, weights in float.
void mlp_bf16(benchmark::State& state)
{
    if (!has_bf16()) return state.SkipWithError("this machine has no bf16");
    set_matmul_precision(MatmulPrecision::bf16);
    training(state, Mlp{}, mlp_shape, sgd, Step::recorded);
    set_matmul_precision(MatmulPrecision::f32);
}
BENCHMARK(mlp_bf16)->Name("tensor/mlp_bf16/ours");

auto lenet()
{
    return nn::Sequential{nn::Conv2d<float>{1, 6, 5, {.padding = 2}},
                          nn::Relu{},
                          nn::MaxPool2d{2},
                          nn::Conv2d<float>{6, 16, 5},
                          nn::Relu{},
                          nn::MaxPool2d{2},
                          nn::Flatten{},
                          nn::Linear<float>{400, 120},
                          nn::Relu{},
                          nn::Linear<float>{120, 84},
                          nn::Relu{},
                          nn::Linear<float>{84, 10}};
}
BENCHMARK_CAPTURE(training, lenet, lenet(), lenet_shape, sgd, Step::recorded)->Name("tensor/lenet/ours");
BENCHMARK_CAPTURE(training, lenet_replayed, lenet(), lenet_shape, sgd, Step::replayed)
    ->Name("tensor/lenet/replayed");
BENCHMARK_CAPTURE(training, lenet_two_threads, lenet(), lenet_shape, sgd, Step::recorded, 2)
    ->Name("tensor/lenet/ours/2")
    ->UseRealTime();

auto vgg()
{
    const auto block = [](Index channels, Index filters) {
        return nn::Sequential{nn::Conv2d<float>{channels, filters, 3, {.padding = 1}},
                              nn::BatchNorm<float>{filters}, nn::Relu{}};
    };
    return nn::Sequential{block(3, 32),  block(32, 32),    nn::MaxPool2d{2}, block(32, 64),
                          block(64, 64), nn::MaxPool2d{2}, nn::Flatten{},    nn::Linear<float>{4096, 10}};
}
BENCHMARK_CAPTURE(training, vgg, vgg(), vgg_shape, sgd, Step::recorded)->Name("tensor/vgg/ours");
BENCHMARK_CAPTURE(training, vgg_two_threads, vgg(), vgg_shape, sgd, Step::recorded, 2)
    ->Name("tensor/vgg/ours/2")
    ->UseRealTime();

void mlp_hvp(benchmark::State& state)
{
    Mlp model;
    nn::initialize(model, Key(1));
    const Samples batch(mlp_shape);
    const auto parameters = model.parameters();
    std::vector<Tensor<float>> direction;
    for (const auto& parameter : parameters) direction.push_back(numbers<float>(parameter.tensor->shape()));
    repeat(state, [&] {
        return hvp([&] { return nn::cross_entropy(model(batch.x), batch.labels); }, parameters, direction);
    });
}
BENCHMARK(mlp_hvp)->Name("tensor/mlp_hvp/ours");

}  // namespace

int main(int count, char** arguments)
{
    set_num_threads(1);  // but where a workload says otherwise
    benchmark::AddCustomContext("compiler", TENSOR_COMPILER);
    benchmark::AddCustomContext("flags", TENSOR_FLAGS);
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
    benchmark::RunSpecifiedBenchmarks();
}
