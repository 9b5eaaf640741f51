#include <autodiff/error.hpp>
#include <autodiff/random.hpp>

#include <autodiff/kernels/normal_quantile.hpp>
#include <autodiff/kernels/philox.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace autodiff {

namespace {

/// The counter's last word keeps apart what is drawn with a key from the keys made from it.
enum class Purpose : std::uint32_t { numbers, fold_in, split };

std::uint32_t low_word(std::uint64_t bits) { return static_cast<std::uint32_t>(bits); }

std::uint32_t high_word(std::uint64_t bits) { return static_cast<std::uint32_t>(bits >> 32); }

std::uint64_t joined(std::uint32_t low, std::uint32_t high) { return low | std::uint64_t{high} << 32; }

kernels::PhiloxCounter random_block(Key key, std::uint64_t index, Purpose purpose, std::uint32_t attempt = 0)
{
    return kernels::philox({low_word(index), high_word(index), attempt, static_cast<std::uint32_t>(purpose)},
                           {low_word(key.bits()), high_word(key.bits())});
}

Key derived_key(Key key, std::uint64_t data, Purpose purpose)
{
    const auto block = random_block(key, data, purpose);
    return Key(joined(block[0], block[1]));
}

/// How many numbers a block of 128 bits serves: doubles are made from 64 bits, floats from 32.
template <class T>
constexpr Index numbers_per_block = 16 / static_cast<Index>(sizeof(T));

/// The word from which number i is made.
template <class Word>
Word word_of(const kernels::PhiloxCounter& block, Index i)
{
    const auto k = static_cast<std::size_t>(i);
    if constexpr (sizeof(Word) == 4) return block[k];
    else return joined(block[2 * k], block[2 * k + 1]);
}

/// An array of make(word), word being a random std::uint64_t, or std::uint32_t for floats.
template <class T, class Make>
auto generate(Key key, const Shape& shape, Make make)
{
    using Word = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    using Result = decltype(make(Word{}));
    auto array = Array<Result>::uninitialized(shape);
    Result* out = array.writable();
    constexpr Index per_block = numbers_per_block<T>;
    for (Index start = 0; start < array.size(); start += per_block) {
        const auto block = random_block(key, static_cast<std::uint64_t>(start / per_block), Purpose::numbers);
        for (Index i = 0; i < std::min(per_block, array.size() - start); ++i)
            out[start + i] = make(word_of<Word>(block, i));
    }
    return array;
}

double unit_interval(std::uint64_t word) { return static_cast<double>(word >> 11) * 0x1p-53; }

float unit_interval(std::uint32_t word) { return static_cast<float>(word >> 8) * 0x1p-24f; }

/// In (0, 1), symmetric about ½, exact.
double open_unit_interval(std::uint64_t word) { return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52; }

double open_unit_interval(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-32; }

struct WideProduct {
    std::uint64_t high, low;
};

WideProduct wide_product(std::uint64_t a, std::uint64_t b)
{
    const std::uint64_t low = (a & 0xffffffff) * (b & 0xffffffff);
    const std::uint64_t cross = (a >> 32) * (b & 0xffffffff) + (low >> 32);
    const std::uint64_t other = (a & 0xffffffff) * (b >> 32) + (cross & 0xffffffff);
    return {(a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32), a * b};
}

}  // namespace

Key fold_in(Key key, std::uint64_t data) { return derived_key(key, data, Purpose::fold_in); }

std::vector<Key> split(Key key, std::size_t count)
{
    std::vector<Key> keys;
    keys.reserve(count);
    for (std::size_t i = 0; i < count; ++i) keys.push_back(derived_key(key, i, Purpose::split));
    return keys;
}

template <class T>
Tensor<T> uniform(Key key, const Shape& shape, std::type_identity_t<T> low, std::type_identity_t<T> high)
{
    if (!(low < high) || !std::isfinite(high - low))
        fail<DomainError>("uniform: [{}, {}) is not an interval; low must be less than high, both finite",
                          low, high);
    const T below_high = std::nextafter(high, low);
    return generate<T>(key, shape, [=](auto word) {
        return std::min(low + (high - low) * unit_interval(word), below_high);
    });
}

template <class T>
Tensor<T> normal(Key key, const Shape& shape, std::type_identity_t<T> mean,
                 std::type_identity_t<T> standard_deviation)
{
    if (!(standard_deviation >= 0))
        fail<DomainError>("normal: the standard deviation {} is negative", standard_deviation);
    return generate<T>(key, shape, [=](auto word) {
        return mean + standard_deviation * static_cast<T>(kernels::normal_quantile(open_unit_interval(word)));
    });
}

BoolArray bernoulli(Key key, const Shape& shape, double probability)
{
    if (!(probability >= 0 && probability <= 1))
        fail<DomainError>("bernoulli: the probability {} is not in [0, 1]", probability);
    return generate<double>(key, shape, [=](auto word) { return unit_interval(word) < probability; });
}

std::uint64_t random_below(Key key, std::uint64_t index, std::uint64_t end)
{
    // The high half of word · end is uniform but for the words whose low half is below 2⁶⁴ mod end: those are
    // drawn again (Lemire 2019, "Fast random integer generation in an interval").
    for (std::uint32_t attempt = 0;; ++attempt) {
        const auto block = random_block(key, index, Purpose::numbers, attempt);
        const WideProduct product = wide_product(joined(block[0], block[1]), end);
        if (product.low >= end || product.low >= (0 - end) % end) return product.high;
    }
}

IndexArray randint(Key key, const Shape& shape, Index low, Index high)
{
    if (low >= high)
        fail<DomainError>("randint: [{}, {}) has no integer; low must be less than high", low, high);
    const std::uint64_t count = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
    IndexArray result = IndexArray::uninitialized(shape);
    for (Index i = 0; i < result.size(); ++i)
        result.writable()[i] = static_cast<Index>(static_cast<std::uint64_t>(low) +
                                                  random_below(key, static_cast<std::uint64_t>(i), count));
    return result;
}

IndexArray permutation(Key key, Index count)
{
    IndexArray result = IndexArray::uninitialized(Shape{count});
    const std::span<Index> values(result.writable(), static_cast<std::size_t>(result.size()));
    std::iota(values.begin(), values.end(), Index{0});
    shuffle(key, values);
    return result;
}

KeyScope::KeyScope(const detail::KeySequence& keys) : before_(std::exchange(detail::current_keys, keys)) {}

KeyScope::~KeyScope() { detail::current_keys = before_; }

Key next_key()
{
    detail::KeySequence& keys = detail::current_keys;
    if (!keys.is_set) fail<Error>("next_key: there is no KeyScope in this thread; open one with a key");
    return fold_in(keys.key, keys.next++);
}

template Tensor<double> uniform<double>(Key, const Shape&, double, double);
template Tensor<float> uniform<float>(Key, const Shape&, float, float);
template Tensor<double> normal<double>(Key, const Shape&, double, double);
template Tensor<float> normal<float>(Key, const Shape&, float, float);

}  // namespace autodiff
