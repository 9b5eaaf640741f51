// A steady loop of training asks nobody for memory: not operator new, and not the system through the pool.

#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/random.hpp>
#include <autodiff/storage.hpp>
#include <autodiff/threads.hpp>
#include <autodiff/transforms/replay.hpp>
#include <nn/nn.hpp>

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;

void* counted(std::size_t bytes, std::size_t alignment)
{
    ++allocations;
    const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
    if (void* memory = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment)
{
    return counted(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

using namespace autodiff;

namespace {

/// How often memory was asked for, and taken from the system by the pool.
struct Requests {
    std::size_t of_new, of_system;
};

/// Of the last of some steps.
Requests requests_of_last(auto step)
{
    for (int i = 0; i < 5; ++i) step();
    const std::size_t before = allocations, from_system = pool_statistics().system_allocations;
    step();
    return {allocations - before, pool_statistics().system_allocations - from_system};
}

template <class T>
void check_loop(auto model, auto optimizer, const Tensor<T>& x, auto loss)
{
    set_num_threads(1);
    pool_limit(std::size_t{1} << 30);  // the pool of a build with sanitizers keeps nothing else
    nn::initialize(model, Key(1));
    const auto parameters = model.parameters();
    std::vector<Tensor<T>> gradients;
    const Requests requests = requests_of_last([&] {
        value_and_gradient([&] { return loss(model(x)); }, parameters, gradients);
        optimizer.step(parameters, gradients);
    });
    BOOST_TEST(requests.of_new == 0U);
    BOOST_TEST(requests.of_system == 0U);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_counter_counts)
{
    const Requests requests = requests_of_last([] { ::operator delete(::operator new(sizeof(int))); });
    BOOST_TEST(requests.of_new == 1U);
}

BOOST_AUTO_TEST_CASE(a_small_network_learns_without_asking_for_memory)
{
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y{{0}, {1}, {1}, {0}};
    nn::Sequential model{nn::Linear<>{2, 4}, nn::Sigmoid{}, nn::Linear<>{4, 1}, nn::Sigmoid{}};
    const auto loss = [&](const Tensor<>& prediction) { return nn::mse(prediction, y); };
    check_loop(model, nn::Sgd<>{}, x, loss);
    check_loop(model, nn::Sgd<>{{.learning_rate = 0.1, .momentum = 0.9}}, x, loss);
    check_loop(model, nn::Adam<>{}, x, loss);
}

BOOST_AUTO_TEST_CASE(so_does_a_classifier_of_pictures)
{
    const Tensor<float> x = uniform<float>(Key(1), {128, 784});
    const IndexArray labels = randint(Key(2), {128}, 0, 10);
    nn::Sequential model{nn::Linear<float>{784, 64}, nn::Relu{}, nn::Linear<float>{64, 10}};
    check_loop(model, nn::Adam<float>{}, x,
               [&](const Tensor<float>& logits) { return nn::cross_entropy(logits, labels); });
}

// tanh keeps its value for the sweep, one for each parameter; by the time the last gradient is there, the
// others' are gone. Gradients and kept values together would be twice as much.
BOOST_AUTO_TEST_CASE(the_sweep_lets_go_of_what_it_has_passed)
{
    set_num_threads(1);
    pool_limit(std::size_t{1} << 30);
    constexpr std::size_t count = 16;
    constexpr Index size = 1 << 16;
    std::vector<Tensor<>> tensors(count, Tensor<>::ones({size}));
    Parameters<> parameters;
    for (Tensor<>& tensor : tensors) parameters.push_back({"", &tensor});
    pool_trim();
    value_and_gradient(
        [&] {
            Tensor<> loss(0);
            for (const Tensor<>& tensor : tensors) loss += sum(square(tanh(tensor)));
            return loss;
        },
        parameters);
    // What was in use at the most is what the pool keeps now.
    BOOST_TEST(pool_statistics().cached_bytes > count * size * sizeof(double));
    BOOST_TEST(pool_statistics().cached_bytes < count * size * sizeof(double) * 3 / 2);
}
