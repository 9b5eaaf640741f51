// The measurements that docs/decisions quotes. Times are for one call; the counter per_item divides by what
// the call does many times over: statements, or elements. Run one record's with --benchmark_filter=0003.

#include <autodiff/autodiff.hpp>

#include <autodiff/kernels/map.hpp>

#include "scalars/gaussian_mixture.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

using namespace autodiff;

namespace {

void per_item(benchmark::State& state, double items)
{
    using benchmark::Counter;
    state.counters["per_item"] =
        Counter(items * static_cast<double>(state.iterations()), Counter::kIsRate | Counter::kInvert);
}

template <class T>
Tensor<T> numbers(Index count)
{
    Array<T> array = Array<T>::uninitialized(Shape{count});
    for (Index i = 0; i < count; ++i) array.writable()[i] = static_cast<T>(std::sin(static_cast<double>(i)));
    return array;
}

// ---------------------------------------- 0001: one tape, two storage forms ---------------------------

constexpr int chain_length = 1000;

template <class X>
X chain(X x)
{
    for (int i = 0; i < chain_length; i += 2) x = sin(x) * 0.9;
    return x;
}

void decision_0001_plain_double(benchmark::State& state)
{
    double x = 0.5;
    for (auto _ : state) {
        benchmark::DoNotOptimize(x);
        benchmark::DoNotOptimize(chain(x));
    }
    per_item(state, chain_length);
}
BENCHMARK(decision_0001_plain_double);

void decision_0001_gradient_of_scalars(benchmark::State& state)
{
    for (auto _ : state) benchmark::DoNotOptimize(gradient([](const auto& x) { return chain(x); }, 0.5));
    per_item(state, chain_length);
}
BENCHMARK(decision_0001_gradient_of_scalars);

void decision_0001_gradient_of_tensors_of_one_number(benchmark::State& state)
{
    const Tensor<> x(0.5);
    for (auto _ : state) benchmark::DoNotOptimize(gradient([](const Tensor<>& at) { return chain(at); }, x));
    per_item(state, chain_length);
}
BENCHMARK(decision_0001_gradient_of_tensors_of_one_number);

// ---------------------------------------- 0002: nesting -----------------------------------------------

template <class X>
X sum_of_products(const std::vector<X>& x)
{
    X sum = 0 * x[0];
    for (std::size_t i = 1; i < x.size(); ++i) sum += sin(x[i - 1]) * exp(x[i]);
    return sum;
}

const std::vector<double> hundred_numbers(100, 0.5);
const Tensor<> thousand_numbers = numbers<double>(1000);

Tensor<> sum_of_sines(const Tensor<>& x) { return sum(sin(x) * exp(x)); }

void decision_0002_gradient_of_scalars(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(gradient([](const auto& x) { return sum_of_products(x); }, hundred_numbers));
}
BENCHMARK(decision_0002_gradient_of_scalars);

void decision_0002_forward_over_reverse_of_scalars(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(
            hvp([](const auto& x) { return sum_of_products(x); }, hundred_numbers, hundred_numbers));
}
BENCHMARK(decision_0002_forward_over_reverse_of_scalars);

void decision_0002_reverse_over_reverse_of_scalars(benchmark::State& state)
{
    const auto slope_along_v = [](const auto& x) {
        auto sum = 0 * x[0];
        for (const auto& g : gradient([](const auto& at) { return sum_of_products(at); }, x)) sum += 0.5 * g;
        return sum;
    };
    for (auto _ : state) benchmark::DoNotOptimize(gradient(slope_along_v, hundred_numbers));
}
BENCHMARK(decision_0002_reverse_over_reverse_of_scalars);

void decision_0002_gradient_of_tensors(benchmark::State& state)
{
    for (auto _ : state) benchmark::DoNotOptimize(gradient(sum_of_sines, thousand_numbers));
}
BENCHMARK(decision_0002_gradient_of_tensors);

void decision_0002_forward_over_reverse_of_tensors(benchmark::State& state)
{
    for (auto _ : state) benchmark::DoNotOptimize(hvp(sum_of_sines, thousand_numbers, thousand_numbers));
}
BENCHMARK(decision_0002_forward_over_reverse_of_tensors);

void decision_0002_reverse_over_reverse_of_tensors(benchmark::State& state)
{
    const auto slope_along_v = [](const Tensor<>& x) { return sum(0.5 * gradient(sum_of_sines, x)); };
    for (auto _ : state) benchmark::DoNotOptimize(gradient(slope_along_v, thousand_numbers));
}
BENCHMARK(decision_0002_reverse_over_reverse_of_tensors);

// ---------------------------------------- 0003: SIMD --------------------------------------------------

constexpr Index many = 10000;

template <class T>
void decision_0003_sigmoid(benchmark::State& state)
{
    const Tensor<T> x = numbers<T>(many);
    for (auto _ : state) benchmark::DoNotOptimize(sigmoid(x));
    per_item(state, many);
}
BENCHMARK(decision_0003_sigmoid<float>);
BENCHMARK(decision_0003_sigmoid<double>);

void decision_0003_sigmoid_with_the_standard_library(benchmark::State& state)
{
    const Tensor<float> x = numbers<float>(many);
    for (auto _ : state) {
        Array<float> y = Array<float>::uninitialized(x.shape());
        float* out = y.writable();
        const float* in = x.array().data();
        for (Index i = 0; i < many; ++i) out[i] = 1 / (1 + std::exp(-in[i]));
        benchmark::DoNotOptimize(y);
    }
    per_item(state, many);
}
BENCHMARK(decision_0003_sigmoid_with_the_standard_library);

/// Forwards and backwards.
void gelu_and_gradient(benchmark::State& state, auto gelu_of)
{
    const Tensor<float> x = numbers<float>(many);
    const auto loss = [&](const Tensor<float>& at) { return sum(gelu_of(at)); };
    for (auto _ : state) benchmark::DoNotOptimize(gradient(loss, x));
    per_item(state, many);
}
const auto tanh_gelu = [](const auto& x) {
    return 0.5f * x * (1 + tanh(0.7978845608f * (x + 0.044715f * x * x * x)));
};
void decision_0003_gelu_as_one_lambda(benchmark::State& state)
{
    gelu_and_gradient(state, elementwise("tanh_gelu", [](auto x) { return tanh_gelu(x); }));
}
BENCHMARK(decision_0003_gelu_as_one_lambda);
void decision_0003_gelu_as_a_chain_of_ops(benchmark::State& state) { gelu_and_gradient(state, tanh_gelu); }
BENCHMARK(decision_0003_gelu_as_a_chain_of_ops);

// ---------------------------------------- 0004: forward mode of tensors -------------------------------

const auto two_layers = [](const Tensor<>& w) {
    static const Tensor<> x = reshape(numbers<double>(64 * 64), Shape{64, 64});
    return tanh(matmul(tanh(matmul(x, w)), w));
};
const Tensor<> square_weight = reshape(numbers<double>(64 * 64), Shape{64, 64}) * 0.1;

void decision_0004_value(benchmark::State& state)
{
    for (auto _ : state) benchmark::DoNotOptimize(two_layers(square_weight));
}
BENCHMARK(decision_0004_value);

void decision_0004_jvp(benchmark::State& state)
{
    for (auto _ : state) benchmark::DoNotOptimize(jvp(two_layers, square_weight, square_weight));
}
BENCHMARK(decision_0004_jvp);

void decision_0004_vjp(benchmark::State& state)
{
    const Tensor<> y_bar = two_layers(square_weight);
    for (auto _ : state) benchmark::DoNotOptimize(vjp(two_layers, square_weight).pullback(y_bar));
}
BENCHMARK(decision_0004_vjp);

template <class Op>
void jvp_of_cube(benchmark::State& state, const Op& cube)
{
    const Tensor<> x = numbers<double>(1000);
    for (auto _ : state) benchmark::DoNotOptimize(jvp(cube, x, x));
}
void decision_0004_pushforward_given(benchmark::State& state)
{
    jvp_of_cube(state, [](const Tensor<>& x) {
        return record("cube", (x * x * x).array(),
                      argument(
                          x, [x](const auto& y_bar) { return 3 * y_bar * x * x; },
                          [x](const auto& x_dot) { return 3 * x_dot * x * x; }));
    });
}
BENCHMARK(decision_0004_pushforward_given);
void decision_0004_pushforward_derived(benchmark::State& state)
{
    jvp_of_cube(state, [](const Tensor<>& x) {
        return record("cube", (x * x * x).array(),
                      argument(x, [x](const auto& y_bar) { return 3 * y_bar * x * x; }));
    });
}
BENCHMARK(decision_0004_pushforward_derived);

// ---------------------------------------- 0005: the chain rule's product ------------------------------

template <class F>
void product(benchmark::State& state, F f)
{
    const Array<float> a = numbers<float>(many).array(), b = numbers<float>(many).array();
    for (auto _ : state) benchmark::DoNotOptimize(kernels::map<float>("product", f, a, b));
    per_item(state, many);
}
void decision_0005_plain_product(benchmark::State& state)
{
    product(state, [](const auto& a, const auto& b) { return a * b; });
}
BENCHMARK(decision_0005_plain_product);
void decision_0005_chain_product(benchmark::State& state)
{
    product(state, [](const auto& a, const auto& b) { return chain_product(a, b); });
}
BENCHMARK(decision_0005_chain_product);

// ---------------------------------------- 0008: one statement for an assignment -----------------------

// The mixture of the benchmark of scalars with more or fewer points: its tape grows with them, and what is
// done for a point stays the same.
void decision_0008_mixture(benchmark::State& state)
{
    const scalars::GaussianMixture mixture{.n = static_cast<std::size_t>(state.range(0))};
    const auto f = [&](const auto& x) { return mixture(x); };
    for (auto _ : state) benchmark::DoNotOptimize(value_and_gradient(f, mixture.point));
    per_item(state, static_cast<double>(state.range(0)));
}
BENCHMARK(decision_0008_mixture)->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMicrosecond);

