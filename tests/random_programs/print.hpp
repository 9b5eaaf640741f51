#pragma once

// A case as C++ that reproduces it with the public API and two small headers of this folder.

#include <random_programs/row_source.hpp>

namespace autodiff::tests {

/// The program: the definition of a function f.
std::string printed_function(const std::vector<Row>& rows, const RowSources& sources, const Case& of);

/// A whole file, which compiles and prints the program's derivatives.
std::string printed_file(const std::vector<Row>& rows, const RowSources& sources, const Case& of);

}  // namespace autodiff::tests
