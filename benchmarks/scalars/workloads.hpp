#pragma once

// All workloads, in the order of the table.

#include "black_scholes.hpp"
#include "burgers.hpp"
#include "gaussian_mixture.hpp"
#include "lotka_volterra.hpp"
#include "networks.hpp"
#include "one_loop.hpp"

namespace scalars {

/// visit(w) for each workload w.
template <class Visit>
void for_each_workload(Visit visit)
{
    const auto each = [&]<Workload... W>(W... workload) { (visit(workload), ...); };
    each(Rosenbrock{}, Speelpenning{}, LogSumExp{}, BlackScholes{}, XorNetwork{}, LotkaVolterra{},
         GaussianMixture{}, Burgers{}, MatrixChain{});
}

}  // namespace scalars
