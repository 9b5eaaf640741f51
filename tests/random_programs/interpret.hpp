#pragma once

// Runs a program on numbers X or tensors of them. What a statement of the program is, is said here once; the
// printer (print.cpp) writes the same down in C++.

#include <random_programs/adapt.hpp>
#include <random_programs/program.hpp>

namespace autodiff::tests {

struct Mode {
    const std::vector<Row>& rows;
    /// Scoped calls (preaccumulate, sum_over, iterate, map, checkpoint) as what they stand for.
    bool plain = false;
    /// Every statement's value, in every pass of a loop, is off by this much, relative and absolute: how well
    /// the program is conditioned.
    double noise = 0;
    std::uint64_t seed = 0;
};

/// X is one of the kinds of numbers or tensors that rows can be called with.
template <class X, class Tuple>
inline constexpr bool is_in_table = false;
template <class X, class... F>
inline constexpr bool is_in_table<X, std::tuple<F...>> = (std::same_as<FunctionOn<X>, F> || ...);
template <class X>
concept InTable = is_in_table<X, Functions>;

/// The program's values, and its result last: what `run` is made of, for the generator, which goes statement
/// by statement. Not inlined: a scoped call compiles what it calls once for each instruction set.
template <InTable X>
[[gnu::noinline]] X evaluate(const Mode& mode, const Statement& statement, std::vector<X>& values);

/// The program's result on the inputs.
template <InTable X>
X run(const Mode& mode, const Program& program, std::vector<X> values)
{
    for (const Statement& statement : program.statements) values.push_back(evaluate(mode, statement, values));
    X total = lift<X>(0);
    for (const std::size_t result : program.results) {
        if constexpr (is_tensor<X>) total = total + sum(sin(values[result]));
        else total = total + sin(values[result]);
    }
    return total;
}

}  // namespace autodiff::tests
