#pragma once

// What must agree, whatever the program:
//
//     forward mode    reverse mode and forward mode                              to rounding
//     differences     reverse mode and differences of values                     to the differences' error
//     nestings        all ways to nest two modes                                 to rounding
//     second order    second derivatives and differences of gradients            to the differences' error
//     scoped calls    what they stand for                                        to rounding
//     replay          a replayed gradient and a recorded one                     to the last bit
//     layouts         inputs that are views and inputs that are not              to rounding
//     float           float and double                                           to float's rounding
//
// How large rounding may be depends on the program: the statements' values are disturbed, and what that does
// to the derivatives, per unit of disturbance, times a few roundings is what is allowed.

#include <random_programs/program.hpp>

#include <map>
#include <optional>
#include <string>

namespace autodiff::tests {

/// How often each check was made, and how often it could not be.
struct Tally {
    std::size_t programs = 0, statements = 0;
    std::map<std::string, std::size_t> made, skipped;
    std::string text() const;
};

struct Disagreement {
    std::string check;
    std::string text;
};

/// The first check that fails.
std::optional<Disagreement> check(const std::vector<Row>& rows, const Case& of, Tally& tally);

}  // namespace autodiff::tests
