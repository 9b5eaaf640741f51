#pragma once

// All workloads, in the order of the table.

#include "black_scholes.hpp"
#include "burgers.hpp"
#include "gaussian_mixture.hpp"
#include "lotka_volterra.hpp"
#include "networks.hpp"
#include "one_loop.hpp"

#include <tuple>
#include <variant>

namespace scalars {

/// In the order of the table: by the number of variables, because some libraries keep what the largest
/// recording so far has taken, and are slower with every one that follows.
using Workloads = std::tuple<LotkaVolterra, XorNetwork, Rosenbrock, Speelpenning, LogSumExp, GaussianMixture,
                             BlackScholes, Burgers, MatrixChain>;

template <class... W>
std::variant<W*...> any_of(std::tuple<W...>);
/// A pointer to one of them.
using AnyWorkload = decltype(any_of(Workloads()));

/// visit(w) for one workload after the other.
template <class Visit>
void for_each_workload(Visit visit)
{
    const auto each = [&]<class... W>(std::variant<W*...>) {
        const auto construct_and_visit = [&](auto w) { visit(w); };
        (construct_and_visit(W{}), ...);
    };
    each(AnyWorkload{});
}

}  // namespace scalars
