#pragma once

// Input that is almost right, from input that is.

#include <support/random.hpp>

#include <string>
#include <vector>

namespace autodiff::tests {

/// One of the seeds with a few changes: bits, bytes, a piece cut out, doubled, cut off or taken from another
/// seed, and numbers, in bytes and in digits, set to the ends of what they can say.
std::string mutated(const std::vector<std::string>& seeds, Random& random);

}  // namespace autodiff::tests
