#pragma once

// map: an elementwise op of each element of ranges of numbers, vectorised.
//
//     y = map(op, x, y…)     [op(x₀, y₀…), op(x₁, y₁…), …]

#include <autodiff/error.hpp>
#include <autodiff/numbers/known_directions.hpp>
#include <autodiff/transforms/ranges.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace autodiff {

namespace detail {

/// What a map has found on its way.
struct MapFindings {
    bool is_broken = false;  // a range of recorded numbers is not a run
    bool has_nan = false;    // among the partials
};

/// An elementwise op's values, and its partials with respect to K of the arguments, one list after the other,
/// in batches of so many lanes. Each argument is a Run or Values; its direction is K for constants.
template <int lanes, std::size_t K, std::size_t... Direction, class Rule, class T, class... X>
[[gnu::always_inline]] inline MapFindings map_lanes(std::index_sequence<Direction...>, const Rule& op,
                                                    std::size_t count, T* y, T* partials, X... x)
{
    using B = Batch<T, lanes>;
    Mask<T, lanes> is_broken, has_nan;
    const auto evaluate = [&](T* to_y, T* to_partials, std::size_t stride, const auto&... batch) {
        if constexpr (K == 0) lift<B>(op(batch...)).store(to_y);
        else {
            using V = KnownDirections<B, K>;
            using D = Dual<B, V>;
            const D result = lift<D>(op(D(batch, V::unit(Direction))...));
            result.value.store(to_y);
            for (std::size_t k = 0; k < K; ++k) {
                const B& partial = result.tangent.of[k];
                has_nan = has_nan || partial != partial;
                partial.store(to_partials + k * stride);
            }
        }
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        evaluate(y + i, partials + i, count, x.template load<lanes>(i, is_broken)...);
    bool is_rest_broken = false;
    if (i < count) {  // filled up with the last one
        const auto rest = [&](const auto& of) {
            B batch;
            for (int lane = 0; lane < lanes; ++lane)
                batch.lanes[lane] =
                    of.load(std::min(i + static_cast<std::size_t>(lane), count - 1), is_rest_broken);
            return batch;
        };
        T rest_y[lanes], rest_partials[std::max<std::size_t>(K, 1) * lanes];
        evaluate(rest_y, rest_partials, lanes, rest(x)...);
        std::copy_n(rest_y, count - i, y + i);
        for (std::size_t k = 0; k < K; ++k)
            std::copy_n(rest_partials + k * lanes, count - i, partials + k * count + i);
    }
    return {is_rest_broken || any(is_broken), any(has_nan)};
}

/// The same for the best instruction set, from a Read or Run of each argument.
template <std::size_t K, class Rule, class T>
MapFindings map_read(auto direction, const Rule& op, Kept<T>& y, Kept<T>& partials, const auto&... of)
{
    MapFindings found;
    for_instruction_set([&](auto bytes) {
        found = map_lanes<lanes_of<T, bytes()>, K>(direction, op, y.size(), y.data(), partials.data(),
                                                   of.source()...);
    });
    return found;
}
/// The same if all that are recorded are runs, and their nodes.
template <std::size_t K, class Rule, class T>
MapFindings map_runs(auto direction, const Rule& op, Kept<T>& y, Kept<T>& partials,
                     std::array<Nodes, K>& nodes, const auto&... of)
{
    constexpr std::size_t many = 32;  // fewer are not worth a block
    std::size_t k = 0;
    bool may_be_runs = y.size() >= many;
    const auto look_at = [&](const auto& range) {
        if constexpr (requires { range.may_be_one(); }) {
            may_be_runs &= range.may_be_one();
            nodes[k++] = Nodes(y.size(), range.first(), range.step());
        }
    };
    (look_at(of), ...);
    return may_be_runs ? map_read<K>(direction, op, y, partials, of...) : MapFindings{.is_broken = true};
}

/// The block of map: result i depends on the i-th number of each list, by partials that are kept.
template <class T, std::size_t K>
class Mapping final : public BlockMap<T> {
public:
    Mapping(std::array<Nodes, K> nodes, Kept<T> partials)
        : nodes_(std::move(nodes)), partials_(std::move(partials))
    {
    }

    void pull(T* adjoint, Node first, Products) const override
    {
        constexpr std::size_t at_once = 512;  // which stay in cache
        for (std::size_t i = 0; i < count(); i += at_once) {
            const std::span<T> y_bar(adjoint + first + i, std::min(at_once, count() - i));
            for (std::size_t k = 0; k < K; ++k)
                nodes_[k].add_products(adjoint, std::span<const T>(y_bar), partials_.data() + k * count() + i,
                                       i);
            std::ranges::fill(y_bar, T{});
        }
    }
    void append_arguments(std::vector<Node>& nodes) const override
    {
        for (const Nodes& list : nodes_) list.append_to(nodes);
    }
    bool has_links() const override { return true; }
    void append_links(std::size_t i, std::vector<Node>& arguments, std::vector<T>& partials) const override
    {
        for (std::size_t k = 0; k < K; ++k) {
            arguments.push_back(nodes_[k][i]);
            partials.push_back(partials_[k * count() + i]);
        }
    }
    std::size_t bytes() const override
    {
        std::size_t total = sizeof(*this) + partials_.size() * sizeof(T);
        for (const Nodes& list : nodes_) total += list.bytes();
        return total;
    }

private:
    std::size_t count() const { return nodes_[0].size(); }

    std::array<Nodes, K> nodes_;
    Kept<T> partials_;
};

/// A statement for each of y, whose arguments have these nodes.
template <class X, class T, std::size_t... Direction>
std::vector<X> statements(std::span<const T> y, const T* partials,
                          const std::array<const Nodes*, sizeof...(Direction)>& nodes,
                          std::index_sequence<Direction...>)
{
    constexpr std::size_t direction[] = {Direction...};
    Recorder<ScalarSpace<T>>& now = recorder<ScalarSpace<T>>;
    now.end_growth();
    std::vector<X> results;
    results.reserve(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
        bool depends = false;
        for (std::size_t r = 0; r < nodes.size(); ++r) {
            const Node node = (*nodes[r])[i];
            if (node == no_node) continue;
            if (!depends) now.tape->make_room(nodes.size());
            now.tape->write_link(node, partials[direction[r] * y.size() + i]);
            depends = true;
        }
        if (depends) results.emplace_back(y[i], now.session, now.tape->end_statement());
        else results.emplace_back(y[i]);
    }
    return results;
}

/// A range as map reads it first.
template <class T, class X>
using RunOrRead = std::conditional_t<is_scalar<X>, Run<T>, Read<T, X>>;

/// The direction of each argument X…, from 0 on for those that may be recorded.
template <class... X>
constexpr auto directions_of()
{
    constexpr std::array<bool, sizeof...(X)> is_one{is_scalar<X>...};
    constexpr std::size_t all = (is_scalar<X> + ...);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return std::index_sequence<(
            is_one[I] ? static_cast<std::size_t>(std::count(is_one.begin(), is_one.begin() + I, true))
                      : all)...>();
    }(std::index_sequence_for<X...>{});
}

}  // namespace detail

