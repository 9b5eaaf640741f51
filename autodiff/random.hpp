#pragma once

// Random numbers as functions of a key: the same key gives the same bits on every machine, in any order of
// calls and in any thread. There is no state to share or to restore; a key that is used twice gives the same
// numbers twice.
//
//     auto [for_weights, for_data] = split(Key(seed));
//     const Tensor<> w = normal(for_weights, Shape{784, 10}, 0.0, 0.05);
//     for (Index step = 0; step < steps; ++step) train(uniform(fold_in(for_data, step), Shape{32, 784}));
//
// The numbers come from Philox4x32-10. They are constants; what is computed from them is recorded as ever, so
// mean + deviation * normal(key, shape) has derivatives with respect to mean and deviation.

#include <autodiff/tensor.hpp>

#include <algorithm>
#include <array>
#include <ranges>
#include <vector>

namespace autodiff {

/// What random numbers are drawn with: 64 bits, made from a seed or from another key.
class Key {
public:
    constexpr explicit Key(std::uint64_t seed) : bits_(seed) {}

    /// The seed, or what fold_in or split made.
    constexpr std::uint64_t bits() const { return bits_; }
    friend constexpr bool operator==(Key, Key) = default;

private:
    std::uint64_t bits_;
};

namespace detail {

/// The keys that next_key() hands out: fold_in(key, next), fold_in(key, next + 1), …; and what a computation
/// that draws with them is for.
struct KeySequence {
    Key key{0};
    std::uint64_t next = 0;
    bool is_set = false;
    bool is_training = false;    ///< layers behave as in training
    bool is_repetition = false;  ///< checkpoint computes again what was computed before
};
inline thread_local constinit KeySequence current_keys{};

}  // namespace detail

/// A new key for each value of `data`: of a step, a layer, a sample.
Key fold_in(Key key, std::uint64_t data);

/// New keys, independent of each other and of the numbers drawn with `key`, which should not be used again.
std::vector<Key> split(Key key, std::size_t count);
template <std::size_t Count = 2>
std::array<Key, Count> split(Key key)
{
    const std::vector<Key> keys = split(key, Count);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::array{keys[I]...};
    }(std::make_index_sequence<Count>{});
}

/// Uniform in [low, high), in steps of 2⁻⁵³ of the interval (float: 2⁻²⁴).
/// @throws DomainError unless low < high and both are finite.
template <class T = double>
Tensor<T> uniform(Key key, const Shape& shape, std::type_identity_t<T> low = 0,
                  std::type_identity_t<T> high = 1);

/// Normal with the given mean and standard deviation, as quantiles of uniform numbers (to 8.2 deviations;
/// float: 6.3).
/// @throws DomainError if the standard deviation is negative.
template <class T = double>
Tensor<T> normal(Key key, const Shape& shape, std::type_identity_t<T> mean = 0,
                 std::type_identity_t<T> standard_deviation = 1);

/// True with the given probability.   @throws DomainError unless it is in [0, 1].
BoolArray bernoulli(Key key, const Shape& shape, double probability = 0.5);

/// Integers in [low, high), all equally likely.   @throws DomainError unless low < high.
IndexArray randint(Key key, const Shape& shape, Index low, Index high);

/// While it lives, next_key() of this thread returns keys made from this one, the same in each scope of the
/// same key: for what draws numbers deep inside a function, such as a dropout layer. checkpoint gives the
/// second evaluation the keys of the first.
class KeyScope {
public:
    explicit KeyScope(Key key) : KeyScope(detail::KeySequence{.key = key, .is_set = true}) {}
    /// Continues a sequence where it stood.
    explicit KeyScope(const detail::KeySequence& keys);
    KeyScope(const KeyScope&) = delete;
    KeyScope& operator=(const KeyScope&) = delete;
    ~KeyScope();

private:
    detail::KeySequence before_;
};

/// The next key of the innermost KeyScope of this thread.   @throws Error if there is none.
Key next_key();

/// An integer in [0, end), all equally likely: number `index` of the sequence that belongs to the key; end >
/// 0.
std::uint64_t random_below(Key key, std::uint64_t index, std::uint64_t end);

/// Puts the elements of a container in random order, all orders being equally likely (Fisher and Yates).
template <std::ranges::random_access_range R>
void shuffle(Key key, R&& values)
{
    for (std::uint64_t i = std::ranges::size(values); i-- > 1;) {
        const auto first = std::ranges::begin(values);
        using Offset = std::ranges::range_difference_t<R>;
        std::ranges::swap(first[static_cast<Offset>(i)],
                          first[static_cast<Offset>(random_below(key, i, i + 1))]);
    }
}

/// The integers 0 … count - 1 in random order.   @throws ShapeError if count is negative.
IndexArray permutation(Key key, Index count);

}  // namespace autodiff
