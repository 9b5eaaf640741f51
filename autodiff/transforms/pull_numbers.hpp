#pragma once

// The reverse sweep of sweep.hpp for a tape of numbers, as a loop over bare arrays.

#include <autodiff/scalar.hpp>

namespace autodiff {

/// The sweep over statements [first, end), which are rows of links, with adjoints A: numbers T, or batches of
/// them for several sweeps at once.
template <Products P, class A, class T>
void pull_rows(const Tape<ScalarSpace<T>>& tape, A* adjoint, Node first, Node end)
{
    if (first == end) return;
    if constexpr (std::floating_point<T> && std::same_as<A, T>)
        if (detail::watch) [[unlikely]]
            return detail::pull_watched(tape, adjoint, first, end);
    const auto product = [](const A& y_bar, const T& partial) {
        if constexpr (P == Products::plain) return y_bar * A(partial);
        else return lift<A>(chain_product(y_bar, partial));
    };
    const Node* argument = tape.arguments() + tape.end_link(end - 1);
    const T* partial = tape.maps() + tape.end_link(end - 1);
    A carried{};  // on its way from a statement to the one before: a chain does not wait for memory
    for (Node node = end; node-- > first;) {
        const A y_bar = adjoint[node] + carried;
        adjoint[node] = A{};
        carried = A{};
        const Node* const begin = tape.arguments() + tape.first_link(node);
        if (argument == begin || contributes_nothing(y_bar)) {
            partial -= argument - begin;
            argument = begin;
            continue;
        }
        while (--argument != begin) {
            A& x_bar = adjoint[*argument];
            x_bar = x_bar + product(y_bar, *--partial);
        }
        const A x_bar = product(y_bar, *--partial);
        if (*argument + 1 == node && node > first) carried = x_bar;
        else adjoint[*argument] = adjoint[*argument] + x_bar;
    }
}

/// The reverse sweep over statements [first, end) with their adjoints in an array, which it clears: the
/// contributions to what stands before are what is left. No block may lie across `end`: see end_of_sweep.
/// Adjoints that are not numbers bring a pull_block of their own.
template <Products P, class A, class T>
void pull_numbers(const Tape<ScalarSpace<T>>& tape, A* adjoint, Node first, Node end)
{
    const auto& blocks = tape.notes().all();
    for (std::size_t i = blocks.size(); i-- > 0 && blocks[i].first >= first;) {
        const auto& block = blocks[i];
        if (block.first >= end) continue;
        pull_rows<P>(tape, adjoint, block.end, end);
        if constexpr (std::same_as<A, T>) {
            block.map->pull(adjoint, block.first, P);
            if constexpr (std::floating_point<T>)
                if (detail::watch) [[unlikely]]
                    detail::watch_pulled_block(tape, *block.map, block.first, adjoint);
        } else pull_block(*block.map, adjoint, block.first, block.end);
        end = block.first;
    }
    pull_rows<P>(tape, adjoint, first, end);
}

}  // namespace autodiff
