// A step of an optimizer over a million numbers, beside a plain copy of as many: all that a step costs should
// be the memory that it touches. Run with --benchmark_filter=optimizer.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <benchmark/benchmark.h>

#include <cstring>

using namespace autodiff;

namespace {

constexpr Index million = 1'000'000;

/// `arrays`: how many are read or written for each element.
void per_element(benchmark::State& state, int arrays)
{
    using benchmark::Counter;
    const double elements = static_cast<double>(million * state.iterations());
    state.counters["per_element"] = Counter(elements, Counter::kIsRate | Counter::kInvert);
    state.SetBytesProcessed(million * arrays * static_cast<Index>(sizeof(float)) * state.iterations());
}

void optimizer_copy(benchmark::State& state)
{
    std::vector<float> from(million, 1), to(million);
    for (auto _ : state) {
        std::memcpy(to.data(), from.data(), million * sizeof(float));
        benchmark::ClobberMemory();
    }
    per_element(state, 2);
}
BENCHMARK(optimizer_copy);

void step(benchmark::State& state, int arrays, auto optimizer)
{
    Tensor<float> theta = sin(arange<float>(million));
    const Parameters<float> parameters{{"theta", &theta}};
    const std::vector<Tensor<float>> gradients{cos(theta)};
    optimizer.step(parameters, gradients);
    for (auto _ : state) optimizer.step(parameters, gradients);
    per_element(state, arrays);
}
void optimizer_sgd(benchmark::State& state) { step(state, 3, nn::Sgd<float>{}); }
void optimizer_sgd_momentum(benchmark::State& state) { step(state, 5, nn::Sgd<float>{{.momentum = 0.9}}); }
void optimizer_adam(benchmark::State& state) { step(state, 7, nn::Adam<float>{}); }
void optimizer_rms_prop(benchmark::State& state) { step(state, 5, nn::RmsProp<float>{}); }
BENCHMARK(optimizer_sgd);
BENCHMARK(optimizer_sgd_momentum);
BENCHMARK(optimizer_adam);
BENCHMARK(optimizer_rms_prop);

/// The same formulas as ops on whole tensors, each a pass of its own with a new tensor.
void optimizer_sgd_momentum_as_ops(benchmark::State& state)
{
    Tensor<float> theta = sin(arange<float>(million)), v = zeros_like(theta);
    const Tensor<float> g = cos(theta);
    for (auto _ : state) {
        v = 0.9f * v + g;
        theta = theta - 0.01f * v;
    }
    per_element(state, 5);
}
BENCHMARK(optimizer_sgd_momentum_as_ops);

void optimizer_adam_as_ops(benchmark::State& state)
{
    Tensor<float> theta = sin(arange<float>(million)), m = zeros_like(theta), v = m;
    const Tensor<float> g = cos(theta);
    for (auto _ : state) {
        m = 0.9f * m + 0.1f * g;
        v = 0.999f * v + 0.001f * square(g);
        theta = theta - 0.001f * m / (sqrt(v) + 1e-8f);
    }
    per_element(state, 7);
}
BENCHMARK(optimizer_adam_as_ops);

}  // namespace
