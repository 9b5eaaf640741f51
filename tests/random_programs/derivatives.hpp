#pragma once

// A program's derivatives in all the ways in which the library computes them, as plain vectors: of numbers
// one element for each input, of tensors all their elements in a row.

#include <random_programs/interpret.hpp>

#include <map>
#include <memory>
#include <string>

namespace autodiff::tests {

using Vector = std::vector<double>;

class Derivatives {
public:
    virtual ~Derivatives() = default;

    virtual double value(const Mode& mode, const Vector& x) const = 0;
    /// By reverse mode.
    virtual Vector gradient(const Mode& mode, const Vector& x) const = 0;
    /// The derivative along v by forward mode.
    virtual double slope(const Mode& mode, const Vector& x, const Vector& v) const = 0;
    /// H v, by the names of the nestings that compute it.
    virtual std::map<std::string, Vector> second(const Mode& mode, const Vector& x,
                                                 const Vector& v) const = 0;
    /// The gradient in float.
    virtual Vector gradient_in_single(const Mode& mode, const Vector& x) const = 0;
    /// The gradient at x by a replay that was recorded elsewhere, and nothing if it refuses. Of numbers
    /// nothing.
    virtual std::optional<Vector> replayed_gradient(const Mode& mode, const Vector& x) const = 0;
    /// The gradient if inputs are laid out contiguously.
    virtual Vector gradient_of_contiguous(const Mode& mode, const Vector& x) const = 0;
};

std::unique_ptr<Derivatives> derivatives_of_numbers(const Case& of);
std::unique_ptr<Derivatives> derivatives_of_tensors(const Case& of);
inline std::unique_ptr<Derivatives> derivatives(const Case& of)
{
    return of.of_tensors ? derivatives_of_tensors(of) : derivatives_of_numbers(of);
}

inline double inner_product(const Vector& a, const Vector& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

}  // namespace autodiff::tests
