#pragma once

// Rows of the table of transforms whose result is a derivative, and the checks they go through.

#include <support/op_checks.hpp>

#include <functional>
#include <optional>

namespace autodiff::tests {

using Numbers = std::vector<double>;

/// What else a transform's result has to agree with.
struct Agreement {
    Check check;
    Numbers actual, expected;
    double tolerance = rounding;
};

/// A derivative that is to be differentiated: ⟨w, result⟩ as a function of x.
struct SecondOrder {
    std::function<Numbers(const Numbers& w)> gradient;                      ///< backwards
    std::function<double(const Numbers& w, const Numbers& x_dot)> tangent;  ///< forwards
};

/// A transform of a function at a point. For each number of `primal` its result has the derivative along each
/// direction.
struct Derivative {
    Subject subject;
    Numbers x;
    std::vector<Numbers> directions;
    std::function<Numbers(const Numbers& x)> primal, result;
    /// The primal's derivative along a direction in the other mode: forwards of what goes backwards.
    std::function<Numbers(const Numbers& direction)> other_mode;
    /// The result in float.
    Numbers single;
    std::optional<SecondOrder> second_order;
    std::vector<Agreement> agreements;
};

void check(const Derivative& derivative);

// The rows, by family.
std::vector<Derivative> first_derivatives();
std::vector<Derivative> second_derivatives();
std::vector<Derivative> sparse_derivatives();
std::vector<Derivative> replayed_derivatives();

/// A transform whose result is no derivative, and what it has to agree with.
struct AgreementOf {
    Subject subject;
    Agreement agreement;
};
std::vector<AgreementOf> agreements();

}  // namespace autodiff::tests
