#pragma once

// The C++ of a row of the op table: its lambda, read from the file that it stands in.

#include <random_programs/program.hpp>

#include <map>
#include <string>

namespace autodiff::tests {

class RowSources {
public:
    /// Reads the files of the op table, and others that have rows.
    explicit RowSources(const std::vector<std::string>& more_files = {});

    /// The row called with these arguments: an expression.
    std::string call(const Row& row, const std::vector<std::string>& arguments) const;

private:
    void read(const std::string& text);

    std::map<std::pair<std::string, std::string>, std::string> lambdas_;  ///< by op and variant
};

/// A file beneath tests/.
std::string test_source(const std::string& path);

}  // namespace autodiff::tests
