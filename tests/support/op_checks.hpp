#pragma once

// The checks that every row of the op table and of the table of transforms goes through, and the account of
// them.

#include <op_table.hpp>
#include <support/differences.hpp>
#include <support/random.hpp>

#include <functional>
#include <map>
#include <set>
#include <utility>

namespace autodiff::tests {

enum class Check {
    differences,         // reverse mode against differences of values
    forward,             // against forward mode: ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩
    second_differences,  // reverse over reverse against differences of gradients
    nested,              // forward over reverse, reverse over forward, … against reverse over reverse
    single,              // float against double
    constants,           // some arguments constant
    repeated,            // one variable for all arguments
    fan_out,             // arguments and result used several times
    layouts,             // strided arguments and adjoints against contiguous ones
    scalars,             // scalars against tensors
    plain,               // a transform against the plain computation it stands for
};
inline constexpr std::size_t check_count = 11;

/// What is being checked: an op or transform, on scalars or on tensors of these shapes, and where.
struct Subject {
    std::string name;
    std::string variant;
    std::string on;
    std::string where;
};

/// Fails the test, saying where, if numbers differ by more than the tolerance relative to the largest of
/// them, or to 1.
void compare(const Subject& subject, Check check, std::span<const double> actual,
             std::span<const double> expected, double tolerance);

/// A failure unless the differences are known to the tolerance: a check against them would say nothing.
void require_accuracy(const Subject& subject, Check check, std::span<const Difference> differences,
                      double tolerance);

struct Failure {
    Check check;
    std::string text;
};

/// What was run, what failed, and the worst error of each op or transform in each check.
class Account {
public:
    void add(const Subject& subject, Check check, double error);
    /// A list of arguments in this form has gone through the checks, in double and in float.
    void add_form(const Subject& subject, ArgumentForm form);
    /// On how many lists of arguments of this form the row was checked.
    std::size_t lists(const Row& row, ArgumentForm form) const;
    void add_failure(const Subject& subject, Check check, const std::string& text);
    const std::vector<Failure>& failures() const { return failures_; }
    /// "52 ops, 80 rows, 3519 op x check combinations; worst errors: …", of a kind "op".
    std::string summary(std::string_view kind, std::size_t rows) const;
    /// A table for the documentation, with a column for each check that was made.
    std::string markdown(std::string_view kind) const;
    /// A table of the ops: lists of arguments of each form, or why there are none.
    std::string markdown_of_forms(std::span<const Row> rows) const;
    /// Fails the test for each failure.
    void report() const;

private:
    std::map<Check, double> worst_of_all() const;

    std::map<std::string, std::map<Check, double>> worst_;
    std::set<std::string> combinations_;
    std::map<std::pair<std::string, std::string>, std::map<ArgumentForm, std::set<std::string>>> forms_;
    std::vector<Failure> failures_;
};
/// The account of the checks that are running.
Account& account();
/// What the checks find, which is not added to the account: of what is wrong on purpose.
std::vector<Failure> failures_of(const std::function<void()>& checks);

/// An argument's elements, and the step that keeps each within its interval.
struct Sample {
    std::vector<double> values;
    std::vector<double> steps;
};
Sample sample(const Domain& domain, const Shape& shape, Random& random);

void check_scalars(const Row& row, Random& random);
void check_tensors(const Row& row, const Shapes& shapes, Random& random);

}  // namespace autodiff::tests
