#pragma once

// libtorch's names for the rows of the op table.

#include <torch/torch.h>

#include <functional>
#include <map>
#include <string>

namespace autodiff::tests {

using TorchTensors = std::vector<torch::Tensor>;
using TorchOp = std::function<torch::Tensor(const TorchTensors&)>;

/// By op and variant.
const std::map<std::pair<std::string, std::string>, TorchOp>& torch_ops();

}  // namespace autodiff::tests