/// [op(x₀, y₀…), op(x₁, y₁…), …] for an elementwise op (elementwise.hpp) and ranges of one size: one
/// vectorised pass for values and derivatives, so the op may not branch on values, but where() may. The
/// results are one block if there are many, of variables, results of another map, or other numbers that were
/// recorded at equal distances; else they are a statement each.
///
///     constexpr auto swish = elementwise("swish", [](auto x) { return x / (1 + exp(-x)); });
///     auto y = map(swish, x);
///
/// @throws ShapeError if the ranges differ in size.
template <class Rule, NumberRange... R>
    requires(sizeof...(R) > 0)
auto map(const Rule& op, const R&... x)
{
    static_assert(
        requires { op.name; },
        "autodiff: map takes an elementwise op: elementwise(\"name\", f) makes one of f");
    using X = Deepest<std::ranges::range_value_t<R>...>;
    using T = typename detail::Plain<X>::type;
    const std::size_t sizes[] = {std::ranges::size(x)...}, count = sizes[0];
    for (const std::size_t size : sizes) detail::require_same_size("map", count, size);
    const auto one_by_one = [&] {
        std::vector<std::conditional_t<detail::is_scalar<X>, X, T>> y;
        y.reserve(count);
        for (std::size_t i = 0; i < count; ++i)
            y.push_back(op(lift<Deepest<T, X>>(std::ranges::data(x)[i])...));
        return y;
    };
    constexpr std::size_t K = (detail::is_scalar<std::ranges::range_value_t<R>> + ...);
    if constexpr (!std::floating_point<T> || K > 32) return one_by_one();
    else {
        if (detail::watch) [[unlikely]]  // looks at each op
            return one_by_one();
        constexpr auto direction = detail::directions_of<std::ranges::range_value_t<R>...>();
        detail::Kept<T> y(count), partials(K * count);
        if constexpr (K == 0) {
            detail::map_read<K>(direction, op, y, partials,
                                detail::Read<T, std::ranges::range_value_t<R>>(op.name, x)...);
            return std::vector<T>(y.data(), y.data() + count);
        } else {
            std::array<detail::Nodes, K> nodes;
            const auto found =
                detail::map_runs<K>(direction, op, y, partials, nodes,
                                    detail::RunOrRead<T, std::ranges::range_value_t<R>>(op.name, x)...);
            if (!found.is_broken && !found.has_nan)
                return detail::block<T>(
                    y, std::make_unique<detail::Mapping<T, K>>(std::move(nodes), std::move(partials)));
            const auto by_nodes = [&](const auto&... of) {
                // A zero may have met an infinity.
                if (detail::map_read<K>(direction, op, y, partials, of...).has_nan) return one_by_one();
                return detail::statements<X>(y.all(), partials.data(), {&of.nodes()...}, direction);
            };
            return by_nodes(detail::Read<T, std::ranges::range_value_t<R>>(op.name, x)...);
        }
    }
}

}  // namespace autodiff
