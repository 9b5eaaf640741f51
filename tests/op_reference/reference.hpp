#pragma once

// What is said of every op in the documentation, found by running it: its formulas as explain writes them,
// where it has a value and a derivative, and the derivative that is chosen at a kink.

#include <op_table.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace autodiff::tests {

/// "y = x²", "x̄ = ȳ · 2 · x"; in Markdown.
struct Formulas {
    std::string value, pullback;
};
Formulas formulas_of(const Row& row);

/// "x ≥ 0; ∂ infinite for x = 0". Of an op on tensors for tensors of one element; empty if it takes none.
std::string domain_of(const Row& row);

/// "x = 0: ∂ = 0, between -1 and 1"; empty if there is none.
std::string kinks_of(const Row& row);

// ---------------------------------------- what these are made of --------------------------------------

/// Of the arguments of an op: x, or a, b and c.
std::string argument_name(const Row& row, std::size_t argument);

/// Points within the row's domains: of each argument a number from its first interval and two of its last, in
/// every combination.
std::vector<std::vector<double>> ordinary_points(const Row& row);

/// An op as a function of one argument, a number or a tensor of one element, with the others held at x.
class Along {
public:
    /// On tensors of these shapes, where the op has no meaning on numbers.
    Along(const Row& row, const Shapes& shapes, std::vector<double> x, std::size_t argument);

    double value(double at) const;
    /// All partial derivatives.
    std::vector<double> gradient(double at) const;
    double slope(double at) const { return gradient(at)[argument_]; }

    std::size_t argument() const { return argument_; }
    std::size_t arguments() const { return x_.size(); }
    std::string name(std::size_t argument) const { return argument_name(*row_, argument); }
    std::string name() const { return name(argument_); }
    /// A number other than 0 by the name of another argument that has it, if any; else its first four digits.
    std::string named(double number) const;

private:
    std::vector<double> moved(double at) const;

    const Row* row_;
    Shapes shapes_;
    std::vector<double> x_;
    std::size_t argument_;
};

/// A double's place among all of them, in order; 0 for both zeros.
std::int64_t place_of(double x);
double at_place(std::int64_t place);

/// Four digits, which do not depend on the machine.
std::string short_number(double x);

}  // namespace autodiff::tests
