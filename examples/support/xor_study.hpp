#pragma once

// How often does a network learn XOR? The study behind the defaults of 07_xor.

#include <nn/nn.hpp>

#include <cstdint>

namespace support {

/// The starting weights and the learning rate with which nearly every seed converges; print_xor_study shows
/// it.
inline constexpr nn::Initializer default_weights = nn::uniform(0.5);
inline constexpr double default_learning_rate = 10;

nn::Key key_of_seed(std::uint64_t seed);

/// Trains networks from `seeds` seeds for each width, initialiser and learning rate, and prints how many
/// converge: all four predictions on the right side of 0.5 and a mean squared error below 0.01. Returns the
/// exit code.
int print_xor_study(int seeds, int epochs, int threads, bool quiet);

}  // namespace support
