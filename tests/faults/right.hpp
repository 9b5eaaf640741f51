#pragma once

// Gradients that are known, to be asked for after something went wrong.

#include <autodiff/autodiff.hpp>

#include <support/recorded_gradient.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <filesystem>

namespace autodiff::tests {

/// Of numbers, of tensors and of a gradient: whether they are those of x² y + sin y and of Σ (W v)².
inline bool gradients_are_right()
{
    const auto [by_x, by_y] =
        recorded_gradient([](const auto& x, const auto& y) { return x * x * y + sin(y); }, 3.0, 2.0);
    if (by_x != 12 || std::abs(by_y - (9 + std::cos(2.0))) > 1e-14) return false;

    const Tensor<> w{{1, 2}, {3, 4}}, v{1, -1};
    const auto f = [&](const Tensor<>& x) { return sum(square(matmul(w, x))); };
    const Tensor<> g = gradient(f, v);  // 2 Wᵀ W v, in whole numbers
    if (g(0) != -8 || g(1) != -12) return false;
    const Tensor<> h = gradient([&](const Tensor<>& x) { return sum(gradient(f, x)); }, v);  // 2 Wᵀ W 1
    return h(0) == 48 && h(1) == 68;
}
inline void check_gradients() { BOOST_TEST(gradients_are_right()); }

/// Whether nothing is being recorded.
inline bool nothing_is_recorded()
{
    return !recorder<TensorSpace<double>>.tape && !recorder<ScalarSpace<double>>.tape;
}

/// How many files this process has open.
inline std::ptrdiff_t open_files()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

}  // namespace autodiff::tests
