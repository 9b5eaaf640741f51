#pragma once

// Tangents for vectorised loops over a user's formula. Their products are plain: where a zero may have met an
// infinity there is a NaN, and whoever asks for them sees to it.

#include <autodiff/numbers/dual.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace autodiff::detail {

/// Tangents in K directions, of which the compiler knows in straight code which are zero: those cost nothing.
/// (In a loop that it does not unroll, they cost a branch.)
template <class B, std::size_t K>
struct KnownDirections {
    static_assert(K <= 32);
    std::array<B, K> of{};
    std::uint32_t known_zero = ~std::uint32_t{0};  // a bit for each

    [[gnu::always_inline]] bool is_zero(std::size_t k) const { return known_zero >> k & 1u; }

    [[gnu::always_inline]] static KnownDirections each(auto f) { return make(0, f); }
    [[gnu::always_inline]] static KnownDirections unit(std::size_t direction)
    {
        const auto one = static_cast<std::uint32_t>(std::uint64_t{1} << direction);  // none beyond K
        return make(~one, [direction](std::size_t k) { return B(k == direction ? 1 : 0); });
    }
    [[gnu::always_inline]] friend KnownDirections operator+(const KnownDirections& a,
                                                            const KnownDirections& b)
    {
        return make(a.known_zero & b.known_zero, [&](std::size_t k) {
            return a.is_zero(k) ? b.of[k] : b.is_zero(k) ? a.of[k] : a.of[k] + b.of[k];
        });
    }
    [[gnu::always_inline]] friend KnownDirections operator*(const KnownDirections& a, const B& factor)
    {
        return make(a.known_zero, [&](std::size_t k) { return a.is_zero(k) ? a.of[k] : a.of[k] * factor; });
    }
    [[gnu::always_inline]] friend KnownDirections operator-(const KnownDirections& a)
    {
        return make(a.known_zero, [&](std::size_t k) { return a.is_zero(k) ? a.of[k] : -a.of[k]; });
    }

private:
    [[gnu::always_inline]] static KnownDirections make(std::uint32_t zeros, auto f)
    {
        return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            return KnownDirections{{f(I)...}, zeros};
        }(std::make_index_sequence<K>{});
    }
};

}  // namespace autodiff::detail
