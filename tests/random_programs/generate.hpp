#pragma once

// Makes random programs that are well typed and tame: it runs each statement on plain numbers as it adds it,
// and takes another where an op does not accept the shapes or a value is not small and finite.

#include <random_programs/interpret.hpp>
#include <support/random.hpp>

namespace autodiff::tests {

struct Options {
    bool of_tensors = false;
    std::size_t most_statements = 10;
    /// Only rows of the op table: no updates, branches, loops, transforms and scoped calls.
    bool only_ops = false;
};

Case random_case(const std::vector<Row>& rows, const Options& options, Random& random);

/// An input as a tensor, laid out as it says.
Tensor<double> tensor_of(const Input& input);

}  // namespace autodiff::tests
