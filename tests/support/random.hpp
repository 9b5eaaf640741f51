#pragma once

// Random numbers that are the same on every machine: SplitMix64 (Steele, Lea and Flood 2014).

#include <cstddef>
#include <cstdint>

namespace autodiff::tests {

class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t bits()
    {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    double uniform(double low, double high)
    {
        return low + (high - low) * (static_cast<double>(bits() >> 11) * 0x1p-53);
    }
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(bits() % end); }

private:
    std::uint64_t state_;
};

}  // namespace autodiff::tests
