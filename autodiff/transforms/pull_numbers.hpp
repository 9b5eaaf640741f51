#pragma once

// The reverse sweep of sweep.hpp for a tape of numbers, as a loop over bare arrays.

#include <autodiff/scalar.hpp>

#include <utility>
#include <vector>

namespace autodiff {

namespace detail {

template <Products P, class A, class T>
A link_product(const A& y_bar, const T& partial)
{
    if constexpr (P == Products::plain) return y_bar * A(partial);
    else return lift<A>(chain_product(y_bar, partial));
}
/// Adds to the adjoints of `count` arguments.
template <Products P, class A, class T>
[[gnu::always_inline]] inline void pull_links(A* adjoint, const A& y_bar, const Node* argument,
                                              const T* partial, std::ptrdiff_t count)
{
    while (count-- > 0) {
        A& x_bar = adjoint[argument[count]];
        x_bar = x_bar + link_product<P>(y_bar, partial[count]);
    }
}
/// The same for many, unless nothing is to be added. Apart, because whether an adjoint is zero is hard to
/// foresee, and to ask in vain costs more than a short row.
template <class A, class T>
[[gnu::noinline]] void pull_many_links(A* adjoint, A y_bar, const Node* argument, const T* partial,
                                       std::ptrdiff_t count)
{
    if (!contributes_nothing(y_bar)) pull_links<Products::plain>(adjoint, y_bar, argument, partial, count);
}

}  // namespace detail

/// The sweep over statements [first, end), with adjoints A: numbers T, or batches of them for several sweeps
/// at once. A plain one may make a NaN where a careful one does not: of a zero and an infinity.
template <Products P, class A, class T>
void pull_rows(const Tape<ScalarSpace<T>>& tape, A* adjoint, Node first, Node end)
{
    if (first == end) return;
    if constexpr (std::floating_point<T> && std::same_as<A, T>)
        if (detail::watch) [[unlikely]]
            return detail::pull_watched(tape, adjoint, first, end);
    constexpr std::ptrdiff_t many = 8;
    const Node* argument = tape.arguments() + tape.end_link(end - 1);
    const T* partial = tape.maps() + tape.end_link(end - 1);
    A carried{};  // on its way from a statement to the one before: a chain does not wait for memory
    for (Node node = end; node-- > first;) {
        const A y_bar = adjoint[node] + carried;
        adjoint[node] = A{};
        carried = A{};
        const Node* const row = tape.arguments() + tape.first_link(node);
        const std::ptrdiff_t count = argument - row;
        argument = row;
        partial -= count;
        if (count == 0) continue;
        if constexpr (P == Products::careful) {
            if (contributes_nothing(y_bar)) continue;
            detail::pull_links<P>(adjoint, y_bar, argument + 1, partial + 1, count - 1);
        } else if (count > many) [[unlikely]]
            detail::pull_many_links(adjoint, y_bar, argument + 1, partial + 1, count - 1);
        else detail::pull_links<P>(adjoint, y_bar, argument + 1, partial + 1, count - 1);
        const A x_bar = detail::link_product<P>(y_bar, *partial);
        if (*argument + 1 == node && node > first) carried = x_bar;
        else adjoint[*argument] = adjoint[*argument] + x_bar;
    }
}

/// The links of a result of a block that has them.
template <class T>
struct ResultLinks {
    std::vector<Node> arguments;  ///< the nodes that it depends on
    std::vector<T> partials;      ///< with respect to each of them

    /// Those of the result that is this node.
    void read(const typename Blocks<T>::Block& block, Node node)
    {
        arguments.clear();
        partials.clear();
        block.map->append_links(node - block.first, arguments, partials);
    }
};
/// The pullback of a block whose results have links, for adjoints that are not numbers.
template <class A, class T>
void pull_block(const typename Blocks<T>::Block& block, A* adjoint)
{
    ResultLinks<T> links;
    for (Node node = block.end; node-- > block.first;) {
        const A y_bar = std::exchange(adjoint[node], A{});
        if (contributes_nothing(y_bar)) continue;
        links.read(block, node);
        detail::pull_links<Products::careful>(adjoint, y_bar, links.arguments.data(), links.partials.data(),
                                              static_cast<std::ptrdiff_t>(links.arguments.size()));
    }
}

/// The reverse sweep over statements [first, end) with their adjoints in an array, which it clears: the
/// contributions to what stands before are what is left. No block may lie across `end`: see end_of_sweep.
/// Adjoints that are not numbers go through blocks whose results have links only, or bring a
/// pull_whole_block.
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
        } else if (block.map->has_links()) pull_block<A, T>(block, adjoint);
        else if constexpr (requires { pull_whole_block(*block.map, adjoint, block.first, block.end); })
            pull_whole_block(*block.map, adjoint, block.first, block.end);
        end = block.first;
    }
    pull_rows<P>(tape, adjoint, first, end);
}

}  // namespace autodiff