// ---------------------------------------- 0010: sparse derivatives by colouring -----------------------

/// One step of Burgers' equation in one dimension: a Jacobian of three diagonals.
constexpr auto burgers_step = []<class X>(const std::vector<X>& u) {
    std::vector<X> next = u;
    for (std::size_t i = 1; i + 1 < u.size(); ++i)
        next[i] = u[i] - 0.1 * u[i] * (u[i + 1] - u[i - 1]) + 0.2 * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
    return next;
};
constexpr auto rosenbrock = []<class X>(const std::vector<X>& x) {
    X sum = 0;
    for (std::size_t i = 0; i + 1 < x.size(); ++i) {
        const X d = x[i + 1] - x[i] * x[i];
        sum += 100.0 * d * d + (1.0 - x[i]) * (1.0 - x[i]);
    }
    return sum;
};

std::vector<double> points(benchmark::State& state)
{
    const Tensor<> x = numbers<double>(state.range(0));
    return x.to_vector();
}

void decision_0010_jacobian_dense(benchmark::State& state)
{
    const auto x = points(state);
    for (auto _ : state) benchmark::DoNotOptimize(jacobian(burgers_step, x));
}
BENCHMARK(decision_0010_jacobian_dense)->Arg(1000)->Arg(4000)->Unit(benchmark::kMicrosecond);
void decision_0010_jacobian_sparse(benchmark::State& state)
{
    const auto x = points(state);
    for (auto _ : state) benchmark::DoNotOptimize(sparse_jacobian(burgers_step, x));
}
BENCHMARK(decision_0010_jacobian_sparse)->Arg(1000)->Arg(4000)->Unit(benchmark::kMicrosecond);
void decision_0010_jacobian_with_plan(benchmark::State& state)
{
    const auto x = points(state);
    const SparsePlan plan(jacobian_pattern(burgers_step, x));
    for (auto _ : state) benchmark::DoNotOptimize(sparse_jacobian(burgers_step, x, plan));
}
BENCHMARK(decision_0010_jacobian_with_plan)->Arg(1000)->Arg(4000)->Unit(benchmark::kMicrosecond);
void decision_0010_hessian_dense(benchmark::State& state)
{
    const auto x = points(state);
    for (auto _ : state) benchmark::DoNotOptimize(hessian(rosenbrock, x));
}
BENCHMARK(decision_0010_hessian_dense)->Arg(1000)->Arg(4000)->Unit(benchmark::kMicrosecond);
void decision_0010_hessian_sparse(benchmark::State& state)
{
    const auto x = points(state);
    for (auto _ : state) benchmark::DoNotOptimize(sparse_hessian(rosenbrock, x));
}
BENCHMARK(decision_0010_hessian_sparse)->Arg(1000)->Arg(4000)->Unit(benchmark::kMicrosecond);
void decision_0010_hessian_with_plan(benchmark::State& state)
{
    const auto x = points(state);
    const SparsePlan plan(hessian_pattern(rosenbrock, x));
    for (auto _ : state) benchmark::DoNotOptimize(sparse_hessian(rosenbrock, x, plan));
}
BENCHMARK(decision_0010_hessian_with_plan)->Arg(1000)->Arg(4000)->Unit(benchmark::kMicrosecond);

