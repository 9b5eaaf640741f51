#pragma once

// Jacobians and Hessians of which most entries are zero, of functions of a container of plain numbers: a
// sweep for each colour, eight at once, not for each row.
//
//     sparse_jacobian(f, x)   sparse_hessian(f, x)         once
//     const SparsePlan plan(jacobian_pattern(f, x));       or what depends on the pattern alone first,
//     sparse_jacobian(f, x2, plan)                         and then for many x
//
// Rows that have no column in common get one colour. Their sum is swept as one, ȳ = Σ eᵢ, and each number of
// x̄ is then an entry of one of them (Curtis, Powell and Reid 1974); columns likewise, forwards. The pattern
// is that of what f computes at x: an entry belongs to it if a result was computed from a variable, though
// its value may be 0 (but parts and array primitives of few arguments record no partial that is 0 at x).
// Every result of a block (map_over, iterate, matmul, …) counts as computed from all of its arguments, but of
// a map from its own.

#include <autodiff/transforms/gradient.hpp>
#include <autodiff/transforms/sparsity.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace autodiff {

/// A container of double or float.
template <class C>
concept FloatingContainer = NumberContainer<C> && std::floating_point<typename C::value_type>;

namespace detail {

/// A set of 512 rows (or columns), as adjoint or tangent: where values are added, sets are united.
struct IndexSet {
    static constexpr std::size_t size = 512;
    std::array<std::uint64_t, size / 64> words{};

    static IndexSet of(std::size_t i)
    {
        IndexSet set;
        set.words[i / 64] = std::uint64_t{1} << i % 64;
        return set;
    }
    void for_each(auto take) const
    {
        for (std::size_t i = 0; i < words.size(); ++i)
            for (std::uint64_t left = words[i]; left != 0; left &= left - 1)
                take(64 * i + static_cast<std::size_t>(std::countr_zero(left)));
    }
    friend IndexSet operator+(IndexSet a, const IndexSet& b)
    {
        for (std::size_t i = 0; i < a.words.size(); ++i) a.words[i] |= b.words[i];
        return a;
    }
};

/// For each of eight colours, whose rows (or columns) they are: none's, one's, or several ones'.
struct Owners {
    static constexpr std::uint32_t none = 0, several = ~std::uint32_t{0};
    std::array<std::uint32_t, 8> of{};

    friend Owners operator+(Owners a, const Owners& b)
    {
        for (std::size_t k = 0; k < a.of.size(); ++k) {
            const std::uint32_t x = a.of[k], y = b.of[k];
            a.of[k] = x == none || x == y ? y : y == none ? x : several;
        }
        return a;
    }
};

template <class Set>
concept DependenceSet = std::same_as<Set, IndexSet> || std::same_as<Set, Owners>;

inline bool contributes_nothing(const IndexSet& set) { return set.words == IndexSet{}.words; }
inline bool contributes_nothing(const Owners& owners) { return owners.of == Owners{}.of; }
/// What depends on a result depends on all that it was computed from, whatever the partial.
template <DependenceSet Set, class T>
const Set& chain_product(const Set& set, const T&)
{
    return set;
}
template <DependenceSet Set, class T>
void pull_whole_block(const BlockMap<T>& map, Set* sets, Node first, Node end)
{
    Set all;
    for (Node node = first; node < end; ++node) all = all + std::exchange(sets[node], Set{});
    std::vector<Node> arguments;
    map.append_arguments(arguments);
    for (const Node node : arguments) sets[node] = sets[node] + all;
}

/// The sweep of rows backwards, which gives columns, or of columns forwards, which gives rows: of `count` of
/// them from the `first` on.
template <class A, class C, class Y, class Seed>
std::vector<A> sweep_as(const ScalarTrace<C>& trace, const Y& y, Coloured coloured, std::size_t first,
                        std::size_t count, Seed seed)
{
    return coloured == Coloured::rows ? trace.template pull_as<A>(y, first, count, seed)
                                      : trace.template push_as<A>(y, first, count, seed);
}

/// In sweeps of 512 rows or columns, whichever are fewer.
template <class C, class Y>
SparsityPattern pattern_of(const ScalarTrace<C>& trace, const Y& y, std::size_t columns)
{
    const bool by_rows = trace.has_whole_blocks() || y.size() <= columns;
    const std::size_t all = by_rows ? y.size() : columns;
    std::vector<SparsityPattern::Entry> entries;
    for (std::size_t first = 0; first < all; first += IndexSet::size) {
        const auto sets = sweep_as<IndexSet>(trace, y, by_rows ? Coloured::rows : Coloured::columns, first,
                                             std::min(IndexSet::size, all - first), IndexSet::of);
        for (std::size_t other = 0; other < sets.size(); ++other)
            sets[other].for_each([&](std::size_t i) {
                if (by_rows) entries.push_back({first + i, other});
                else entries.push_back({other, first + i});
            });
    }
    return {y.size(), columns, std::move(entries)};
}

/// The sweeps of all colours, eight at a time. mark(i, lane) is what row (or column) i has in the lane of its
/// colour.
template <class A>
class ColourSweeps {
public:
    static constexpr std::size_t width = 8;

    template <class C, class Y, class Mark>
    ColourSweeps(const ScalarTrace<C>& trace, const Y& y, const SparsePlan& plan, Mark mark) : plan_(plan)
    {
        for (std::size_t first = 0; first < plan.colour_count(); first += width)
            sweeps_.push_back(
                sweep_as<A>(trace, y, plan.coloured(), 0, plan.colours().size(), [&](std::size_t i) {
                    const std::size_t lane = plan.colours()[i] - first;
                    return lane < width ? mark(i, lane) : A{};
                }));
    }

