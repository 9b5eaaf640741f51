#pragma once

// Programs of ops on libtorch's tensors: the third opinion.

#include <random_programs/program.hpp>

#include <vector>

namespace autodiff::tests {

/// The rows of the op table that libtorch has, too.
std::vector<Row> rows_of_torch();

/// The program's result, and its gradient with all inputs' elements in a row.
struct TorchResult {
    double value = 0;
    std::vector<double> gradient;
};
TorchResult run_on_torch(const std::vector<Row>& rows, const Case& of);

}  // namespace autodiff::tests
