#pragma once

// A table of right answers at the edges: where a formula divides by zero, overflows, has a kink, or has a
// derivative that is not what it seems. Each row is checked on numbers and tensors, in reverse and in forward
// mode, in double and in float.

#include <autodiff/autodiff.hpp>

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace autodiff::tests {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

enum class In { both, only_double, only_float };

/// What is right at one point: the value, and the derivative by each argument.
struct Point {
    std::vector<double> at;
    double value;
    std::vector<double> slopes;
    std::string reason;
    In in = In::both;
};

/// The result of a function at a point, in some kind of numbers and mode.
struct Answer {
    std::string how;
    double value;
    std::vector<double> slopes;
};

/// An op and the points at which it is checked. `answers` computes it in all the ways there are.
struct Edge {
    std::string op;
    std::vector<Point> points;
    std::function<std::vector<Answer>(const std::vector<double>& at, bool in_float)> answers;
};

/// Edges of elementwise functions of one to three numbers, and of functions of a vector that return a number.
std::vector<Edge> power_edges();
std::vector<Edge> kink_edges();
std::vector<Edge> function_edges();
std::vector<Edge> activation_edges();
std::vector<Edge> branch_edges();
std::vector<Edge> dead_branch_edges();
std::vector<Edge> reduction_edges();
std::vector<Edge> normalization_edges();
std::vector<Edge> loss_edges();
std::vector<Edge> product_edges();

std::vector<Edge> edge_table();

}  // namespace autodiff::tests
