#pragma once

// What the scalar workloads have in common. A workload W has
//
//     W::name
//     w.point               the point at which it is differentiated
//     X y = w(x)            its value, as one writes it for double, for any number type X
//     y = w.hand(x, x_bar)  its value and gradient, derived by hand: the limit
//
// and, where they fit, the same value by the library's scoped and array calls:
//
//     X y = structured(w, x)

#include <concepts>
#include <cstddef>
#include <random>
#include <string_view>
#include <vector>

namespace scalars {

using Numbers = std::vector<double>;

template <class W>
concept Workload = requires(W& w, const Numbers& x, Numbers& x_bar) {
    { W::name } -> std::convertible_to<std::string_view>;
    { w.point } -> std::same_as<Numbers&>;
    { w(x) } -> std::same_as<double>;
    { w.hand(x, x_bar) } -> std::same_as<double>;
};

/// `count` numbers between low and high, the same in every run.
inline Numbers uniform(std::size_t count, double low, double high)
{
    std::mt19937_64 engine(count);
    std::uniform_real_distribution<double> distribution(low, high);
    Numbers numbers(count);
    for (double& number : numbers) number = distribution(engine);
    return numbers;
}

}  // namespace scalars
