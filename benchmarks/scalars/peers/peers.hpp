#pragma once

// Other libraries to compare with, each used as its documentation recommends, in one file each beside this
// one. Only those that CMake finds are compiled; the list of them is SCALAR_PEERS.

#include "../measure.hpp"
#include "../workloads.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace scalars::peers {

/// The variants in which the library computes the gradient of a workload.
using Peer = std::vector<Variant>(AnyWorkload workload);

Peer adolc, adept, codipack, cppad, xad;

/// A library sums and multiplies in an order of its own, and may have functions of its own.
constexpr double tolerance = 1e-10;

/// A variant for `compute(w)(x_bar)`, which returns the value at w.point and writes the gradient.
Variant peer_variant(std::string name, AnyWorkload workload, auto compute)
{
    return std::visit(
        [&](auto* w) {
            Variant peer = variant(std::move(name), w->point.size(), compute(*w));
            peer.tolerance = tolerance;
            return peer;
        },
        workload);
}

}  // namespace scalars::peers