template <std::size_t N>
std::array<double, N> numbers()
{
    std::array<double, N> x;
    for (std::size_t i = 0; i < N; ++i) x[i] = 0.5 + 0.1 * static_cast<double>(i);
    return x;
}
const auto banana = [](const auto& x) {
    return (1 - x[0]) * (1 - x[0]) + 100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]);
};
const auto call_price = [](const auto& x) {
    using std::log, std::sqrt, std::exp, std::erfc;
    const auto normal = [](const auto& z) { return 0.5 * erfc(-0.7071067811865476 * z); };
    const auto deviation = x[3] * sqrt(x[4]);
    const auto d = (log(x[0] / x[1]) + (x[2] + 0.5 * x[3] * x[3]) * x[4]) / deviation;
    return x[0] * normal(d) - x[1] * exp(-x[2] * x[4]) * normal(d - deviation);
};
const auto thousand_steps = [](const auto& x) {
    auto y = x[0] + 0;
    for (std::size_t i = 0; i < 1000; ++i) y = 0.5 * y * x[i % x.size()] + x[(i + 1) % x.size()];
    return y;
};

template <std::size_t N>
using Count = std::integral_constant<std::size_t, N>;

template <std::size_t N>
void decision_0011_recorded(benchmark::State& state, auto f, Count<N>)
{
    // No dual number is a Scalar.
    const auto recorded = [&f](const std::array<Scalar<>, N>& x) { return Scalar<>(f(x)); };
    auto x = numbers<N>();
    for (auto _ : state) {
        benchmark::DoNotOptimize(x);
        benchmark::DoNotOptimize(gradient(recorded, x));
    }
}
template <std::size_t N>
void decision_0011_forwards(benchmark::State& state, auto f, Count<N>)
{
    auto x = numbers<N>();
    for (auto _ : state) {
        benchmark::DoNotOptimize(x);
        benchmark::DoNotOptimize(gradient(f, x));
    }
}
BENCHMARK_CAPTURE(decision_0011_recorded, banana_of_2, banana, Count<2>());
BENCHMARK_CAPTURE(decision_0011_forwards, banana_of_2, banana, Count<2>());
BENCHMARK_CAPTURE(decision_0011_recorded, call_price_of_5, call_price, Count<5>());
BENCHMARK_CAPTURE(decision_0011_forwards, call_price_of_5, call_price, Count<5>());
BENCHMARK_CAPTURE(decision_0011_recorded, thousand_steps_of_2, thousand_steps, Count<2>());
BENCHMARK_CAPTURE(decision_0011_forwards, thousand_steps_of_2, thousand_steps, Count<2>());
BENCHMARK_CAPTURE(decision_0011_recorded, thousand_steps_of_8, thousand_steps, Count<8>());
BENCHMARK_CAPTURE(decision_0011_forwards, thousand_steps_of_8, thousand_steps, Count<8>());

}  // namespace
