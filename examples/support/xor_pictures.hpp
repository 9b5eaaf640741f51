#pragma once

// Pictures of the XOR network: its answer over the square, and what each of its hidden neurons has found.

#include "support/plot.hpp"
#include "support/xor_model.hpp"

#include <string>
#include <vector>

namespace support {

/// The answer of the network as it is now.
BoundaryPlot answer_of(const XorModel& model, const std::string& title);

/// The answer of each hidden neuron, and that of the network with their lines.
std::vector<BoundaryPlot> neurons_of(const XorModel& model);

}  // namespace support
