#pragma once

// The sweeps over a tape: pull, from the adjoints of results back to those of leaves, and push, from the
// tangents of leaves forward to those of results.

#include <autodiff/idle.hpp>
#include <autodiff/tape.hpp>

#include <concepts>
#include <utility>
#include <vector>

namespace autodiff {

/// Adjoints (or tangents) of the statements from `first` on, absent ones being zero.
template <class Space>
class Cotangents {
public:
    /// An adjoint or a tangent.
    using Value = typename Space::Value;
    /// What one is summed up in.
    using Slot = typename Space::Slot;

    Cotangents(Node first, Node end)
        : first_(first), memory_(detail::Lent<std::vector<Slot>>::take()), slots_(*memory_)
    {
        slots_.clear();
        slots_.resize(end - first);
    }
    Cotangents(const Cotangents&) = delete;
    Cotangents& operator=(const Cotangents&) = delete;
    ~Cotangents() { slots_.clear(); }
    /// The first statement with one.
    Node first() const { return first_; }
    /// One past the last statement with one.
    Node end() const { return first_ + static_cast<Node>(slots_.size()); }
    Slot& operator[](Node node) { return slots_[node - first_]; }
    /// Adds to that of a statement from first() to end() - 1.
    void add(Node node, Value value) { Space::add((*this)[node], std::move(value)); }

private:
    Node first_;
    detail::Lent<std::vector<Slot>> memory_;  // that of an earlier sweep
    std::vector<Slot>& slots_;
};

/// For each statement from `first` on: does it depend on one of the leaves [first, first + leaves)?
template <class Space>
std::vector<bool> depends_on_leaves(const Tape<Space>& tape, Node first, Node leaves, Node end)
{
    std::vector<bool> depends(end - first, false);
    for (Node leaf = 0; leaf < leaves; ++leaf) depends[leaf] = true;
    for (Node node = first + leaves; node < end; ++node)
        for (Node link = tape.first_link(node); link < tape.end_link(node); ++link)
            if (tape.argument(link) >= first && depends[tape.argument(link) - first])
                depends[node - first] = true;
    return depends;
}

/// What a sweep is for: the adjoints of leaves, or only their derivatives, as for a Hessian-vector product.
enum class LeafAdjoints {
    values,      ///< the adjoints
    derivatives  ///< of an adjoint only how it was computed: its value may be any
};

namespace detail {

/// Whether the value of what a pullback returns is wanted, or only its place on the tape. Costly pullbacks
/// may then return any value of the right shape.
inline thread_local constinit bool value_is_wanted = true;

/// Sets it for a scope.
class ValueWanted {
public:
    explicit ValueWanted(bool wanted) : before_(std::exchange(value_is_wanted, wanted)) {}
    ValueWanted(const ValueWanted&) = delete;
    ValueWanted& operator=(const ValueWanted&) = delete;
    ~ValueWanted() { value_is_wanted = before_; }

private:
    bool before_;
};

/// While a pullback runs, in a sweep that is not recorded: the slot with the sum that its result will be
/// added to, if there is one yet.
inline thread_local constinit void* sum_so_far = nullptr;

/// Sets it for a scope.
class SumSoFar {
public:
    explicit SumSoFar(void* slot) : before_(std::exchange(sum_so_far, slot)) {}
    SumSoFar(const SumSoFar&) = delete;
    SumSoFar& operator=(const SumSoFar&) = delete;
    ~SumSoFar() { sum_so_far = before_; }

private:
    void* before_;
};

}  // namespace detail

/// The reverse sweep: from the adjoints already in `adjoints` down to its first `leaves` statements, which
/// keep theirs. With `only`, contributions to statements it does not mark are not computed. Contributions to
/// statements before the first go to `below(argument, value)`, where one is given. `after(statement)` is
/// called when the sweep has passed a statement.
template <class Space, class Below = std::nullptr_t, class After = std::nullptr_t>
void pull(const Tape<Space>& tape, Cotangents<Space>& adjoints, Node leaves,
          const std::vector<bool>* only = nullptr, Below below = {},
          LeafAdjoints wanted = LeafAdjoints::values, After after = {})
{
    const Node first = adjoints.first();
    const detail::ValueWanted until_the_leaves(true);
    const detail::SumSoFar not_of_an_outer_sweep(nullptr);
    const auto pull_statement = [&](Node node) {
        const typename Space::Value y_bar = Space::take(adjoints[node]);
        for (Node link = tape.first_link(node); link < tape.end_link(node); ++link) {
            const Node argument = tape.argument(link);
            if (argument < first) {
                if constexpr (!std::same_as<Below, std::nullptr_t>)
                    below(argument, Space::pull(tape, link, node, y_bar));
            } else if (!only || (*only)[argument - first]) {
                if (wanted == LeafAdjoints::derivatives) detail::value_is_wanted = argument >= first + leaves;
                if constexpr (requires { Space::add_pull(adjoints[argument], tape, link, node, y_bar); })
                    Space::add_pull(adjoints[argument], tape, link, node, y_bar);
                else adjoints.add(argument, Space::pull(tape, link, node, y_bar));
            }
        }
    };
    for (Node node = adjoints.end(); node-- > first + leaves;) {
        if (!Space::is_zero(adjoints[node])) pull_statement(node);
        if constexpr (!std::same_as<After, std::nullptr_t>) after(node);
    }
}

/// The forward sweep: from the tangents of the first `leaves` statements up to the last one.
template <class Space>
void push(const Tape<Space>& tape, Cotangents<Space>& tangents, Node leaves)
{
    const Node first = tangents.first();
    for (Node node = first + leaves; node < tangents.end(); ++node)
        for (Node link = tape.first_link(node); link < tape.end_link(node); ++link) {
            const Node argument = tape.argument(link);
            if (argument < first || Space::is_zero(tangents[argument])) continue;
            tangents.add(node, Space::push(tape, link, node, Space::read(tangents[argument])));
        }
}

}  // namespace autodiff
