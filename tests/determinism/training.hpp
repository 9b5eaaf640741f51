#pragma once

// Two small networks, trained a few steps in each of the ways that must end in the same bits.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <nn_data_files/files.hpp>

#include <bit>
#include <cstdint>

namespace autodiff::tests {

/// Of the bits of numbers, as FNV-1a of their 64 or 32 bits.
template <class T>
void add_bits(std::uint64_t& hash, const Tensor<T>& x)
{
    using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
    for (const T number : x.to_vector()) hash = (hash ^ std::bit_cast<Bits>(number)) * 0x100000001b3;
}
template <class T>
std::uint64_t bits_of(const Parameters<T>& parameters)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const auto* list :
         {static_cast<const std::vector<nn::Parameter<T>>*>(&parameters), &parameters.state})
        for (const auto& parameter : *list) add_bits(hash, *parameter.tensor);
    return hash;
}

/// Large enough that several threads share its products and its elementwise ops.
template <class T>
struct Dense {
    using Number = T;
    static inline const Shape sample{128};
    nn::Linear<T> first{128, 256, Key(1)}, second{256, 10, Key(2)};
    nn::LayerNorm<T> norm{256};

    Tensor<T> operator()(const Tensor<T>& x) const { return second(tanh(norm(gelu(first(x))))); }
    auto parameters() { return nn::parameters("first", first, "norm", norm, "second", second); }
};

/// With as many channels as oneDNN wants, and without.
template <class T>
struct Convolutional {
    using Number = T;
    static inline const Shape sample{2, 12, 12};
    nn::Conv2d<T> first{2, 16, 3, {.padding = 1}}, second{16, 16, 3};
    nn::BatchNorm<T> norm{16};
    nn::Linear<T> last{16 * 5 * 5, 10, Key(3)};

    Convolutional()
    {
        first.weight = normal<T>(Key(1), first.weight.shape(), 0, T(0.3));
        second.weight = normal<T>(Key(2), second.weight.shape(), 0, T(0.1));
    }
    Tensor<T> operator()(const Tensor<T>& x) const
    {
        const Tensor<T> edges = relu(norm(first(x)));
        return last(nn::Flatten{}(max_pool2d(sigmoid(second(edges)), 2)));
    }
    auto parameters() { return nn::parameters("first", first, "norm", norm, "second", second, "last", last); }
};

enum class Way { recorded, replayed, resumed };

/// The bits of a network's weights after six steps; `resumed` puts them and the optimizer into a file
/// halfway, and goes on with others that have read it.
template <class Net>
std::uint64_t trained(Way way)
{
    using T = typename Net::Number;
    constexpr Index batch = 64;
    Shape shape = Net::sample;
    shape.insert(0, batch);
    const auto loss = [](const Net& net, const Tensor<T>& x, const IndexArray& labels) {
        return nn::cross_entropy(net(x), labels);
    };
    const TemporaryDirectory directory;
    Net first, second;
    nn::Adam<T> first_adam{{.learning_rate = 0.01}}, second_adam = first_adam;
    Net* net = &first;
    nn::Adam<T>* adam = &first_adam;
    Replay replay([&](const Tensor<T>& x, const IndexArray& labels) { return loss(first, x, labels); },
                  first.parameters());
    for (std::uint64_t step = 0; step < 6; ++step) {
        if (way == Way::resumed && step == 3) {
            nn::io::write_checkpoint(directory.path("half"), first.parameters(), first_adam.state, {});
            nn::io::read_checkpoint(directory.path("half"), second.parameters(), second_adam.state);
            net = &second;
            adam = &second_adam;
        }
        const nn::TrainingMode training{Key(step)};
        const Tensor<T> x = normal<T>(Key(10 + step), shape);
        const IndexArray labels = randint(Key(20 + step), {batch}, 0, 10);
        const auto [value, gradients] =
            way == Way::replayed
                ? replay(x, labels)
                : value_and_gradient([&] { return loss(*net, x, labels); }, net->parameters());
        adam->step(net->parameters(), gradients);
    }
    return bits_of(net->parameters());
}

/// The bits of many ops and of their gradients. Where two operands are both recorded, which comes first is
/// the compiler's choice, and with it the order in which their adjoints are added; so each has a statement.
template <class T>
std::uint64_t bits_of_ops()
{
    const auto of_elements = [](const Tensor<T>& x) {
        const Tensor<T> terms[] = {
            exp(x),        expm1(x), log(x),         log1p(x),        sin(x),           cos(x),
            tan(x),        asin(x),  acos(x),        atan(x),         sinh(x),          cosh(x),
            tanh(x),       erf(x),   erfc(x),        sqrt(x),         exp2(x),          log2(x),
            log10(x),      cbrt(x),  asinh(x),       atanh(x),        sigmoid(x),       softplus(x),
            gelu(x),       silu(x),  pow(x, T(1.7)), acosh(x + T(1)), hypot(x, T(0.3)), atan2(x, T(0.3)),
            x / (x + T(3))};  // in this order, as braces have one
        Tensor<T> y = terms[0];
        for (std::size_t i = 1; i < std::size(terms); ++i) y = y + terms[i];
        return y;
    };
    const auto of_rows = [](const Tensor<T>& x) {
        const Tensor<T> terms[] = {sum(logsumexp(x, {1})), sum(softmax(x, {1}) * x), norm(x),
                                   sum(variance(x, {0})), mean(cumsum(x, 1))};
        return terms[0] + terms[1] + terms[2] + terms[3] + terms[4];
    };
    const auto of_matrices = [](const Tensor<T>& x) {
        const Tensor<T> a = matmul(x, transpose(x)) + Tensor<T>::ones({70, 1}) * T(0.1);
        const Tensor<T> positive = matmul(a, transpose(a)) / T(1e4) + eye<T>(70) * T(20);
        const Tensor<T> terms[] = {sum(solve(positive, x)), log_determinant(positive),
                                   sum(cholesky(positive)), sum(inverse(positive))};
        return terms[0] + terms[1] + terms[2] + terms[3];
    };
    const Tensor<T> x = uniform<T>(Key(1), {70, 45}, T(0.05), T(0.95));
    const auto f = [&](const Tensor<T>& a) {
        const Tensor<T> terms[] = {sum(of_elements(a)), of_rows(a), of_matrices(a)};
        return terms[0] + terms[1] + terms[2];
    };
    const auto [value, slope] = value_and_gradient(f, x);
    std::uint64_t hash = 0xcbf29ce484222325;
    add_bits(hash, value);
    add_bits(hash, slope);
    return hash;
}

/// Hashes of all of it, each with its name.
inline std::vector<std::pair<std::string, std::uint64_t>> all_bits()
{
    return {{"dense, double", trained<Dense<double>>(Way::recorded)},
            {"dense, float", trained<Dense<float>>(Way::recorded)},
            {"convolutional, double", trained<Convolutional<double>>(Way::recorded)},
            {"convolutional, float", trained<Convolutional<float>>(Way::recorded)},
            {"ops, double", bits_of_ops<double>()},
            {"ops, float", bits_of_ops<float>()}};
}

}  // namespace autodiff::tests
