#pragma once

// Makes a program that fails smaller for as long as it fails: fewer results, statements, arguments and
// inputs, smaller shapes, rounder numbers.

#include <random_programs/program.hpp>

#include <functional>

namespace autodiff::tests {

/// The smallest case found that `fails`, by single steps. `fails` may throw for what is no program: that
/// counts as not failing.
Case shrunk(Case failing, const std::function<bool(const Case&)>& fails);

}  // namespace autodiff::tests
