#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace autodiff::tests {

/// Rounding of a few operations on numbers near 1.
inline constexpr double rounding = 1e-14;

inline void require_near(double actual, double expected, double tolerance = rounding)
{
    BOOST_TEST(std::abs(actual - expected) <= tolerance * std::max(1.0, std::abs(expected)),
               actual << " is not " << expected);
}

/// Fails unless the text is what this file of docs/ holds, which the pages quote. With ADJOINT_WRITE_DOCS set
/// in the environment the file is written instead.
void require_documented(const std::string& file, const std::string& text);

}  // namespace autodiff::tests
