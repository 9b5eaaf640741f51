#pragma once

// Philox4x32-10, a counter-based random generator: 128 random bits as a function of a counter and a key,
// without state (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").

#include <array>
#include <cstdint>

namespace autodiff::kernels {

/// What is enciphered: 128 bits.
using PhiloxCounter = std::array<std::uint32_t, 4>;
/// What it is enciphered with: 64 bits, the seed of a generator.
using PhiloxKey = std::array<std::uint32_t, 2>;

/// The random bits for a counter and a key.
constexpr PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key)
{
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t p0 = std::uint64_t{0xD2511F53} * counter[0];
        const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * counter[2];
        counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
                   static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(p0)};
        key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
    }
    return counter;
}

}  // namespace autodiff::kernels
