#pragma once

// How often does a network learn XOR? The study behind the defaults of 07_xor.

#include <nn/nn.hpp>

#include <cstdint>

namespace support {

/// The starting weights, biases included, and the learning rate with which most networks converge; the study
/// shows it. Much larger steps overshoot.
inline constexpr nn::Initializer default_weights = nn::uniform(0.3);
inline constexpr double default_learning_rate = 11;

struct Study {
    int seeds = 1000;
    int epochs = 3000;
    int threads = 1;
    bool quiet = false;
};

/// Trains networks from many seeds for each width, initialiser and learning rate. Prints how many converge,
/// and how those with two hidden neurons fail that do not.
void print_xor_study(const Study& study);

}  // namespace support
