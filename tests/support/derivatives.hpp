#pragma once

// What a suite checks an op's derivatives with, beside the op table: for one function of a tensor at one
// point.

#include <autodiff/tensor.hpp>

#include <functional>

namespace autodiff::tests {

using TensorFunction = std::function<Tensor<double>(const Tensor<double>&)>;

/// At x, where f must be smooth within `step` in every direction: that pullback and pushforward are
/// transposes of each other, ⟨u, push(v)⟩ = ⟨pull(u), v⟩ to 1e-12, and that both agree with extrapolated
/// central differences of ⟨u, f⟩ along v. Then the same for the gradient of ⟨u, f⟩, up to `order`.
void check_derivatives(const TensorFunction& f, const Tensor<double>& x, int order = 2, double step = 0.01);

/// Numbers in [-1, 1] that no two elements share, the same for every run.
Tensor<double> sample(const Shape& shape, std::uint64_t seed = 1);

/// Small whole numbers, of which every sum is exact: (3 i mod m) - 3 in element i.
Tensor<double> whole_numbers(const Shape& shape, Index modulus = 7);

/// Shape and elements, in row-major order, are what they should be, to a tolerance relative to the largest;
/// NaN and infinity where they should be.
void check_equal(const Tensor<double>& actual, const Shape& shape, const std::vector<double>& expected,
                 double tolerance = 0);
void check_equal(const Tensor<double>& actual, const Tensor<double>& expected, double tolerance = 0);
void check_equal(const IndexArray& actual, const Shape& shape, const std::vector<Index>& expected);

}  // namespace autodiff::tests