    struct Place {
        A& number;
        std::size_t lane;
    };
    /// Where an entry is to be found.
    Place operator[](const SparsityPattern::Entry& entry)
    {
        const bool is_by_rows = plan_.coloured() == Coloured::rows;
        const std::size_t colour = plan_.colours()[is_by_rows ? entry.row : entry.column];
        return {sweeps_[colour / width][is_by_rows ? entry.column : entry.row], colour % width};
    }
    const std::vector<std::vector<A>>& all() const { return sweeps_; }

private:
    const SparsePlan& plan_;
    std::vector<std::vector<A>> sweeps_;
};

[[noreturn]] void throw_not_in_pattern(const char* op, Coloured coloured, std::size_t other);
void require_size(const char* op, const SparsityPattern& pattern, std::size_t rows, std::size_t columns);

/// That the pattern at this x is within the plan's. Every column gathers, for each colour, whose entry it
/// has: it must be that of the one row which has an entry there in the plan.
template <class C, class Y>
void require_within(const char* op, const ScalarTrace<C>& trace, const Y& y, const SparsePlan& plan)
{
    const auto name = [](std::size_t i) { return static_cast<std::uint32_t>(i + 1); };
    ColourSweeps<Owners> owners(trace, y, plan, [&](std::size_t i, std::size_t lane) {
        Owners one;
        one.of[lane] = name(i);
        return one;
    });
    for (const auto& entry : plan.pattern().entries()) {
        const auto [found, lane] = owners[entry];
        const std::size_t i = plan.coloured() == Coloured::rows ? entry.row : entry.column;
        if (found.of[lane] == name(i)) found.of[lane] = Owners::none;
    }
    for (const auto& sweep : owners.all())
        for (std::size_t other = 0; other < sweep.size(); ++other)
            if (!contributes_nothing(sweep[other])) throw_not_in_pattern(op, plan.coloured(), other);
}

template <class C, class Y>
auto sparse_values(const ScalarTrace<C>& trace, const Y& y, const SparsePlan& plan)
{
    using T = typename C::value_type;
    ColourSweeps<Batch<T, lanes<T>>> sweeps(
        trace, y, plan, [](std::size_t, std::size_t lane) { return dual(T{}, lane).tangent; });
    std::vector<T> values;
    values.reserve(plan.pattern().entry_count());
    for (const auto& entry : plan.pattern().entries()) {
        const auto [number, lane] = sweeps[entry];
        values.push_back(number.lanes[lane]);
    }
    return SparseMatrix<T>{plan.pattern(), std::move(values)};
}

template <class F, class C>
auto sparse_jacobian(const char* op, F&& f, const C& x, const SparsePlan& plan)
{
    const ScalarTrace<C> trace(x);
    const auto y = trace.run(f);
    require_size(op, plan.pattern(), y.size(), x.size());
    if (trace.has_whole_blocks() && plan.coloured() == Coloured::columns) {  // which go backwards only
        const SparsePlan by_rows(plan.pattern(), Coloured::rows);
        require_within(op, trace, y, by_rows);
        return sparse_values(trace, y, by_rows);
    }
    require_within(op, trace, y, plan);
    return sparse_values(trace, y, plan);
}

/// ∇f, as a function to be differentiated.
template <class F>
auto gradient_of(F& f)
{
    return [&f](const auto& x) { return gradient(f, x); };
}

}  // namespace detail

/// Where J has entries, for a function from a container of numbers to a container of numbers. One recording,
/// and a sweep over it for every 512 rows or columns, whichever are fewer.
template <class F, FloatingContainer C>
SparsityPattern jacobian_pattern(F&& f, const C& x)
{
    const ScalarTrace<C> trace(x);
    return detail::pattern_of(trace, trace.run(f), x.size());
}

/// J[i][j] = ∂yᵢ/∂xⱼ, with an entry wherever the plan has one. One recording, and two sweeps over it for
/// every eight colours: one that computes, and one that makes sure that there is nothing outside the plan.
/// @throws DomainError if the pattern at x is not within the plan's, ShapeError if the sizes differ.
template <class F, FloatingContainer C>
auto sparse_jacobian(F&& f, const C& x, const SparsePlan& plan)
{
    return detail::sparse_jacobian("sparse_jacobian", f, x, plan);
}
/// The same without a plan: one is made of the pattern at x.
template <class F, FloatingContainer C>
auto sparse_jacobian(F&& f, const C& x)
{
    const ScalarTrace<C> trace(x);
    const auto y = trace.run(f);
    SparsityPattern pattern = detail::pattern_of(trace, y, x.size());
    return detail::sparse_values(trace, y,
                                 trace.has_whole_blocks() ? SparsePlan(std::move(pattern), Coloured::rows)
                                                          : SparsePlan(std::move(pattern)));
}

/// Where H has entries, for a function from a container of numbers to a number: the pattern of its gradient's
/// Jacobian.
template <class F, FloatingContainer C>
SparsityPattern hessian_pattern(F&& f, const C& x)
{
    return jacobian_pattern(detail::gradient_of(f), x);
}

/// H[i][j] = ∂²f/∂xᵢ∂xⱼ, with an entry wherever the plan has one: the sparse Jacobian of the gradient, which
/// is recorded. Symmetry is not made use of.
/// @throws DomainError if the pattern at x is not within the plan's, ShapeError if the sizes differ.
template <class F, FloatingContainer C>
auto sparse_hessian(F&& f, const C& x, const SparsePlan& plan)
{
    return detail::sparse_jacobian("sparse_hessian", detail::gradient_of(f), x, plan);
}
/// The same without a plan: one is made of the pattern at x.
template <class F, FloatingContainer C>
auto sparse_hessian(F&& f, const C& x)
{
    return sparse_jacobian(detail::gradient_of(f), x);
}

}  // namespace autodiff
